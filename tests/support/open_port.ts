/**
 * An open serial port with its streams taken, and what its errors look like.
 *
 * @module
 */
import assert from "node:assert/strict";
import { SerialError, type SerialFailure } from "../../src/board/serial/serial_error.ts";
import type { SerialOptions } from "../../src/board/serial/serial_options.ts";
import { SerialPort } from "../../src/board/serial/serial_port.ts";

/** What a board's line is opened with. */
export const BAUD: SerialOptions = { baudRate: 250_000 };

/** A port, its reader and its writer; hold it with `await using`. */
export class OpenPort implements AsyncDisposable {
  readonly port: SerialPort;
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly writer: WritableStreamDefaultWriter<Uint8Array>;

  private constructor(port: SerialPort) {
    this.port = port;
    this.reader = readableOf(port).getReader();
    this.writer = writableOf(port).getWriter();
  }

  /** Opens the port at `path`, at 250 000 baud unless told. */
  static async on(path: string, options: Partial<SerialOptions> = {}): Promise<OpenPort> {
    const port = new SerialPort(path);
    await port.open({ ...BAUD, ...options });
    return new OpenPort(port);
  }

  /** The next `length` bytes; none may come beyond them. */
  async read(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const { value, done } = await this.reader.read();
      assert.ok(!done, `the stream ended after ${at} of ${length} bytes`);
      assert.ok(at + value.length <= length, "more came than was sent");
      bytes.set(value, at);
      at += value.length;
    }
    return bytes;
  }

  /** Closes the port. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.port.close();
  }
}

/** The readable side of a port that is open. */
export function readableOf(port: SerialPort): ReadableStream<Uint8Array> {
  assert.ok(port.readable);
  return port.readable;
}

/** The writable side of a port that is open. */
export function writableOf(port: SerialPort): WritableStream<Uint8Array> {
  assert.ok(port.writable);
  return port.writable;
}

/** For `assert.rejects`: a {@link SerialError} of this reason. */
export function failure(reason: SerialFailure, message = /./): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof SerialError, String(error));
    assert.equal(error.reason, reason, error.message);
    assert.match(error.message, message);
    return true;
  };
}
