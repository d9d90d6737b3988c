/**
 * The reading side of the CBOR subset: cborg's tokenizer, held to the limits of a message and to
 * valid UTF-8.
 *
 * @module
 */
import { type CborToken, type DecodeOptions, Tokenizer } from "../../deps.ts";
import { DEFAULT_WIRE_LIMITS, type WireLimits } from "./limits.ts";

const EMPTY = new Uint8Array(0);
const MAJOR_TEXT = 3;
const MAJOR_ARRAY = 4;
const MAJOR_MAP = 5;
const MAJOR_TAG = 6;

/** Throws on what is not UTF-8, and keeps a leading U+FEFF, which cborg's own decoder drops. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A tokenizer that refuses a message as soon as it exceeds a limit; can be used again. */
export class LimitedTokenizer extends Tokenizer {
  #limits: Readonly<WireLimits> = DEFAULT_WIRE_LIMITS;
  #items = 0;
  #depth = 0;
  #tagged = false;
  /** For every open array and map, how many items are still to come; index 0 is the message. */
  #left: number[] = [1];

  /** @param options cborg's options, which its functions look up in the tokenizer as well. */
  constructor(options: DecodeOptions) {
    super(EMPTY, options);
  }

  /** Makes the tokenizer read `data` from its beginning. */
  start(data: Uint8Array, limits: Readonly<WireLimits>): void {
    this.data = data;
    this._pos = 0;
    this.#limits = limits;
    this.#items = 0;
    this.#depth = 0;
    this.#tagged = false;
    this.#left[0] = 1;
  }

  /** Lets go of the data. */
  stop(): void {
    this.data = EMPTY;
  }

  override next(): CborToken {
    if (++this.#items > this.#limits.maxItems) {
      throw new RangeError(`it has more than ${this.#limits.maxItems} items`);
    }
    const start = this._pos;
    const head = this.data[start] ?? 0;
    const token = super.next();
    const major = head >>> 5;
    if (this.#tagged && major >= MAJOR_ARRAY && major <= MAJOR_TAG) {
      throw new TypeError("a tag holds neither a number nor text");
    }
    this.#tagged = major === MAJOR_TAG;
    // A tag and its content fill one place, which is counted with the content.
    if (!this.#tagged) this.#count();
    if (major === MAJOR_TEXT) this.#checkText(token, start + headBytes(head));
    else if (major === MAJOR_ARRAY) this.#open(token.value);
    else if (major === MAJOR_MAP) this.#open(token.value * 2);
    return token;
  }

  /** Fills one place of the innermost array or map that still has one. */
  #count(): void {
    const left = this.#left;
    while (this.#depth > 0 && left[this.#depth] === 0) this.#depth--;
    left[this.#depth] = (left[this.#depth] ?? 0) - 1;
  }

  /** An array or a map begins that says it holds `count` items. */
  #open(count: number): void {
    const room = Math.min(this.#limits.maxItems - this.#items, this.data.length - this._pos);
    if (count > room) throw new RangeError(`it announces ${count} items where ${room} can follow`);
    if (++this.#depth > this.#limits.maxDepth) {
      throw new RangeError(`it is nested deeper than ${this.#limits.maxDepth}`);
    }
    this.#left[this.#depth] = count;
  }

  #checkText(token: CborToken, start: number): void {
    const data = this.data;
    for (let at = start; at < this._pos; at++) {
      if ((data[at] ?? 0) >= 0x80) {
        token.value = decodeUtf8(data.subarray(start, this._pos));
        return;
      }
    }
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new TypeError("it holds text that is not UTF-8", { cause });
  }
}

/** How many bytes the head of an item has, by its first byte. */
function headBytes(head: number): number {
  const info = head & 31;
  return info < 24 ? 1 : 1 + (1 << (info - 24));
}
