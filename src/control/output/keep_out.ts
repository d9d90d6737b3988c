/**
 * Ranges of duty that the fans are kept out of, because something resonates there.
 *
 * @module
 */
import type { KeepOut } from "./output_policy.ts";

/** A fan that was lifted over a range comes down when the demand is this far below it. */
const HYSTERESIS_PERCENT = 2;

/** What is remembered of a range that the duty was lifted over. */
export interface LiftState {
  range: KeepOut;
  /** Since when the demand has been below the range and only held by the hysteresis. */
  heldSinceMs: number | null;
}

/** Lifts a duty over the ranges; time (monotonic) is passed in. */
export class KeepOutLift {
  readonly #ranges: readonly KeepOut[];
  readonly #reapplyMs: number;
  #lift: LiftState | null;

  constructor(ranges: readonly KeepOut[], reapplyMs: number, state: LiftState | null = null) {
    this.#ranges = ranges;
    this.#reapplyMs = reapplyMs;
    this.#lift = state && { ...state };
  }

  /** `percent`, or the upper end of the range that it lies in. */
  apply(percent: number, nowMs: number): number {
    if (this.#ranges.length === 0) return percent;
    const inside = this.#ranges.find(([from, to]) => percent > from && percent < to);
    if (inside) {
      this.#lift = { range: inside, heldSinceMs: null };
      return inside[1];
    }
    const lift = this.#lift;
    if (lift && isJustBelow(percent, lift.range)) {
      lift.heldSinceMs ??= nowMs;
      if (nowMs - lift.heldSinceMs < this.#reapplyMs) return lift.range[1];
    }
    this.#lift = null;
    return percent;
  }

  /** The range that the duty is lifted over now, and until when at the latest if it is held. */
  get lift(): LiftState | null {
    return this.#lift;
  }

  state(): LiftState | null {
    return this.#lift && { ...this.#lift };
  }
}

function isJustBelow(percent: number, [from]: KeepOut): boolean {
  return percent <= from && percent > from - HYSTERESIS_PERCENT;
}
