/**
 * A board's line over a serial port of this machine.
 *
 * @module
 */
import { BoardError, FandError } from "../errors.ts";
import type { Line } from "./line.ts";
import { SerialPort } from "./serial/serial_port.ts";

/** How the port is opened. */
export interface TtyLineOptions {
  /** As {@link SerialPort} takes it. */
  readonly port: string;
  readonly baudRate: number;
}

/** Raw 8N1; opening it does not reset the board, as far as that is ours to say. */
export class TtyLine implements Line {
  readonly name: string;
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  readonly #port: SerialPort;

  private constructor(
    name: string,
    port: SerialPort,
    readable: ReadableStream<Uint8Array>,
    writable: WritableStream<Uint8Array>,
  ) {
    this.name = name;
    this.#port = port;
    this.readable = readable;
    this.writable = writable;
  }

  /**
   * Opens the port for this process alone.
   * @throws BoardError with what {@link SerialPort.open} said
   */
  static async open({ port: name, baudRate }: TtyLineOptions): Promise<TtyLine> {
    const port = new SerialPort(name);
    try {
      await port.open({ baudRate });
    } catch (error) {
      if (error instanceof FandError) throw new BoardError(error.message, { cause: error });
      throw error;
    }
    const { readable, writable } = port;
    if (readable && writable) return new TtyLine(name, port, readable, writable);
    // Closed by nobody but itself: the device went away at this very moment.
    throw new BoardError(`Cannot use the board line "${name}": it is closed; open it again`);
  }

  close(): Promise<void> {
    return this.#port.close();
  }
}
