/**
 * A serial device that is open: one descriptor, its settings, its modem lines. Every method but
 * `poll` returns at once.
 *
 * @module
 */
import { lastErrno } from "../../libc/errno.ts";
import {
  inputSignals,
  linesAt,
  type SerialInputSignals,
  type SerialOutputSignals,
} from "./modem_lines.ts";
import { type Platform, POLL, type Request } from "./platform.ts";
import { SerialError } from "./serial_error.ts";
import type { SerialLibrary } from "./serial_library.ts";
import type { SerialSettings } from "./serial_options.ts";
import { systemFailure } from "./system_failure.ts";
import type { Wake } from "./wake.ts";

/** As long as a `poll` lasts when nothing happens and nobody calls. */
const POLL_MS = 100;
/** More than the kernel has at once. */
const READ_BYTES = 65_536;
const WRITE_BYTES = 4096;
const EINTR = 4;
/** How far the speed that the hardware makes may be from the one that was asked for. */
const BAUD_TOLERANCE = 0.03;
/** Of the line status: nothing is left to send, not even in the hardware. */
const TRANSMITTER_EMPTY = 1;

/** What fails here is no serial port at all; elsewhere it only lacks something. */
const SET_UP = "set up";

/** An open descriptor; this object owns it and what it was opened with. */
export class SerialDevice {
  readonly path: string;
  readonly #library: SerialLibrary;
  readonly #platform: Platform;
  readonly #fd: number;
  readonly #wake: Wake;
  readonly #polled = new Int32Array(4);
  readonly #input = new Uint8Array(READ_BYTES);
  readonly #output = new Uint8Array(WRITE_BYTES);
  readonly #int = new Int32Array(1);
  /** Why it cannot be used any more. */
  #end: SerialError | null = null;

  /** @param fd open with the platform's flags, and locked. */
  constructor(
    path: string,
    fd: number,
    wake: Wake,
    library: SerialLibrary,
    platform: Platform,
  ) {
    this.path = path;
    this.#fd = fd;
    this.#wake = wake;
    this.#library = library;
    this.#platform = platform;
  }

  /**
   * Sets the line up, and makes sure that it is what was asked for.
   * @throws {SerialError} also when the driver made something else of it
   */
  configure(settings: SerialSettings): void {
    const { configure, getMode, decodeMode } = this.#platform;
    for (const request of configure(settings)) this.#request(request, SET_UP);
    const termios = new Uint8Array(getMode.bytes);
    this.#request({ code: getMode.code, argument: termios }, SET_UP);
    const { baudRate, dataBits, parity } = decodeMode(termios);
    const wanted = settings.baudRate;
    if (baudRate !== null && Math.abs(baudRate - wanted) > wanted * BAUD_TOLERANCE) {
      throw this.#cannotMake(`${wanted} baud`, `${baudRate} baud`);
    }
    if (dataBits !== settings.dataBits) {
      throw this.#cannotMake(`${settings.dataBits} data bits`, `${dataBits} data bits`);
    }
    if (parity !== settings.parity) {
      throw this.#cannotMake(`parity ${settings.parity}`, `parity ${parity}`);
    }
  }

