/**
 * Small files, directories and process groups through the C library.
 *
 * What the kernel answers from memory (open, list, resolve, close) is called synchronously, so
 * that errno can be read at once. Reading and writing are not: a driver may take seconds for a
 * value (a disk that spins up), and that must not stop the event loop. They therefore run on
 * another thread, where their errno is out of reach, and cannot be called off: they end when the
 * driver answers.
 *
 * @module
 */
import { FandError } from "../errors.ts";
import { ERRNO_SYMBOLS, errnoText, lastErrno } from "./errno.ts";
import { openLibc } from "./open_libc.ts";

const SYMBOLS = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize", nonblocking: true },
  write: { parameters: ["i32", "buffer", "usize"], result: "isize", nonblocking: true },
  writeNow: { name: "write", parameters: ["i32", "buffer", "usize"], result: "isize" },
  close: { parameters: ["i32"], result: "i32" },
  getdents64: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  realpath: { parameters: ["buffer", "buffer"], result: "pointer" },
  kill: { parameters: ["i32", "i32"], result: "i32" },
  ...ERRNO_SYMBOLS,
} as const;

const O_RDONLY = 0;
const O_WRONLY = 1;
const O_TRUNC = 0o1000;
const O_NOCTTY = 0o400;
const O_NONBLOCK = 0o4000;
const O_CLOEXEC = 0o2000000;
/** Without O_NONBLOCK, opening a named pipe would stop this process until somebody writes to it. */
const OPEN_FLAGS = O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
/** As a shell's `>` opens a file, but only one that is there. */
const WRITE_FLAGS = O_WRONLY | O_TRUNC | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
const ACCESS_FLAGS = O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;

const PATH_MAX = 4096;
const DIRECTORY_BYTES = 32_768;
/** More entries than any directory of /sys has: the list of a runaway one stays bounded. */
const MAX_ENTRIES = 65_536;
const SIGKILL = 9;

type Library = Deno.DynamicLibrary<typeof SYMBOLS>;

/** A call of the C library that failed. */
export class LibcError extends FandError {
  /** The number that the C library gave; null when it was lost on another thread. */
  readonly errno: number | null;
  constructor(message: string, errno: number | null) {
    super(message);
    this.errno = errno;
  }
}

/**
 * The C library, opened when first needed and closed with `dispose`. Every method throws
 * {@link FandError} when the library cannot be opened.
 */
export class Libc implements Disposable {
  #library: Library | null = null;
  /** Reads and writes under way: the library must not go away under them. */
  #calls = 0;
  #disposed = false;

  /**
   * The content of a small file.
   *
   * @throws {LibcError} when it cannot be read, or holds more than `maxBytes`
   */
  async readFile(path: string, maxBytes: number): Promise<Uint8Array> {
    const { symbols } = this.#open();
    const fd = symbols.open(cString(path), OPEN_FLAGS);
    if (fd < 0) throw this.#failure(`read "${path}"`);
    const buffer = new Uint8Array(maxBytes + 1);
    let length = 0;
    this.#calls++;
    try {
      while (length < buffer.length) {
        const rest = buffer.subarray(length);
        const count = Number(await symbols.read(fd, rest, BigInt(rest.length)));
        if (count < 0) {
          const text = `Cannot read "${path}": the driver answers with an error; ` +
            "look for it in the kernel's log";
          throw new LibcError(text, null);
        }
        if (count === 0) break;
        length += count;
      }
    } finally {
      symbols.close(fd);
      this.#calls--;
      this.#closeWhenUnused();
    }
    if (length <= maxBytes) return buffer.subarray(0, length);
    const text = `Cannot read "${path}": it holds more than ${maxBytes} bytes; name a smaller file`;
    throw new LibcError(text, null);
  }

