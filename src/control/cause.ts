/**
 * The reasons for a duty, and who outranks whom.
 *
 * @module
 */
import { formatPercent, FULL_PERCENT } from "./percent.ts";

/** What kind of reason it is. */
export type CauseKind = "critical" | "failsafe" | "floor" | "override" | "profile" | "curve";

/** One reason for a duty, in words and as a number. */
export interface Cause {
  kind: CauseKind;
  /** The sensor, the curve, or the rule that it comes from. */
  name: string;
  /** What it asks for, 0 to 100. */
  percent: number;
  /** The reason in words, with its numbers. */
  text: string;
}

const RANK: Readonly<Record<CauseKind, number>> = {
  critical: 0,
  failsafe: 1,
  floor: 2,
  override: 3,
  profile: 4,
  curve: 5,
};

/** Sorts by rank, and within a rank by what is asked for: the highest first. */
export function compareCauses(a: Cause, b: Cause): number {
  return RANK[a.kind] - RANK[b.kind] || b.percent - a.percent;
}

/** The cause of a failsafe that `what` has set off. */
export function failsafeCause(name: string, what: string, percent = FULL_PERCENT): Cause {
  return {
    kind: "failsafe",
    name,
    percent,
    text: `failsafe: ${what} -> ${formatPercent(percent)}`,
  };
}
