/**
 * How the comfort duty of a shelf may move.
 *
 * @module
 */

/** A range of duty in percent that the fans are kept out of, its ends not included. */
export type KeepOut = readonly [fromPercent: number, toPercent: number];

/** The rules of one shelf's output. They bind what is comfort, and nothing that is safety. */
export interface OutputPolicy {
  /** By how much the duty rises in a second at most; null: as fast as it is asked to. */
  risePercentPerS: number | null;
  /** By how much it falls in a second at most; null: as fast as it is asked to. */
  fallPercentPerS: number | null;
  /** The least duty of a fan that is on; what is asked for below is raised to it. */
  minimumPercent: number;
  /** The least duty for the first seconds of a fan that was off. */
  startPercent: number;
  /** Below this demand the fans are off; null: they are never off. */
  offBelowPercent: number | null;
  /** How long they stay on at least, in milliseconds. */
  minOnMs: number;
  /** How long they stay off at least, in milliseconds. */
  minOffMs: number;
  /** Where the fans resonate: in order, apart from each other. */
  keepOut: readonly KeepOut[];
  /** How long a duty may be held only because of a hysteresis, in milliseconds. */
  reapplyMs: number;
}

/** What holds when nothing is said: the duty is what is asked for. */
export const PLAIN_OUTPUT: Readonly<OutputPolicy> = Object.freeze({
  risePercentPerS: null,
  fallPercentPerS: null,
  minimumPercent: 0,
  startPercent: 0,
  offBelowPercent: null,
  minOnMs: 0,
  minOffMs: 0,
  keepOut: [],
  reapplyMs: 30_000,
});
