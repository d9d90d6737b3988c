/**
 * Bytes that have come and that nobody has taken yet.
 *
 * @module
 */

const FIRST_BYTES = 256;
/** An empty queue gives a larger buffer back. */
const KEPT_BYTES = 4096;
const LINE_END = 0x0a;
const EMPTY = new Uint8Array(0);

/** First in, first out, in one buffer that grows by doubling. */
export class ByteQueue {
  /** It belongs to somebody else while `#isLent`. */
  #buffer: Uint8Array<ArrayBuffer> = EMPTY;
  #isLent = false;
  #start = 0;
  #end = 0;
  /** So many bytes from the start are known to hold no end of a line. */
  #searched = 0;

  /** How many bytes wait. */
  get size(): number {
    return this.#end - this.#start;
  }

  /** Adds the first bytes of a buffer, which stay as they are until {@link keep} is called. */
  lend(buffer: Uint8Array<ArrayBuffer>, count: number): void {
    if (this.size > 0) return this.#push(buffer.subarray(0, count));
    this.#buffer = buffer;
    this.#isLent = true;
    this.#start = 0;
    this.#end = count;
  }

  /** Copies what is left of bytes that were lent. */
  keep(): void {
    if (!this.#isLent) return;
    const left = this.size > 0 ? this.#buffer.subarray(this.#start, this.#end) : null;
    this.#giveBack();
    if (left !== null) this.#push(left);
  }

  /** The first bytes, at most `count`, which stay. */
  peek(count: number): Uint8Array<ArrayBuffer> {
    return this.#buffer.slice(this.#start, Math.min(this.#start + count, this.#end));
  }

  /** The first bytes, at most `count`, which leave. */
  take(count: number): Uint8Array<ArrayBuffer> {
    const bytes = this.peek(count);
    this.#drop(bytes.length);
    return bytes;
  }

  /** Moves bytes to `target`, at most `most`, and tells how many. */
  takeInto(target: Uint8Array, most: number): number {
    const count = Math.min(most, this.size);
    target.set(this.#buffer.subarray(this.#start, this.#start + count));
    this.#drop(count);
    return count;
  }

  /** The bytes of the first line with its end, or null while that has not come. */
  get lineBytes(): number | null {
    const at = this.#buffer.subarray(this.#start, this.#end).indexOf(LINE_END, this.#searched);
    this.#searched = at < 0 ? this.size : at;
    return at < 0 ? null : at + 1;
  }

  #drop(count: number): void {
    this.#start += count;
    this.#searched = Math.max(0, this.#searched - count);
    if (this.#start < this.#end) return;
    if (this.#isLent || this.#buffer.length > KEPT_BYTES) this.#giveBack();
    this.#start = this.#end = 0;
  }

  #giveBack(): void {
    this.#buffer = EMPTY;
    this.#isLent = false;
    this.#start = this.#end = 0;
  }

  #push(bytes: Uint8Array): void {
    this.keep();
    if (this.#end + bytes.length > this.#buffer.length) this.#makeRoom(bytes.length);
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  #makeRoom(count: number): void {
    const waiting = this.#buffer.subarray(this.#start, this.#end);
    const needed = waiting.length + count;
    if (needed * 2 > this.#buffer.length) {
      this.#buffer = new Uint8Array(Math.max(FIRST_BYTES, needed * 2));
      this.#buffer.set(waiting);
    } else {
      this.#buffer.copyWithin(0, this.#start, this.#end);
    }
    this.#start = 0;
    this.#end = waiting.length;
  }
}
