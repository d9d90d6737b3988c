/**
 * What may still be said of a decision when nobody has decided since: a heartbeat renews only
 * what a tick that ran has decided from readings that are still good.
 *
 * @module
 */
import type { Decision } from "./decision.ts";
import { FULL_PERCENT } from "./percent.ts";

/** A duty and how long it may be relied on. */
export interface Renewal {
  /** 0 to 100. */
  percent: number;
  /** Milliseconds, always above 0. */
  validForMs: number;
  /** False when the decision is too old, and this is the failsafe instead. */
  renewed: boolean;
}

/**
 * What holds at `nowMs` (monotonic): `decision` with the validity that it has left or, when the
 * ticks have stopped or its readings are used up, full speed.
 */
export function renewDecision(decision: Decision, nowMs: number, tickMs: number): Renewal {
  const ageMs = nowMs - decision.decidedMs;
  const leftMs = decision.validForMs - ageMs;
  // The next tick was due at one period; later than another one is the fault of a late tick.
  if (ageMs <= 2 * tickMs && leftMs > 0) {
    return { percent: decision.percent, validForMs: leftMs, renewed: true };
  }
  return { percent: FULL_PERCENT, validForMs: 2 * tickMs, renewed: false };
}
