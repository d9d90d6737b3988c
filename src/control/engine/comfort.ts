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
  const highest = highestPercent(curves);
  const profile = active && profileCause(active.policy, active.inForce, highest);
  const asked = profile?.percent ?? highest;
  const given = output === null ? asked : output.apply(asked, nowMs);
  return { curves, profile, output: given === asked ? null : outputCause(asked, given) };
}

function highestPercent(causes: readonly Cause[]): number {
  let highest = 0;
  for (const { percent } of causes) if (percent > highest) highest = percent;
  return highest;
}

function outputCause(asked: number, percent: number): Cause {
  const text = `${formatPercent(asked)} asked for, filtered -> ${formatPercent(percent)}`;
  return { kind: "curve", name: "output", percent, text };
}
