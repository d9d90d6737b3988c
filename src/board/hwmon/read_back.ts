/**
 * What a chip makes of the duties that it is told, learned from what it says afterwards: some know
 * a few levels only, some tell an old value for a while. Whatever else differs, somebody else has
 * written. Pure: time is passed in.
 *
 * @module
 */
import { FULL_VALUE } from "./output.ts";

/** What a duty that was read back means. */
export type Finding =
  /** All is as it was written. */
  | "as written"
  /** It differs and it is too early to tell why. */
  | "settling"
  /** The chip makes this of it, as is known from now on. */
  | "rounded"
  /** It was right before, so somebody has changed it. */
  | "changed";

/** A driver that keeps what it has read gives it out for up to three seconds. */
const SETTLE_MS = 4000;
/** A duty that jumps away from what was written more often than this is not settling. */
const MOST_JUMPS = 2;

/** The memory of one output; at most 256 values. */
export class ReadBack {
  readonly #made = new Map<number, number>();
  #written: number | null = null;
  #pending: { found: number; sinceMs: number; jumps: number } | null = null;

  /** What was written last; null before that. */
  get written(): number | null {
    return this.#written;
  }

  /** How many values there are of which the chip makes another one. */
  get rounded(): number {
    return [...this.#made].filter(([written, made]) => written !== made).length;
  }

  /** What to write so that the fan gets `wanted` or more, as far as the chip is known. */
  valueFor(wanted: number): number {
    let value = wanted;
    for (;;) {
      const made = this.#made.get(value);
      if (made === undefined || made >= wanted || value >= FULL_VALUE) return value;
      value = Math.min(FULL_VALUE, value + wanted - made);
    }
  }

  /** A value was written. */
  wrote(value: number): void {
    if (value !== this.#written) this.#pending = null;
    this.#written = value;
  }

  /** A value was read. */
  saw(found: number, nowMs: number): Finding {
    const written = this.#written;
    if (written === null) return "as written";
    const known = this.#made.get(written);
    if (found === written || found === known) {
      this.#made.set(written, found);
      this.#pending = null;
      return "as written";
    }
    if (known !== undefined) {
      // If what was learned was somebody else's value, it is learned anew.
      if (known !== written) this.#made.delete(written);
      return "changed";
    }
    return this.#settle(written, found, nowMs);
  }

  #settle(written: number, found: number, nowMs: number): Finding {
    const before = this.#pending;
    if (before?.found === found) {
      if (nowMs - before.sinceMs < SETTLE_MS) return "settling";
      this.#made.set(written, found);
      this.#pending = null;
      return "rounded";
    }
    const isNearer = before !== null &&
      Math.abs(found - written) < Math.abs(before.found - written);
    const jumps = before === null ? 0 : before.jumps + (isNearer ? 0 : 1);
    this.#pending = jumps > MOST_JUMPS ? null : { found, sinceMs: nowMs, jumps };
    return jumps > MOST_JUMPS ? "changed" : "settling";
  }
}
