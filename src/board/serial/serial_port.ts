/**
 * A serial port in the shape of Web Serial, on Linux and macOS, through the C library.
 *
 * @module
 */
import { describePort, findPort } from "./list_ports.ts";
import { openDevice } from "./open_device.ts";
import type { SerialInputSignals, SerialOutputSignals } from "./modem_lines.ts";
import { closedError } from "./serial_device.ts";
import { SerialError } from "./serial_error.ts";
import { type SerialOptions, serialSettings } from "./serial_options.ts";
import { plainPort, type SerialPortInfo } from "./serial_port_info.ts";
import { SerialSession } from "./serial_session.ts";

/**
 * A serial port. What Web Serial has is called and works as there; what differs:
 *
 * - a port is made from its name, and {@linkcode listPorts} tells the names; nobody is asked;
 * - `close` also ends streams that a reader or a writer still holds, and never fails;
 * - `drain` and `flush` are there, and it works with `await using`;
 * - errors are {@linkcode SerialError}s, with a `reason` to branch on.
 *
 * While it is open nobody else can open it, and the program does not end: close it.
 *
 * @example Ask a device something, wherever it is plugged in
 * ```ts
 * import { SerialError, SerialPort } from "../../../mod.ts";
 *
 * try {
 *   await using port = new SerialPort("usb-2341:0043:75830303934351F0D1A2");
 *   await port.open({ baudRate: 250_000 });
 *   await port.writable?.getWriter().write(new TextEncoder().encode("?\n"));
 *   console.log(await port.readable?.getReader().read());
 * } catch (error) {
 *   if (!(error instanceof SerialError)) throw error;
 *   console.log(error.reason); // "absent" while it is not plugged in
 * }
 * ```
 */
export class SerialPort implements AsyncDisposable {
  readonly #name: string;
  #info: SerialPortInfo;
  #session: SerialSession | null = null;
  #opening: Promise<void> | null = null;
  /** It was closed while it was being opened. */
  #isGivenUp = false;

  /**
   * Makes a port; nothing is opened yet.
   *
   * @param name a device file, a link to one such as those in /dev/serial/by-id, or
   * `usb-VID:PID:SERIAL` or `usb-VID:PID`: then the device is looked for whenever it is opened
   */
  constructor(name: string) {
    this.#name = name;
    this.#info = plainPort(name);
  }

  /**
   * What has arrived; null while the port is not open. It fails with a {@link SerialError}
   * (`unplugged`) at once when the device goes away, after what had arrived before, and ends when
   * the port is closed. After a `cancel`, which throws away what was not read, this is a new one.
   */
  get readable(): ReadableStream<Uint8Array> | null {
    return this.#opening ? null : this.#session?.receiver.stream ?? null;
  }

  /**
   * What is to be sent; null while the port is not open. A write resolves once the system has
   * taken the bytes. `close` of the stream waits until they are sent, `abort` throws them away;
   * after either this is a new one.
   */
  get writable(): WritableStream<Uint8Array> | null {
    return this.#opening ? null : this.#session?.transmitter.stream ?? null;
  }

  /** What is known of the device; all of it only once the port has been opened. */
  getInfo(): SerialPortInfo {
    return this.#info;
  }

  /**
   * Opens the port for this process alone.
   *
   * @throws {SerialError} `bad_option`, `absent`, `denied`, `busy` (the message names the process
   * that has it), `not_serial`, or `unsupported` when the hardware cannot do what is asked for
   * @throws {FandError} when the C library may not be used, naming the flag that is missing
   */
  async open(options: SerialOptions): Promise<void> {
    const settings = serialSettings(options);
    if (this.#session || this.#opening) {
      const text = `Cannot open "${this.#name}": this port is open already; close it first`;
      throw new SerialError(text, "busy");
    }
    this.#isGivenUp = false;
    this.#opening = this.#open(settings);
    try {
      await this.#opening;
    } finally {
      this.#opening = null;
    }
  }

  /**
   * The lines that the other side drives.
   *
   * @throws {SerialError} `closed`, `unplugged`, or `unsupported` by a port without them
   */
  getSignals(): Promise<SerialInputSignals> {
    return this.#with((session) => session.device.getSignals());
  }

  /**
   * Drives the lines of this side; what is left out stays as it is.
   *
   * @throws {SerialError} `closed`, `unplugged`, or `unsupported` by a port without them
   */
  setSignals(signals: SerialOutputSignals): Promise<void> {
    return this.#with((session) => session.device.setSignals(signals));
  }

  /**
   * Resolves once all that finished writes have handed over is sent, as far as the driver tells.
   *
   * @throws {SerialError} `closed` or `unplugged`, also when it happens meanwhile
   */
  drain(): Promise<void> {
    return this.#with((session) => session.drain());
  }

  /**
   * Throws away what has arrived and was not read, what was written and is not sent, or both.
   *
   * @throws {SerialError} `closed` or `unplugged`
   */
  flush(what: "input" | "output" | "both" = "both"): Promise<void> {
    return this.#with((session) => {
      session.device.flush(what !== "output", what !== "input");
      if (what !== "output") session.receiver.clear();
    });
  }

  /**
   * Gives the port back: both streams end, also when somebody holds them. What was written is
   * still sent, for half a second at most; DTR stays up, so a board that hangs on it runs on.
   * Never fails and may be called at any time; the port may then be opened again.
   */
  async close(): Promise<void> {
    this.#isGivenUp = true;
    await this.#session?.close();
    await this.#opening?.catch(() => {});
    await this.#session?.close();
    this.#session = null;
  }

  /** The same as {@link SerialPort.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #open(settings: ReturnType<typeof serialSettings>): Promise<void> {
    const path = await findPort(this.#name);
    const device = await openDevice(path, settings);
    const session = new SerialSession(device, settings);
    this.#session = session;
    try {
      if (this.#isGivenUp) throw closedError(path);
      this.#info = await describePort(path);
      await session.reset(settings.resetOnOpen);
    } catch (error) {
      await session.close();
      this.#session = null;
      throw error;
    }
  }

  async #with<T>(action: (session: SerialSession) => T | Promise<T>): Promise<T> {
    if (!this.#session) throw closedError(this.#name);
    return await action(this.#session);
  }
}
