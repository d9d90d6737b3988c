/**
 * What {@link ByteWriter} wrote, read again; nothing is believed of bytes from a file.
 *
 * @module
 */
import { StoreError } from "../../errors.ts";
import { SCALE } from "./byte_writer.ts";

const SEVEN_BITS = 0x80;

/** The error for bytes that are no chunk of a journal. */
export function damaged(found: string): StoreError {
  return new StoreError(
    `Cannot read the journal: ${found}; the file is damaged, or a later version has written it`,
  );
}

/** Reads from bytes. Every method throws a {@link StoreError} when they end too early. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #texts: string[] = [];
  #at = 0;
  /** What {@link ByteWriter.number} returned for the number that was read last. */
  base = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Whether everything has been read. */
  get isDone(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw damaged("a chunk that is cut off");
    return value;
  }

  whole(): number {
    let value = 0;
    for (let weight = 1; weight <= Number.MAX_SAFE_INTEGER; weight *= SEVEN_BITS) {
      const byte = this.byte();
      if (byte < SEVEN_BITS) return value + byte * weight;
      value += (byte - SEVEN_BITS) * weight;
    }
    throw damaged("a number without an end");
  }

  /** A number; {@link ByteReader.base} then is the base of the next one that is near it. */
  number(base: number): number {
    const written = this.whole();
    if (written === 0) {
      this.base = base;
      return this.#float();
    }
    const distance = written % 2 === 1 ? (written - 1) / 2 : -written / 2;
    this.base = base + distance;
    return this.base / SCALE;
  }

  text(): string {
    const index = this.whole();
    if (index > 0) {
      const known = this.#texts[index - 1];
      if (known === undefined) throw damaged(`text ${index} of ${this.#texts.length}`);
      return known;
    }
    const length = this.whole();
    if (length > this.#bytes.length - this.#at) throw damaged("a text that is cut off");
    const text = new TextDecoder().decode(this.#bytes.subarray(this.#at, this.#at + length));
    this.#at += length;
    this.#texts.push(text);
    return text;
  }

  #float(): number {
    if (this.#at + 8 > this.#bytes.length) throw damaged("a chunk that is cut off");
    const value = this.#view.getFloat64(this.#at);
    this.#at += 8;
    return value;
  }
}
