/**
 * What a shelf is asked for when nothing is wrong: curves, bent by a profile, moved gently.
 *
 * @module
 */
import type { Cause } from "../cause.ts";
import type { OutputFilter } from "../output/output_filter.ts";
import { formatPercent } from "../percent.ts";
import { profileCause, type ProfileInForce, type ProfilePolicy } from "../profile/profile.ts";

/** A profile in force and its rules. */
export interface ActiveProfile {
  policy: ProfilePolicy;
  inForce: ProfileInForce;
}

/** The comfort of one shelf; the last that is not null stands in the place of those before it. */
export interface Comfort {
  curves: readonly Cause[];
  /** What the profile in force makes of the highest curve. */
  profile: Cause | null;
  /** What the filters of the output make of that, where it is another duty. */
  output: Cause | null;
}

/** Works out the comfort of this tick; moves the output's filters on. */
export function weighComfort(
  curves: readonly Cause[],
  active: ActiveProfile | null,
  output: OutputFilter | null,
  nowMs: number,
): Comfort {
  if (curves.length === 0) return { curves, profile: null, output: null };
  const highest = highestOf(curves);
  const profile = active && profileCause(active.policy, active.inForce, highest.percent);
  const asked = profile ?? highest;
  const given = output === null ? asked.percent : output.apply(asked.percent, nowMs);
  return { curves, profile, output: given === asked.percent ? null : outputCause(asked, given) };
}

function highestOf(causes: readonly Cause[]): Cause {
  return causes.reduce((highest, cause) => cause.percent > highest.percent ? cause : highest);
}

function outputCause(asked: Cause, percent: number): Cause {
  const text = `${asked.text}, filtered -> ${formatPercent(percent)}`;
  return { kind: asked.kind, name: "output", percent, text };
}
