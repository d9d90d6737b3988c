/**
 * An emulated modem behind a real pseudo terminal.
 *
 * @module
 */
import { SerialPort } from "../../../mod.ts";
import { Pty } from "../pty.ts";

/** A modem as its line sees it. */
export interface EmulatedModem {
  /** Takes what the host says. */
  take(bytes: Uint8Array): void;
  /** Gets what it says to the host. */
  say: (bytes: Uint8Array) => void;
}

/** Lets a modem speak at one end of a terminal; the other is for the driver under test. */
export class ModemLine implements AsyncDisposable {
  readonly #pty: Pty;
  readonly #port: SerialPort;

  private constructor(pty: Pty, port: SerialPort) {
    this.#pty = pty;
    this.#port = port;
  }

  /** Makes a terminal with this modem at it. */
  static async open(modem: EmulatedModem): Promise<ModemLine> {
    const pty = await Pty.pair();
    const port = new SerialPort(pty.otherPath);
    await port.open({ baudRate: 115_200 });
    const writer = port.writable?.getWriter();
    modem.say = (bytes) => void writer?.write(bytes).catch(() => {});
    const hear = new WritableStream<Uint8Array>({ write: (bytes) => modem.take(bytes) });
    port.readable?.pipeTo(hear).catch(() => {});
    return new ModemLine(pty, port);
  }

  /** Where the driver finds it. */
  get path(): string {
    return this.#pty.path;
  }

  /** Pulls the plug, terminal and all. */
  async unplug(): Promise<void> {
    await this.#pty.unplug();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#port.close();
    await this.#pty[Symbol.asyncDispose]();
  }
}
