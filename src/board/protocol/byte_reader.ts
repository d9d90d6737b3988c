/**
 * Little-endian integers from the front of a message body.
 *
 * @module
 */
import { BoardError } from "../../errors.ts";

/** Reads a body from its beginning; what stays unread is a newer minor's. */
export class ByteReader {
  readonly #view: DataView;
  #at = 0;

  constructor(body: Uint8Array) {
    this.#view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  }

  /** @throws {BoardError} at the end of the body, as the wider ones do */
  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  /** Two bytes. */
  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  /** Two bytes, signed. */
  i16(): number {
    return this.#view.getInt16(this.#take(2), true);
  }

  /** Four bytes. */
  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** Whether anything is left. */
  get more(): boolean {
    return this.#at < this.#view.byteLength;
  }

  /** All bytes that are left. */
  rest(): Uint8Array {
    const { buffer, byteOffset } = this.#view;
    const left = this.#view.byteLength - this.#at;
    return new Uint8Array(buffer, byteOffset + this.#take(left), left);
  }

  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#view.byteLength) {
      throw new BoardError(
        `Cannot read the board's message: it ends after ${this.#view.byteLength} bytes; ` +
          "check that the board runs fand's firmware",
      );
    }
    this.#at = at + count;
    return at;
  }
}
