/**
 * Profiles: what the curves ask for, bent for a while: quiet while somebody records, more air
 * while somebody has the machine open. They stand below overrides and above curves.
 *
 * @module
 */
import type { Cause } from "../cause.ts";
import { clampPercent, formatPercent } from "../percent.ts";

/** What a profile does to what the curves ask for. */
export interface ProfilePolicy {
  /** Unique among the profiles. */
  name: string;
  /** The shelves that it is about; null: all. */
  shelves: readonly string[] | null;
  /** A constant duty in place of the curves, 0 to 100, or null. */
  percent: number | null;
  /** Added to what the curves ask for, -100 to 100. */
  addPercent: number;
  /** What it never goes below, 0 to 100. */
  minPercent: number;
  /** What it never goes above, 0 to 100. */
  maxPercent: number;
  /** The longest that one order may keep it in force, in milliseconds. */
  maxMs: number;
}

/** Who may put a profile in force; of several, the first here has its way. */
export type ProfileSource = "hand" | "rig" | "schedule";

/** A profile while it is in force. */
export interface ProfileInForce {
  name: string;
  source: ProfileSource;
  /** Who, in words. */
  owner: string;
  /** Why, in words; null when nobody said. */
  reason: string | null;
  /** When it ends on the monotonic clock. */
  expiresMs: number;
  /** The same moment in milliseconds since the Unix epoch, to show and to store. */
  expiresAt: number;
}

/** The profile that is there without being configured: it changes nothing. */
export const NORMAL_PROFILE: ProfilePolicy = {
  name: "normal",
  shelves: null,
  percent: null,
  addPercent: 0,
  minPercent: 0,
  maxPercent: 100,
  maxMs: 366 * 86_400_000,
};

/** Whether `profile` exists and its time is not up. */
export function profileInForce(
  profile: ProfileInForce | null,
  nowMs: number,
): profile is ProfileInForce {
  return profile !== null && nowMs < profile.expiresMs;
}

/** Whether `policy` has anything to say about `shelf`. */
export function concerns(policy: ProfilePolicy, shelf: string): boolean {
  return policy.shelves === null || policy.shelves.includes(shelf);
}

/**
 * What `policy` makes of `percent`, which the curves ask for.
 *
 * @example
 * ```ts
 * import { applyProfile, NORMAL_PROFILE } from "./profile.ts";
 *
 * applyProfile({ ...NORMAL_PROFILE, name: "quiet", maxPercent: 40 }, 75); // 40
 * applyProfile({ ...NORMAL_PROFILE, name: "service", addPercent: 20 }, 75); // 95
 * ```
 */
export function applyProfile(policy: ProfilePolicy, percent: number): number {
  if (policy.percent !== null) return clampPercent(policy.percent);
  const bent = Math.min(
    policy.maxPercent,
    Math.max(policy.minPercent, percent + policy.addPercent),
  );
  return clampPercent(bent);
}

/** The cause that a profile is; `curvePercent` is what it takes the place of. */
export function profileCause(
  policy: ProfilePolicy,
  inForce: ProfileInForce,
  curvePercent: number,
): Cause {
  const percent = applyProfile(policy, curvePercent);
  const reason = inForce.reason === null ? "" : ` (${inForce.reason})`;
  return {
    kind: "profile",
    name: policy.name,
    percent,
    text: `profile "${policy.name}" by ${inForce.owner}${reason}: ` +
      `curves ${formatPercent(curvePercent)} -> ${formatPercent(percent)}`,
  };
}
