/**
 * A board's line over TCP, to whatever hands a serial port on byte for byte: ser2net in raw mode,
 * socat, a serial device server. The port's speed is set there.
 *
 * @module
 */
import { systemClock } from "../clock.ts";
import { BoardError } from "../errors.ts";
import type { Line } from "./line.ts";

/** Where the other end is. */
export interface TcpLineOptions {
  /** A name or an address; IPv6 without brackets. */
  readonly hostname: string;
  /** 1 to 65535. */
  readonly port: number;
}

const CONNECT_MS = 5000;
const READ_BYTES = 4096;

/** A connection, without Nagle's delay: a frame is sent at once. */
export class TcpLine implements Line {
  readonly name: string;
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  readonly #connection: Deno.TcpConn;
  #writer!: WritableStreamDefaultController;
  #isClosed = false;

  private constructor(name: string, connection: Deno.TcpConn) {
    this.name = name;
    this.#connection = connection;
    connection.setNoDelay();
    connection.setKeepAlive();
    this.readable = new ReadableStream<Uint8Array>({
      pull: (controller) => this.#read(controller),
      cancel: () => this.close(),
    });
    this.writable = new WritableStream<Uint8Array>({
      start: (controller) => {
        this.#writer = controller;
      },
      write: (bytes) => this.#write(bytes),
    });
  }

  /**
   * Connects, within five seconds.
   * @throws BoardError when nobody answers there, or the permission is missing
   */
  static async open({ hostname, port }: TcpLineOptions): Promise<TcpLine> {
    const host = `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
    const name = `tcp://${host}`;
    const fail = (found: string, advice: string, cause?: unknown): BoardError =>
      new BoardError(`Cannot open the board line "${name}": ${found}; ${advice}`, { cause });
    if ((await Deno.permissions.query({ name: "net", host })).state !== "granted") {
      throw fail("it is not permitted", `run with --allow-net=${host}`);
    }
    const limit = new AbortController();
    const cancel = systemClock.after(CONNECT_MS, () => limit.abort());
    try {
      return new TcpLine(name, await Deno.connect({ hostname, port, signal: limit.signal }));
    } catch (cause) {
      const found = limit.signal.aborted
        ? `no answer within ${CONNECT_MS / 1000} s`
        : cause instanceof Error
        ? cause.message
        : String(cause);
      throw fail(found, "check the address, and what listens there", cause);
    } finally {
      cancel();
    }
  }

  close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#connection.close();
      this.#writer.error(
        new BoardError(`Cannot use the board line "${this.name}": it is closed; open it again`),
      );
    }
    return Promise.resolve();
  }

  async #read(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    try {
      const count = await this.#connection.read(buffer);
      if (count !== null) return controller.enqueue(buffer.subarray(0, count));
    } catch (error) {
      // Closing the connection is how a read under way is ended.
      if (!this.#isClosed) throw error;
    }
    controller.close();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0;) {
      rest = rest.subarray(await this.#connection.write(rest));
    }
  }
}