  /**
   * Waits until one of `events` (of `POLL`), the end of the device, a call of
   * {@link SerialDevice.wake} or 100 ms have come.
   * @returns what has come; 0 when nothing has
   */
  async poll(events: number): Promise<number> {
    const { symbols } = this.#library;
    const polled = this.#polled;
    polled.set([this.#fd, events, this.#wake.fd, POLL.in]);
    if (await symbols.poll(polled, 2n, POLL_MS) < 0) {
      // Which error it was is lost on another thread: the same call here tells.
      if (symbols.pollAtOnce(polled, 2n, 0) < 0) this.#throwUnless(EINTR, "watch");
    }
    if ((polled[3] ?? 0) >>> 16 !== 0) this.#wake.answer();
    return (polled[1] ?? 0) >>> 16;
  }

  /** Ends the {@link SerialDevice.poll} of now, or the next one. */
  wake(): void {
    if (!this.#end) this.#wake.call();
  }

  /**
   * What has arrived; null while nothing has.
   * @throws {SerialError} `unplugged` when nothing will any more
   */
  read(): Uint8Array<ArrayBuffer> | null {
    this.#check();
    const { symbols } = this.#library;
    const count = symbols.read(this.#fd, this.#input, BigInt(READ_BYTES));
    if (count > 0) return this.#input.slice(0, count);
    if (count === 0) throw unpluggedError(this.path);
    this.#throwUnless(this.#platform.errno.again, "read from");
    return null;
  }

  /**
   * Hands bytes to the system.
   * @returns how many it has taken: maybe not all, maybe none
   * @throws {SerialError}
   */
  write(bytes: Uint8Array): number {
    this.#check();
    const some = bytes.subarray(0, WRITE_BYTES);
    this.#output.set(some);
    const { symbols } = this.#library;
    const count = symbols.write(this.#fd, this.#output, BigInt(some.length));
    if (count >= 0) return count;
    this.#throwUnless(this.#platform.errno.again, "write to");
    return 0;
  }

  /**
   * Whether everything that was handed over is sent: by the system, and, where the driver tells,
   * by the hardware as well.
   * @throws {SerialError}
   */
  get isSent(): boolean {
    const { countOutput } = this.#platform.request;
    if (this.#ask(countOutput, "drain") > 0) return false;
    const { getLineStatus } = this.#platform;
    if (getLineStatus === null) return true;
    this.#int[0] = 0;
    const isTold = this.#library.request(this.#fd, this.#intRequest(getLineStatus)) === 0;
    return !isTold || ((this.#int[0] ?? 0) & TRANSMITTER_EMPTY) !== 0;
  }

  /** Throws away what has arrived and is not read, what is not sent yet, or both. */
  flush(input: boolean, output: boolean): void {
    this.#request(this.#platform.flush(input, output), "flush");
  }

  /** The lines that the other side drives. */
  getSignals(): SerialInputSignals {
    return inputSignals(
      this.#ask(this.#platform.request.getModemLines, "read the modem lines of"),
    );
  }

  /** Drives the lines of this side. */
  setSignals(signals: SerialOutputSignals): void {
    const { request } = this.#platform;
    const drive = (code: bigint, mask: number): void => {
      if (mask === 0) return;
      const argument = new Uint8Array(Int32Array.of(mask).buffer);
      this.#request({ code, argument }, "drive the modem lines of");
    };
    drive(request.raiseModemLines, linesAt(true, signals));
    drive(request.dropModemLines, linesAt(false, signals));
    if (signals.break === undefined) return;
    const code = signals.break ? request.startBreak : request.stopBreak;
    this.#request({ code, argument: 0n }, "send a break on");
  }

  /**
   * Gives the device back; nothing may be in {@link SerialDevice.poll}. Never throws, and never
   * waits for bytes that are not sent.
   * @param reason what every later call throws
   */
  close(reason: SerialError): void {
    if (this.#end) return;
    this.#end = reason;
    const { request, flush } = this.#platform;
    // Closing waits for what is not sent, half a minute if need be, and this thread with it.
    this.#library.request(this.#fd, flush(false, true));
    this.#library.request(this.#fd, { code: request.notExclusive, argument: 0n });
    this.#library.symbols.close(this.#fd);
    this.#wake.close();
    this.#library[Symbol.dispose]();
  }

  #check(): void {
    if (this.#end) throw this.#end;
  }

  /** A request whose answer is one `int`. */
  #ask(code: bigint, action: string): number {
    this.#int[0] = 0;
    this.#request(this.#intRequest(code), action);
    return this.#int[0] ?? 0;
  }

  #intRequest(code: bigint): Request {
    return { code, argument: new Uint8Array(this.#int.buffer) };
  }

  #request(request: Request, action: string): void {
    this.#check();
    if (this.#library.request(this.#fd, request) >= 0) return;
    const errno = lastErrno(this.#library.symbols);
    if (errno !== this.#platform.errno.notSerial || action === SET_UP) {
      throw this.#failure(action, errno);
    }
    const text = `Cannot ${action} "${this.path}": this kind of port has none; do without`;
    throw new SerialError(text, "unsupported", errno);
  }

  #throwUnless(harmless: number, action: string): void {
    const errno = lastErrno(this.#library.symbols);
    if (errno !== harmless && errno !== EINTR) throw this.#failure(action, errno);
  }

  #failure(action: string, errno: number): SerialError {
    const error = systemFailure(this.#library, `${action} "${this.path}"`, errno);
    // It was there when it was opened.
    return error.reason === "absent" ? unpluggedError(this.path, errno) : error;
  }

  #cannotMake(wanted: string, made: string): SerialError {
    return new SerialError(
      `Cannot set up "${this.path}" with ${wanted}: its driver makes that ${made}; ` +
        "choose what the hardware can do",
      "unsupported",
    );
  }
}

/** The device has gone away while it was in use. */
export function unpluggedError(path: string, errno: number | null = null): SerialError {
  return new SerialError(
    `Cannot use "${path}": it was unplugged; plug it in and open it again`,
    "unplugged",
    errno,
  );
}

/** The device has been given back. */
export function closedError(path: string): SerialError {
  return new SerialError(`Cannot use "${path}": it is not open; open it`, "closed");
}
