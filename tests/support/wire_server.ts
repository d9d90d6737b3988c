import { FrameReader } from "../../src/wire/frame.ts";
import { decodeMessage, encodeMessage } from "../../src/wire/message.ts";
import type { WireValue } from "../../src/wire/value.ts";

/** A request that came in. */
export interface Asked {
  request: string;
  args: WireValue[];
}

/** What a connection does with each request. */
export type Answer = (asked: Asked, connection: WireConnection) => void | Promise<void>;

/** One client of a {@link WireServer}. */
export class WireConnection {
  readonly #socket: Deno.Conn;

  constructor(socket: Deno.Conn) {
    this.#socket = socket;
  }

  /** Sends one message. */
  async send(request: string, ...args: WireValue[]): Promise<void> {
    await this.write(encodeMessage(request, args));
  }

  /** Sends bytes that need not be a message. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let sent = 0; sent < bytes.length;) sent += await this.#socket.write(bytes.subarray(sent));
  }

  /** Ends the connection without a word. */
  close(): void {
    try {
      this.#socket.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }
}

/** A server on a port of its own that answers as a test says; hold it with `await using`. */
export class WireServer implements AsyncDisposable {
  /** Every request of every client, in the order of arrival. */
  readonly asked: Asked[] = [];
  readonly port: number;
  readonly #listener: Deno.TcpListener;
  readonly #answer: Answer;
  readonly #connections = new Set<WireConnection>();
  readonly #ended: Promise<unknown>;

  constructor(answer: Answer, port = 0) {
    this.#answer = answer;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port });
    this.port = this.#listener.addr.port;
    this.#ended = this.#accept();
  }

  /** How many clients are connected. */
  get clients(): number {
    return this.#connections.size;
  }

  /** Cuts every client off. */
  cut(): void {
    for (const connection of this.#connections) connection.close();
  }

  /** Stops listening and closes everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.cut();
    await this.#ended;
  }

  async #accept(): Promise<void> {
    const serving: Promise<void>[] = [];
    for await (const socket of this.#listener) serving.push(this.#serve(socket));
    await Promise.all(serving);
  }

  async #serve(socket: Deno.TcpConn): Promise<void> {
    const connection = new WireConnection(socket);
    this.#connections.add(connection);
    socket.setNoDelay(true);
    const frames = new FrameReader();
    const buffer = new Uint8Array(4096);
    try {
      for (
        let count = await socket.read(buffer);
        count !== null;
        count = await socket.read(buffer)
      ) {
        frames.push(buffer.slice(0, count));
        for (let payload = frames.next(); payload !== null; payload = frames.next()) {
          const { request, args } = decodeMessage(payload);
          this.asked.push({ request, args });
          await this.#answer({ request, args }, connection);
        }
      }
    } catch (error) {
      if (!isEnd(error)) throw error;
    } finally {
      connection.close();
      this.#connections.delete(connection);
    }
  }
}

function isEnd(error: unknown): boolean {
  const { BadResource, BrokenPipe, ConnectionReset, Interrupted } = Deno.errors;
  return [BadResource, BrokenPipe, ConnectionReset, Interrupted].some((kind) =>
    error instanceof kind
  );
}
