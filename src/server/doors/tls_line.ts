/**
 * A client's line over TLS, in the shape of a `Deno.Conn`.
 *
 * @module
 */

import type { TLSSocket } from "node:tls";
import type { Line } from "./door.ts";
import type { TcpStream } from "./tcp_stream.ts";

/** So much is taken from a client before somebody reads it. */
const MOST_UNREAD_BYTES = 32_768;

/** Reads from and writes to a socket whose handshake is over. */
export class TlsLine implements Line {
  readonly #socket: TLSSocket;
  readonly #stream: TcpStream;
  /** What has come and was not yet read. */
  readonly #unread: Uint8Array[] = [];
  #unreadBytes = 0;
  #hasEnded = false;
  #failure: Error | null = null;
  /** Wakes whoever waits for the socket to have something to tell. */
  #wake: (() => void) | null = null;

  /** @param stream What the socket runs on. */
  constructor(socket: TLSSocket, stream: TcpStream) {
    this.#socket = socket;
    this.#stream = stream;
    socket.on("data", (chunk: Uint8Array) => this.#take(chunk));
    socket.on("end", () => {
      this.#hasEnded = true;
      this.#stir();
    });
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Deno.errors.ConnectionReset("the line was closed")));
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    while (this.#unread.length === 0) {
      if (this.#hasEnded) return null;
      if (this.#failure !== null) throw this.#failure;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    let count = 0;
    for (let chunk = this.#unread[0]; chunk !== undefined; chunk = this.#unread[0]) {
      const part = chunk.subarray(0, buffer.length - count);
      buffer.set(part, count);
      count += part.length;
      if (part.length < chunk.length) {
        this.#unread[0] = chunk.subarray(part.length);
        break;
      }
      this.#unread.shift();
    }
    const wasFull = this.#unreadBytes > MOST_UNREAD_BYTES;
    this.#unreadBytes -= count;
    if (wasFull && this.#unreadBytes <= MOST_UNREAD_BYTES) this.#stream.hold(false);
    return count;
  }

  write(bytes: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => {
        if (error) reject(error);
        else resolve(bytes.length);
      });
    });
  }

  closeWrite(): Promise<void> {
    return new Promise((resolve) => this.#socket.end(resolve));
  }

  close(): void {
    // A client must be able to tell an end from a line that somebody has cut, but need not wait.
    if (this.#socket.writableLength > 0) this.#socket.destroy();
    else this.#socket.destroySoon();
  }

  #take(chunk: Uint8Array): void {
    this.#unread.push(chunk);
    this.#unreadBytes += chunk.length;
    if (this.#unreadBytes > MOST_UNREAD_BYTES) this.#stream.hold(true);
    this.#stir();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#stir();
  }

  #stir(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
