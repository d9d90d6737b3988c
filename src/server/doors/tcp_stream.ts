/**
 * A TCP connection as a stream of node, below TLS.
 *
 * @module
 */

import { Duplex } from "node:stream";

/** Thousands of clients say little, a few say much: the buffer follows. */
const FIRST_BUFFER_BYTES = 1024;
const LARGEST_BUFFER_BYTES = 16_384;

/** What a client begins with that speaks TLS. */
const TLS_HANDSHAKE = 0x16;

/**
 * Passes bytes on both ways. Whoever cannot take more of them says so here: node:tls of Deno, once
 * it was told to pause, does not tell any more that the client has ended.
 */
export class TcpStream extends Duplex {
  readonly #conn: Deno.Conn;
  #buffer = new Uint8Array(FIRST_BUFFER_BYTES);
  /** Until the client has begun. */
  #answer: Uint8Array | null;
  #isWanted = false;
  #isReading = false;
  #isHeld = false;

  /** @param answer What a client is told, as it is, that begins with anything but TLS. */
  constructor(conn: Deno.Conn, answer: Uint8Array) {
    super({ allowHalfOpen: true });
    this.#conn = conn;
    this.#answer = answer;
  }

  /** Reads nothing more from the connection, or goes on. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#pull();
  }

  override _read(): void {
    this.#isWanted = true;
    this.#pull();
  }

  override _write(bytes: Uint8Array, _encoding: string, done: (error?: Error) => void): void {
    this.#writeAll(bytes).then(() => done(), done);
  }

  override _final(done: (error?: Error) => void): void {
    // A client that has gone already needs no end.
    this.#conn.closeWrite().then(() => done(), () => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#conn.close();
    done(error);
  }

  async #pull(): Promise<void> {
    if (!this.#isWanted || this.#isReading || this.#isHeld || this.destroyed) return;
    this.#isReading = true;
    this.#isWanted = false;
    try {
      const count = await this.#conn.read(this.#buffer);
      this.#isReading = false;
      if (this.destroyed) return;
      await this.#checkBegin(count);
      // A copy, because nobody tells when the bytes are no longer needed.
      this.push(count === null ? null : this.#buffer.slice(0, count));
      if (count === this.#buffer.length && count < LARGEST_BUFFER_BYTES) {
        this.#buffer = new Uint8Array(count * 4);
      }
      this.#pull();
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  async #checkBegin(count: number | null): Promise<void> {
    const answer = this.#answer;
    this.#answer = null;
    if (answer === null || count === null || this.#buffer[0] === TLS_HANDSHAKE) return;
    await this.#writeAll(answer);
    throw new TypeError("what came is no TLS");
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    for (let written = 0; written < bytes.length;) {
      written += await this.#conn.write(bytes.subarray(written));
    }
  }
}
