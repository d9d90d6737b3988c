/**
 * What differs from one operating system to the next: numbers, and the layout of `termios`.
 *
 * @module
 */
import { LINUX } from "./linux.ts";
import { MACOS } from "./macos.ts";
import { SerialError } from "./serial_error.ts";
import type { SerialSettings } from "./serial_options.ts";

/** One call of `ioctl`: what it is told, or where it writes its answer. */
export interface Request {
  readonly code: bigint;
  /** A number that is passed as it is, or bytes that are pointed at. */
  readonly argument: bigint | Uint8Array<ArrayBuffer>;
}

/** How the line is set up, as far as the system tells. */
export interface LineMode {
  /** Null where the system does not tell. */
  readonly baudRate: number | null;
  readonly dataBits: number;
  readonly parity: SerialSettings["parity"];
}

/** Everything about a system that this driver has to know. */
export interface Platform {
  /** Read and write, not blocking, not our terminal, not for our children. */
  readonly openFlags: number;
  /** Error numbers. EWOULDBLOCK is EAGAIN on both. */
  readonly errno: Readonly<Record<"again" | "notSerial", number>>;
  /** Codes of requests without an answer in bytes, or with one `int`. */
  readonly request: Readonly<
    Record<
      | "exclusive"
      | "notExclusive"
      | "startBreak"
      | "stopBreak"
      | "getModemLines"
      | "raiseModemLines"
      | "dropModemLines"
      | "countOutput",
      bigint
    >
  >;
  /** Tells whether another process claimed the port; null where there is no such request. */
  readonly getExclusive: bigint | null;
  /** Tells whether the last bit has left the hardware; null where there is no such request. */
  readonly getLineStatus: bigint | null;
  /** Throws away what is buffered. */
  flush(input: boolean, output: boolean): Request;
  /** Sets the line up, in this order: raw, as told, not hanging up when it is closed. */
  configure(settings: SerialSettings): readonly Request[];
  /** Where the system writes how the line is set up. */
  readonly getMode: { readonly code: bigint; readonly bytes: number };
  /** Reads that. */
  decodeMode(termios: Uint8Array): LineMode;
  /**
   * Whether arguments beyond the declared ones are passed on the stack: `ioctl` and `fcntl` are
   * variadic, and on Apple's ARM that makes a difference.
   */
  readonly hasVariadicStack: boolean;
}

/** What `poll` is asked for and answers, the same on Linux and macOS. */
export const POLL = { in: 0x01, out: 0x04, error: 0x08, hangUp: 0x10, invalid: 0x20 };

/**
 * This system.
 *
 * @throws {SerialError} `unsupported`
 */
export function currentPlatform(os: string = Deno.build.os): Platform {
  if (os === "linux") return LINUX;
  if (os === "darwin") return MACOS;
  const name = os === "windows" ? "Windows" : os;
  throw new SerialError(
    `Cannot use serial ports: this is ${name}, and the driver knows Linux and macOS only; ` +
      "reach the port from another machine, over TCP",
    "unsupported",
  );
}
