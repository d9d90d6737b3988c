/**
 * How long to wait before trying again.
 *
 * @module
 */

/** The bounds of a wait that doubles with every failure. */
export interface Backoff {
  /** The longest first wait. */
  readonly firstMs: number;
  /** The longest wait of all. */
  readonly mostMs: number;
}

/** For lines and servers that are expected back: from a quarter of a second to five seconds. */
export const DEFAULT_BACKOFF: Backoff = { firstMs: 250, mostMs: 5000 };

/**
 * The wait after `failures` failures in a row, with full jitter: anywhere from nothing to the
 * bound, so that a thousand agents that lost one server do not come back as one.
 *
 * @param random 0 up to but not including 1.
 */
export function backoffMs(failures: number, random: number, backoff: Backoff): number {
  const bound = Math.min(backoff.mostMs, backoff.firstMs * 2 ** Math.max(0, failures - 1));
  return random * bound;
}

/** Nobody waits for longer than so many times the first patience. */
const MOST_PATIENCE = 4;

/**
 * How long to wait for an answer after `failures` failures in a row: longer each time, because a
 * server that thousands come back to at once would otherwise only ever serve those who have left.
 */
export function patienceMs(failures: number, firstMs: number): number {
  return firstMs * Math.min(MOST_PATIENCE, 1 + failures);
}
