/**
 * Numbers and texts as few bytes.
 *
 * @module
 */

/** Numbers are kept in thousandths where that is exact: ms as µs, °C as m°C. */
export const SCALE = 1000;
/** Up to here thousandths are exact, also when they are doubled; dates get there in 2112. */
const MOST_THOUSANDTHS = 2 ** 52;
const SEVEN_BITS = 0x80;
const FIRST_BYTES = 256;

/** Writes into a buffer that grows. */
export class ByteWriter {
  #bytes = new Uint8Array(FIRST_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  readonly #texts = new Map<string, number>();

  /** How many bytes have been written. */
  get length(): number {
    return this.#length;
  }

  /** One byte. */
  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  /** A whole number from 0 to 2⁵³ − 1, seven bits a byte, the lowest first. */
  whole(value: number): void {
    let rest = value;
    while (rest >= SEVEN_BITS) {
      this.byte(rest % SEVEN_BITS + SEVEN_BITS);
      rest = Math.floor(rest / SEVEN_BITS);
    }
    this.byte(rest);
  }

  /**
   * Any number, exactly: its distance from `base`, both in thousandths, or all its eight bytes.
   *
   * @returns The base for the next number that is probably near this one.
   */
  number(value: number, base: number): number {
    const thousandths = Math.round(value * SCALE);
    const distance = thousandths - base;
    const isExact = thousandths / SCALE === value && !Object.is(value, -0) &&
      Math.abs(thousandths) < MOST_THOUSANDTHS && Math.abs(distance) < MOST_THOUSANDTHS;
    if (!isExact) {
      this.byte(0);
      this.#float(value);
      return base;
    }
    this.whole(distance >= 0 ? 2 * distance + 1 : -2 * distance);
    return thousandths;
  }

  /** A text; one that has been written before costs a byte or two. */
  text(value: string): void {
    const known = this.#texts.get(value);
    if (known !== undefined) return this.whole(known);
    this.#texts.set(value, this.#texts.size + 1);
    this.byte(0);
    const bytes = new TextEncoder().encode(value);
    this.whole(bytes.length);
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Everything written so far, as a copy of its own. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #float(value: number): void {
    this.#room(8);
    this.#view.setFloat64(this.#length, value);
    this.#length += 8;
  }

  #room(count: number): void {
    if (this.#length + count > this.#bytes.length) this.#grow(count);
  }

  #grow(count: number): void {
    const bytes = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + count));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}
