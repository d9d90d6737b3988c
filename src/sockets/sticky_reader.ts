/**
 * Reading from a connection so that giving up on a read loses nothing.
 *
 * @module
 */

/** The reading half of a `Deno.Conn`. */
export interface ByteSource {
  /** Reads at least one byte into the buffer, or gives null at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
}

/** What a {@linkcode StickyReader} tells its owner. */
export interface ByteOwner {
  /** Bytes have come. They are a view that is overwritten after the next call of `more`. */
  onBytes(chunk: Uint8Array<ArrayBuffer>): void;
  /** Nothing more will come: the peer closed (null), or reading failed. */
  onEnd(error: unknown): void;
}

const FIRST_BUFFER_BYTES = 1024;
const LARGEST_BUFFER_BYTES = 65536;

/**
 * At most one read is in flight, and it stays in flight when those who wanted its bytes have left:
 * a read of a `Deno.Conn` cannot be cancelled, and an abandoned one swallows what comes next. The
 * buffer begins small and follows the traffic, for servers with thousands of quiet connections.
 */
export class StickyReader {
  readonly #source: ByteSource;
  readonly #owner: ByteOwner;
  #buffer: Uint8Array<ArrayBuffer> | null = null;
  #capacity = FIRST_BUFFER_BYTES;
  #reading = false;
  #ended = false;

  constructor(source: ByteSource, owner: ByteOwner) {
    this.#source = source;
    this.#owner = owner;
  }

  /** Asks for more bytes, unless a read is in flight or nothing more will come. */
  more(): void {
    if (this.#reading || this.#ended) return;
    this.#reading = true;
    if (this.#buffer?.length !== this.#capacity) this.#buffer = new Uint8Array(this.#capacity);
    const buffer = this.#buffer;
    this.#source.read(buffer).then(
      (count) => count === null ? this.#end(null) : this.#received(buffer, count),
      (error) => this.#end(error),
    );
  }

  #received(buffer: Uint8Array<ArrayBuffer>, count: number): void {
    this.#reading = false;
    if (count === buffer.length) {
      this.#capacity = Math.min(this.#capacity * 2, LARGEST_BUFFER_BYTES);
    } else if (count < buffer.length / 4) {
      this.#capacity = Math.max(this.#capacity / 2, FIRST_BUFFER_BYTES);
    }
    this.#owner.onBytes(buffer.subarray(0, count));
  }

  #end(error: unknown): void {
    this.#reading = false;
    this.#ended = true;
    this.#buffer = null;
    this.#owner.onEnd(error);
  }
}
