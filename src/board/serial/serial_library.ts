/**
 * The functions of the C library that a serial port needs, as they are: errors are -1 here.
 *
 * Every call but `poll` is synchronous: descriptors do not block, and errno is right only then. A
 * count is read as 32 bits: no call here moves 2 GiB, and -1 stays -1.
 *
 * @module
 */
import { ERRNO_SYMBOLS } from "../../libc/errno.ts";
import { openLibc } from "../../libc/open_libc.ts";
import type { Request } from "./platform.ts";

const POLL = ["buffer", "usize", "i32"] as const;
/**
 * Six registers are left to whom a variadic function is declared with two arguments. Filled up,
 * what comes then is on the stack, where Apple's ARM looks for it.
 */
const FILLED = ["usize", "usize", "usize", "usize", "usize", "usize"] as const;

const SYMBOLS = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  read: { parameters: ["i32", "buffer", "usize"], result: "i32" },
  write: { parameters: ["i32", "buffer", "usize"], result: "i32" },
  poll: { parameters: POLL, result: "i32", nonblocking: true },
  pollAtOnce: { name: "poll", parameters: POLL, result: "i32" },
  pipe: { parameters: ["buffer"], result: "i32" },
  flock: { parameters: ["i32", "i32"], result: "i32" },
  /** Linux, from glibc 2.28 on. */
  statx: {
    parameters: ["i32", "buffer", "i32", "u32", "buffer"],
    result: "i32",
    optional: true,
  },
  fcntl: { parameters: ["i32", "i32", "usize"], result: "i32" },
  ioctl: { parameters: ["i32", "usize", "buffer"], result: "i32" },
  ioctlValue: { name: "ioctl", parameters: ["i32", "usize", "usize"], result: "i32" },
  fcntlOnStack: { name: "fcntl", parameters: ["i32", "i32", ...FILLED, "usize"], result: "i32" },
  ioctlOnStack: { name: "ioctl", parameters: ["i32", "usize", ...FILLED, "buffer"], result: "i32" },
  ioctlValueOnStack: {
    name: "ioctl",
    parameters: ["i32", "usize", ...FILLED, "usize"],
    result: "i32",
  },
  ...ERRNO_SYMBOLS,
} as const;

/** The functions themselves. */
export type SerialSymbols = Deno.StaticForeignLibraryInterface<typeof SYMBOLS>;

/** Relative to the working directory. */
const AT_FDCWD = -100;
const STATX_INO = 0x100;
/** `struct statx`, the same on every processor: inode at 32, device at 128, its system's at 136. */
const STATX_BYTES = 256;
/** The major numbers that Linux gives to pseudo terminals. */
const PTS_MAJOR = 136;
const PTS_MAJORS = 8;

const F_SETFD = 2;
const FD_CLOEXEC = 1n;
const SIX = [0n, 0n, 0n, 0n, 0n, 0n] as const;

/** A device file. */
export interface DeviceFile {
  /** As /proc/locks names it: `00:05:131`, file system and inode; null when not known. */
  readonly lockId: string | null;
  /** Whether a program is at its other end, and no hardware. */
  readonly isPseudo: boolean;
}

/** The C library, open. */
export class SerialLibrary implements Disposable {
  readonly symbols: SerialSymbols;
  readonly #library: Deno.DynamicLibrary<typeof SYMBOLS>;
  readonly #onStack: boolean;

  /**
   * @param hasVariadicStack as the platform says
   * @throws {FandError} naming the flag that is missing
   */
  constructor(hasVariadicStack: boolean) {
    this.#library = openLibc(SYMBOLS);
    this.symbols = this.#library.symbols;
    this.#onStack = hasVariadicStack;
  }

  /** `ioctl`. */
  request(fd: number, { code, argument }: Request): number {
    const { symbols } = this;
    if (typeof argument === "bigint") {
      if (this.#onStack) return symbols.ioctlValueOnStack(fd, code, ...SIX, argument);
      return symbols.ioctlValue(fd, code, argument);
    }
    if (this.#onStack) return symbols.ioctlOnStack(fd, code, ...SIX, argument);
    return symbols.ioctl(fd, code, argument);
  }

  /** Keeps a descriptor from the processes that this one starts. */
  keepFromChildren(fd: number): void {
    if (this.#onStack) this.symbols.fcntlOnStack(fd, F_SETFD, ...SIX, FD_CLOEXEC);
    else this.symbols.fcntl(fd, F_SETFD, FD_CLOEXEC);
  }

  /** What a device file is; nothing is known where the system has no way to tell. */
  deviceFile(path: Uint8Array<ArrayBuffer>): DeviceFile {
    const found = new DataView(new ArrayBuffer(STATX_BYTES));
    const { statx } = this.symbols;
    if (!statx || statx(AT_FDCWD, path, 0, STATX_INO, found) < 0) {
      return { lockId: null, isPseudo: false };
    }
    const number = (at: number): number => found.getUint32(at, true);
    const hex = (at: number): string => number(at).toString(16).padStart(2, "0");
    return {
      lockId: `${hex(136)}:${hex(140)}:${found.getBigUint64(32, true)}`,
      isPseudo: number(128) >= PTS_MAJOR && number(128) < PTS_MAJOR + PTS_MAJORS,
    };
  }

  /** Closes the library: nothing may be under way. */
  [Symbol.dispose](): void {
    this.#library.close();
  }
}
