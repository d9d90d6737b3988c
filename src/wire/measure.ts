/**
 * What can be sent and how large it gets at most: the writing side of the limits.
 *
 * @module
 */
import { UnencodableError } from "../errors.ts";
import type { WireLimits } from "./limits.ts";

/** The longest head of a CBOR item, in bytes; also the longest number. */
const HEAD_BYTES = 9;
/** UTF-8 needs at most 3 bytes for each unit of a JavaScript string. */
const TEXT_UNIT_BYTES = 3;

/** Checks values one after the other and adds up the room that they need. */
export class Measure {
  readonly #limits: Readonly<WireLimits>;
  #items = 0;
  /** The bytes that everything checked so far needs at most. */
  bytes = 0;

  constructor(limits: Readonly<WireLimits>) {
    this.#limits = limits;
  }

  /**
   * @param value What is to be sent.
   * @param depth How deep it stands: 1 for the message itself.
   * @throws {UnencodableError} If it cannot be sent, or exceeds a limit.
   */
  add(value: unknown, depth: number): void {
    if (++this.#items > this.#limits.maxItems) {
      throw refuse(`it has more than ${this.#limits.maxItems} items`, "send less at a time");
    }
    this.bytes += HEAD_BYTES;
    switch (typeof value) {
      case "string":
        return this.#addText(value);
      case "number":
        if (Number.isFinite(value)) return;
        throw refuse(`it holds ${value}`, "send finite numbers");
      case "boolean":
        return;
      case "object":
        return this.#addObject(value, depth);
      default:
        throw refuse(`it holds a value of type ${typeof value}`, "send null for nothing");
    }
  }

  #addText(text: string): void {
    if (!text.isWellFormed()) {
      throw refuse("a text holds half of a surrogate pair", "send well-formed text");
    }
    this.bytes += text.length * TEXT_UNIT_BYTES;
  }

  #addObject(value: object | null, depth: number): void {
    if (value === null) return;
    if (Array.isArray(value)) {
      this.#checkDepth(depth);
      for (const item of value) this.add(item, depth + 1);
    } else if (value instanceof Uint8Array) {
      this.bytes += value.length;
    } else if (value instanceof Date) {
      if (Number.isNaN(value.getTime())) throw refuse("it holds an invalid date", "send a date");
      // The tag is an item, and the number that it holds another.
      this.#items++;
      this.bytes += HEAD_BYTES;
    } else {
      this.#addMap(value, depth);
    }
  }

  #addMap(map: object, depth: number): void {
    const prototype = Object.getPrototypeOf(map);
    if (prototype !== Object.prototype && prototype !== null) {
      throw refuse(`it holds a ${map.constructor?.name ?? "class"}`, "send plain objects");
    }
    this.#checkDepth(depth);
    for (const [key, value] of Object.entries(map)) {
      this.add(key, depth + 1);
      this.add(value, depth + 1);
    }
  }

  #checkDepth(depth: number): void {
    if (depth <= this.#limits.maxDepth) return;
    throw refuse(`it is nested deeper than ${this.#limits.maxDepth}`, "send it flatter");
  }
}

/** The error for what cannot be sent. */
export function refuse(found: string, remedy: string): UnencodableError {
  return new UnencodableError(`Cannot encode the message: ${found}; ${remedy}`);
}
