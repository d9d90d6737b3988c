/**
 * One connection of a measuring client, as cheap as it can be: there are thousands of them in one
 * process, and what they cost must not be taken for the server's.
 *
 * @module
 */

import { FrameReader } from "../../src/wire/frame.ts";
import { decodeMessage, encodeMessage, type Message } from "../../src/wire/message.ts";
import type { WireValue } from "../../src/wire/value.ts";

const BUFFER_BYTES = 2048;

/** A connection whose messages go to a function as they come. */
export class Peer {
  readonly #line: Deno.TcpConn;
  readonly #frames = new FrameReader();
  #isClosed = false;

  private constructor(line: Deno.TcpConn) {
    this.#line = line;
  }

  static async open(port: number): Promise<Peer> {
    const line = await Deno.connect({ hostname: "127.0.0.1", port });
    line.setNoDelay();
    return new Peer(line);
  }

  /** Hands on every message until the line ends. */
  async read(take: (message: Message) => void): Promise<void> {
    const buffer = new Uint8Array(BUFFER_BYTES);
    for (;;) {
      const length = await this.#line.read(buffer).catch(() => null);
      if (length === null) return;
      this.#frames.push(buffer.subarray(0, length));
      for (let one = this.#frames.next(); one !== null; one = this.#frames.next()) {
        take(decodeMessage(one));
      }
    }
  }

  send(request: string, args: readonly WireValue[], id?: number): Promise<void> {
    return this.write(encodeMessage(request, args, id));
  }

  async write(bytes: Uint8Array): Promise<void> {
    let written = 0;
    while (written < bytes.length) written += await this.#line.write(bytes.subarray(written));
  }

  /** May be called again. */
  close(): void {
    if (!this.#isClosed) this.#line.close();
    this.#isClosed = true;
  }
}
