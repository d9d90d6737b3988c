/**
 * A serial port handed on over TCP, as ser2net does: whoever has connected last has the line.
 *
 * @module
 */

import type { Line } from "../../src/board/line.ts";

const READ_BYTES = 4096;

/** A port of its own for one line after the other; hold it with `await using`. */
export class SerialServer implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #accepting: Promise<void>;
  #line: Line | null = null;
  #writer: WritableStreamDefaultWriter<Uint8Array> | null = null;
  #reading: Promise<void> = Promise.resolve();
  #client: Deno.TcpConn | null = null;

  constructor() {
    this.#accepting = this.#accept();
  }

  /** Where it is reached. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** Hands this line on from now on, in the place of the one before. */
  async attach(line: Line): Promise<void> {
    await this.detach();
    this.#line = line;
    this.#writer = line.writable.getWriter();
    this.#reading = this.#read(line);
  }

  /** Gives the line back; who is connected stays so, and hears nothing. */
  async detach(): Promise<void> {
    await this.#line?.close();
    this.#line = null;
    this.#writer = null;
    await this.#reading;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.#drop();
    await this.#accepting;
    await this.detach();
  }

  async #accept(): Promise<void> {
    const serving: Promise<void>[] = [];
    for await (const client of this.#listener) {
      client.setNoDelay(true);
      this.#drop();
      this.#client = client;
      serving.push(this.#serve(client));
    }
    await Promise.all(serving);
  }

  #drop(): void {
    const client = this.#client;
    this.#client = null;
    client?.close();
  }

  async #serve(client: Deno.TcpConn): Promise<void> {
    try {
      for (;;) {
        const buffer = new Uint8Array(READ_BYTES);
        const length = await client.read(buffer);
        if (length === null) break;
        await this.#writer?.write(buffer.subarray(0, length)).catch(() => {});
      }
    } catch {
      // It was dropped, or has gone.
    }
    if (this.#client === client) this.#drop();
  }

  async #read(line: Line): Promise<void> {
    try {
      for await (const bytes of line.readable) {
        let sent = 0;
        while (this.#client !== null && sent < bytes.length) {
          sent += await this.#client.write(bytes.subarray(sent)).catch(() => bytes.length);
        }
      }
    } catch {
      // The line was pulled out.
    }
  }
}
