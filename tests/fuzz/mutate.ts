/**
 * Bytes that were right once: bits turned, pieces cut out, doubled, overwritten or taken from
 * another.
 *
 * @module
 */

import { joined } from "./joined.ts";
import type { Random } from "./random.ts";

/** Heads of CBOR items that say much with one byte, and numbers at the edges. */
const ODD_BYTES = [0x00, 0x18, 0x1b, 0x3b, 0x5f, 0x7f, 0x80, 0x9b, 0x9f, 0xa0, 0xbb, 0xbf, 0xc0]
  .concat(0xc1, 0xc2, 0xd9, 0xf4, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xff);
const MOST_CHANGES = 4;

/** A changed copy of `bytes`; `other` may lend a piece. */
export function mutate(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let changed: Uint8Array = bytes.slice();
  for (let left = 1 + random(MOST_CHANGES); left > 0; left--) {
    changed = change(changed, other, random);
  }
  return changed;
}

function change(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const at = random(bytes.length + 1);
  const length = 1 + random(8);
  switch (random(7)) {
    case 0:
      if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
      return bytes;
    case 1:
      if (at < bytes.length) bytes[at] = ODD_BYTES[random(ODD_BYTES.length)] ?? 0;
      return bytes;
    case 2:
      return joined([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 3:
      return bytes.slice(0, at);
    case 4:
      return joined([bytes.subarray(0, at + length), bytes.subarray(at)]);
    case 5: {
      const from = random(other.length + 1);
      const piece = other.subarray(from, from + length);
      return joined([bytes.subarray(0, at), piece, bytes.subarray(at)]);
    }
    default:
      for (let index = at; index < Math.min(bytes.length, at + length); index++) {
        bytes[index] = random(256);
      }
      return bytes;
  }
}
