/**
 * What a shelf's decision is worth at this moment: the duty to announce and for how long.
 *
 * @module
 */

import type { Decision } from "../../control/engine/decision.ts";

/** The duty that goes to agents. */
export interface Duty {
  /** 0 to 100. */
  readonly percent: number;
  /** How old the decision is. */
  readonly ageMs: number;
  /** How long it may be held from now on; more than 0. */
  readonly ttlMs: number;
  /** Why this is not the decision itself, or null. */
  readonly fault: string | null;
}

/**
 * The duty of `decision` at `nowMs`: the smaller of the session's TTL and the validity that is
 * left. A decision older than two ticks, or whose readings have run out, is not renewed by a
 * heartbeat: full speed is announced in its place.
 */
export function dutyAt(
  decision: Decision,
  nowMs: number,
  times: { tickMs: number; dutyTtlMs: number },
): Duty {
  const ageMs = Math.max(0, nowMs - decision.decidedMs);
  const leftMs = decision.validForMs - ageMs;
  if (ageMs > 2 * times.tickMs) {
    return failsafe(ageMs, times.dutyTtlMs, `the last tick ran ${Math.round(ageMs)} ms ago`);
  }
  if (leftMs <= 0) return failsafe(ageMs, times.dutyTtlMs, "its readings have run out");
  return {
    percent: decision.percent,
    ageMs,
    ttlMs: Math.max(1, Math.min(times.dutyTtlMs, leftMs)),
    fault: null,
  };
}

/**
 * The part of a duty that no hand at the board may go below: what critical temperatures, failsafes
 * and faults ask for, at most the duty itself, because an override may have been forced below them.
 */
export function urgentPercent(decision: Decision, duty: Duty): number {
  if (duty.fault !== null) return duty.percent;
  const urgent = decision.causes.filter(({ kind }) => kind === "critical" || kind === "failsafe");
  return Math.min(duty.percent, Math.max(0, ...urgent.map(({ percent }) => percent)));
}

function failsafe(ageMs: number, ttlMs: number, fault: string): Duty {
  return { percent: 100, ageMs, ttlMs, fault };
}
