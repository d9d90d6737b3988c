/**
 * A board's line over TCP, to whatever hands a serial port on byte for byte: ser2net in raw mode,
 * socat, a serial device server. The port's speed is set there.
 *
 * @module
 */
import { systemClock } from "../clock.ts";
import { BoardError } from "../errors.ts";
import { formatEndpoint } from "../sockets/address.ts";
import { openNet } from "../sockets/net.ts";
import { openConn } from "../sockets/open_conn.ts";
import { WriteQueue } from "../sockets/write_queue.ts";
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
  readonly #writer: WriteQueue;
  #stream!: WritableStreamDefaultController;
  #isClosed = false;

  private constructor(name: string, connection: Deno.TcpConn) {
    this.name = name;
    this.#connection = connection;
    connection.setNoDelay();
    connection.setKeepAlive();
    this.#writer = new WriteQueue(connection, systemClock);
    this.readable = new ReadableStream<Uint8Array>({
      pull: (controller) => this.#read(controller),
      cancel: () => this.close(),
    });
    this.writable = new WritableStream<Uint8Array>({
      start: (controller) => {
        this.#stream = controller;
      },
      write: async (bytes) => {
        await this.#writer.write(bytes, { timeoutMs: Infinity }, () => null);
      },
    });
  }

  /**
   * Connects, within five seconds.
   * @throws BoardError when nobody answers there, or the permission is missing
   */
  static async open({ hostname, port }: TcpLineOptions): Promise<TcpLine> {
    const host = formatEndpoint(hostname, port);
    const name = `tcp://${host}`;
    const fail = (found: string, advice: string, cause?: unknown): BoardError =>
      new BoardError(`Cannot open the board line "${name}": ${found}; ${advice}`, { cause });
    if ((await Deno.permissions.query({ name: "net", host })).state !== "granted") {
      throw fail("it is not permitted", `run with --allow-net=${host}`);
    }
    const advice = "check the address, and what listens there";
    const target = { hostname, port };
    const connection = await openConn(
      (signal) => openNet(target, signal),
      systemClock,
      { timeoutMs: CONNECT_MS },
      {
        failure: (cause) =>
          fail(cause instanceof Error ? cause.message : String(cause), advice, cause),
        timeout: () => fail(`no answer within ${CONNECT_MS / 1000} s`, advice),
      },
    );
    return new TcpLine(name, connection);
  }

  close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#connection.close();
      const closed = `Cannot use the board line "${this.name}": it is closed; open it again`;
      this.#stream.error(new BoardError(closed));
      this.#writer.fail(new BoardError(closed));
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
}
