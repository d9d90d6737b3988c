/**
 * How large a value gets at most on the wire.
 *
 * @module
 */

import type { WireValue } from "../../wire/value.ts";

/** At most what a value takes as CBOR: text of n UTF-16 units is at most 3 n bytes. */
export interface WireSize {
  bytes: number;
  items: number;
  /** Levels of arrays and maps. */
  depth: number;
}

/** The size of `value`. */
export function sizeOf(value: WireValue): WireSize {
  if (typeof value === "string") return { bytes: 5 + 3 * value.length, items: 1, depth: 0 };
  if (value instanceof Uint8Array) return { bytes: 5 + value.length, items: 1, depth: 0 };
  if (value === null || typeof value !== "object") return { bytes: 9, items: 1, depth: 0 };
  if (value instanceof Date) return { bytes: 10, items: 2, depth: 0 };
  const size = { bytes: 5, items: 1, depth: 0 };
  const children = Array.isArray(value) ? value : Object.entries(value).flat();
  for (const child of children) {
    const inner = sizeOf(child);
    size.bytes += inner.bytes;
    size.items += inner.items;
    size.depth = Math.max(size.depth, inner.depth);
  }
  size.depth++;
  return size;
}
