/**
 * A client's line over TLS, in the shape of a `Deno.Conn`.
 *
 * @module
 */

import type { TLSSocket } from "node:tls";
import type { Line } from "./door.ts";

/** Reads from and writes to a socket whose handshake is over. */
export class TlsLine implements Line {
  readonly #socket: TLSSocket;
  /** What has been taken from the socket and not yet been read. */
  #rest: Uint8Array | null = null;
  #hasEnded = false;
  #failure: Error | null = null;
  /** Wakes whoever waits for the socket to have something to tell. */
  #wake: (() => void) | null = null;

  constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.on("readable", () => this.#stir());
    socket.on("end", () => {
      this.#hasEnded = true;
      this.#stir();
    });
    socket.on("error", (error) => {
      this.#failure ??= error;
      this.#stir();
    });
    socket.on("close", () => {
      this.#failure ??= new Deno.errors.ConnectionReset("the line was closed");
      this.#stir();
    });
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    this.#rest ??= this.#socket.read();
    while (this.#rest === null) {
      if (this.#hasEnded) return null;
      if (this.#failure !== null) throw this.#failure;
      await new Promise<void>((resolve) => this.#wake = resolve);
      this.#rest = this.#socket.read();
    }
    const rest = this.#rest;
    const count = Math.min(rest.length, buffer.length);
    buffer.set(rest.subarray(0, count));
    this.#rest = count === rest.length ? null : rest.subarray(count);
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
    this.#socket.destroy();
  }

  #stir(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