  /**
   * Gives a file that is there a new content, all at once, which is how a driver takes a value.
   *
   * @throws {LibcError} when it cannot be opened, or the driver refuses the value
   */
  async writeFile(path: string, text: string): Promise<void> {
    const { symbols } = this.#open();
    const fd = symbols.open(cString(path), WRITE_FLAGS);
    if (fd < 0) throw this.#failure(`write "${path}"`);
    const bytes = new TextEncoder().encode(text);
    const isWhole = (count: number | bigint): boolean => Number(count) === bytes.length;
    this.#calls++;
    try {
      if (isWhole(await symbols.write(fd, bytes, BigInt(bytes.length)))) return;
      // Why not is told to the other thread only: asked once more, here, it is told to us.
      if (isWhole(symbols.writeNow(fd, bytes, BigInt(bytes.length)))) return;
      throw this.#failure(`write "${text}" to "${path}"`);
    } finally {
      symbols.close(fd);
      this.#calls--;
      this.#closeWhenUnused();
    }
  }

  /** Whether a file is there and may be written by this process; nothing of it is changed. */
  canWrite(path: string): boolean {
    const { symbols } = this.#open();
    const fd = symbols.open(cString(path), ACCESS_FLAGS);
    if (fd >= 0) symbols.close(fd);
    return fd >= 0;
  }

  /**
   * The names in a directory, without `.` and `..`, in no order.
   *
   * @throws {LibcError} when it cannot be listed
   */
  listDirectory(path: string): string[] {
    const { symbols } = this.#open();
    const fd = symbols.open(cString(path), OPEN_FLAGS);
    if (fd < 0) throw this.#failure(`list "${path}"`);
    const names: string[] = [];
    try {
      const buffer = new Uint8Array(DIRECTORY_BYTES);
      while (names.length < MAX_ENTRIES) {
        const length = Number(symbols.getdents64(fd, buffer, BigInt(buffer.length)));
        if (length < 0) throw this.#failure(`list "${path}"`);
        if (length === 0) break;
        takeNames(buffer.subarray(0, length), names);
      }
    } finally {
      symbols.close(fd);
    }
    return names;
  }

  /**
   * The absolute path of what `path` leads to, every link followed.
   *
   * @throws {LibcError} when it leads nowhere
   */
  realPath(path: string): string {
    const { symbols } = this.#open();
    const resolved = new Uint8Array(PATH_MAX);
    if (symbols.realpath(cString(path), resolved) === null) {
      throw this.#failure(`resolve "${path}"`);
    }
    return new TextDecoder().decode(resolved.subarray(0, resolved.indexOf(0)));
  }

  /** Kills the process group that `pid` leads; nothing happens when it is gone. */
  killGroup(pid: number): void {
    // kill(-1) and kill(0) mean every process and our own group.
    if (Number.isInteger(pid) && pid > 1) this.#open().symbols.kill(-pid, SIGKILL);
  }

  /** Closes the library, as soon as no read and no write is under way. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#closeWhenUnused();
  }

  #closeWhenUnused(): void {
    if (!this.#disposed || this.#calls > 0) return;
    this.#library?.close();
    this.#library = null;
  }

  #open(): Library {
    if (this.#disposed) throw new FandError("Cannot use the C library: it is closed; open another");
    return this.#library ??= openLibc(SYMBOLS);
  }

  /** To be called at once after a synchronous call: the next one may overwrite errno. */
  #failure(action: string): LibcError {
    const { symbols } = this.#open();
    const errno = lastErrno(symbols);
    const found = errnoText(symbols, errno);
    return new LibcError(`Cannot ${action}: ${found}; check the path and its permissions`, errno);
  }
}

function cString(text: string): Uint8Array<ArrayBuffer> {
  if (text.includes("\0")) {
    throw new LibcError("Cannot use a path: it holds a NUL character; remove it", null);
  }
  return new TextEncoder().encode(`${text}\0`);
}

/** Reads `struct linux_dirent64`: its length at 16, its name from 19 to a NUL. */
function takeNames(entries: Uint8Array, names: string[]): void {
  const view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength);
  const decoder = new TextDecoder();
  let at = 0;
  while (at + 19 < entries.length) {
    const size = view.getUint16(at + 16, true);
    const name = entries.subarray(at + 19, at + size);
    const text = decoder.decode(name.subarray(0, name.indexOf(0)));
    if (text !== "." && text !== "..") names.push(text);
    at += size;
  }
}
