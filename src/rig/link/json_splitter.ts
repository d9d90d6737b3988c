/**
 * Messages out of a stream of bytes, where nothing stands between them.
 *
 * @module
 */
import { MAX_MESSAGE_BYTES, type RigCounters } from "./link.ts";

const OPEN = 0x5b;
const CLOSE = 0x5d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACES = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * A message is a list of JSON, from its first bracket to its last, however it was cut into pieces.
 * What begins with anything else is given as it comes, so that whoever reads it can refuse it.
 */
export class JsonSplitter {
  readonly #counters: RigCounters;
  /** The beginning of a message whose end has not come. */
  #parts: Uint8Array<ArrayBuffer>[] = [];
  #length = 0;
  #depth = 0;
  #isText = false;
  #isEscaped = false;

  constructor(counters: RigCounters) {
    this.#counters = counters;
  }

  /** Whether the end of a message has not come yet. */
  get isPartial(): boolean {
    return this.#depth > 0;
  }

  /** Forgets the beginning of a message; false when there is none. */
  reset(): boolean {
    const wasPartial = this.isPartial;
    this.#parts = [];
    this.#length = this.#depth = 0;
    this.#isText = this.#isEscaped = false;
    return wasPartial;
  }

  /** The messages that are whole with these bytes. */
  *push(bytes: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
    let start = 0;
    while (start < bytes.length) {
      if (this.#depth === 0) {
        if (SPACES.has(bytes[start] as number)) {
          start++;
          continue;
        }
        if (bytes[start] !== OPEN) {
          yield bytes.slice(start);
          return;
        }
      }
      const end = this.#endOf(bytes, start);
      this.#keep(bytes.slice(start, end));
      start = end;
      if (this.#depth === 0) {
        const message = this.#take();
        if (message !== null) yield message;
      }
    }
  }

  /** Where the message ends that begins or goes on here, or where the bytes do. */
  #endOf(bytes: Uint8Array, start: number): number {
    for (let at = start; at < bytes.length; at++) {
      const byte = bytes[at];
      if (this.#isEscaped) this.#isEscaped = false;
      else if (this.#isText) {
        if (byte === BACKSLASH) this.#isEscaped = true;
        else if (byte === QUOTE) this.#isText = false;
      } else if (byte === QUOTE) this.#isText = true;
      else if (byte === OPEN) this.#depth++;
      else if (byte === CLOSE && --this.#depth === 0) return at + 1;
    }
    return bytes.length;
  }

  /** Of what is too long nothing is kept. */
  #keep(part: Uint8Array<ArrayBuffer>): void {
    this.#length += part.length;
    if (this.#length > MAX_MESSAGE_BYTES) this.#parts = [];
    else this.#parts.push(part);
  }

  #take(): Uint8Array<ArrayBuffer> | null {
    const message = new Uint8Array(Math.min(this.#length, MAX_MESSAGE_BYTES));
    const isWhole = this.#length <= MAX_MESSAGE_BYTES;
    let at = 0;
    for (const part of this.#parts) {
      message.set(part, at);
      at += part.length;
    }
    this.reset();
    if (!isWhole) this.#counters.oversized++;
    return isWhole ? message : null;
  }
}
