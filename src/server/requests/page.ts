/**
 * Long answers in pages: a frame's limits hold for ten thousand shelves too.
 *
 * @module
 */

import type { WireValue } from "../../wire/value.ts";
import { sizeOf } from "./size.ts";

/** Room that a page leaves for the rest of the message. */
const RESERVE = { bytes: 512, items: 16 };

/** What one page may hold. */
export interface PageLimits {
  readonly entries: number;
  readonly frameBytes: number;
  readonly items: number;
}

/**
 * The entries of `names` after `cursor`, as many as fit, and the cursor of the next page or null
 * at the end. The cursor is the last name of a page, so a page stays right when shelves come
 * and go between two requests.
 *
 * @param names sorted.
 */
export function page(
  names: readonly string[],
  cursor: string | null,
  limits: PageLimits,
  entryOf: (name: string) => WireValue,
): [entries: WireValue[], next: string | null] {
  const first = cursor === null ? 0 : firstAfter(names, cursor);
  const entries: WireValue[] = [];
  let { bytes, items } = RESERVE;
  for (let index = first; index < names.length; index++) {
    const entry = entryOf(names[index] as string);
    const size = sizeOf(entry);
    bytes += size.bytes;
    items += size.items;
    const isFull = entries.length === limits.entries || bytes > limits.frameBytes ||
      items > limits.items;
    if (isFull && entries.length > 0) return [entries, names[index - 1] as string];
    entries.push(entry);
  }
  return [entries, null];
}

/** Index of the first name behind `cursor`, by bisection. */
function firstAfter(names: readonly string[], cursor: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[middle] as string) <= cursor) low = middle + 1;
    else high = middle;
  }
  return low;
}
