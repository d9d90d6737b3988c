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
  /** The first bytes of a buffer have come; the next call of `more` overwrites it. */
  onBytes(buffer: Uint8Array<ArrayBuffer>, count: number): void;
  /** Nothing more will come: the peer closed (null), or reading failed. */
  onEnd(error: unknown): void;
}

const FIRST_BUFFER_BYTES = 1024;
const LARGEST_BUFFER_BYTES = 65536;
/** So many reads in a row that would fit into a quarter of it make the buffer smaller. */
const SMALL_READS = 8;

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
  #smallReads = 0;
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
    this.#source.read(this.#buffer).then(this.#onRead, this.#onFailure);
  }

  // Made once, not with every read.
  readonly #onRead = (count: number | null): void =>
    count === null ? this.#end(null) : this.#received(count);
  readonly #onFailure = (error: unknown): void => this.#end(error);

  #received(count: number): void {
    this.#reading = false;
    const buffer = this.#buffer as Uint8Array<ArrayBuffer>;
    if (count === buffer.length) {
      this.#capacity = Math.min(this.#capacity * 2, LARGEST_BUFFER_BYTES);
    }
    if (count >= buffer.length / 4) this.#smallReads = 0;
    else if (++this.#smallReads >= SMALL_READS) this.#capacity = FIRST_BUFFER_BYTES;
    this.#owner.onBytes(buffer, count);
  }

  #end(error: unknown): void {
    this.#reading = false;
    this.#ended = true;
    this.#buffer = null;
    this.#owner.onEnd(error);
  }
}
