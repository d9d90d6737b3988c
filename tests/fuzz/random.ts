/**
 * Numbers that look random and come again with the same seed, at a few nanoseconds each.
 *
 * @module
 */

/** Whole numbers from 0 up to but not including `below`. */
export type Random = (below: number) => number;

/** Marsaglia's xorshift with 32 bits. */
export function seeded(seed: number): Random {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
