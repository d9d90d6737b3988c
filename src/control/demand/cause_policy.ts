/**
 * What may ask a shelf for air: a law over sensors, or a combination of other causes.
 *
 * @module
 */
import type { Curve } from "./curve.ts";
import type { PidLaw } from "./pid.ts";
import type { TargetLaw } from "./target.ts";
import type { TempFilterPolicy } from "./temp_filter.ts";

/** How a temperature becomes a duty. */
export type Law = Curve | PidLaw | TargetLaw;

/** A law and the sensors that it follows. */
export interface SensorCause {
  /** Unique within its shelf. */
  name: string;
  curve: Law;
  /** Names of sensors. */
  sensors: string[];
  /** How several temperatures become one: the hottest, or the mean of those that can be used. */
  combine: "max" | "mean";
  /** What steadies the temperature before the law sees it; left out: nothing. */
  filter?: TempFilterPolicy;
}

/** Other causes of the same shelf, taken together; those no longer count by themselves. */
export interface CombinedCause {
  name: string;
  /** It has none of its own. */
  sensors: string[];
  /** Names of causes. */
  of: string[];
  /** The highest of their duties, the mean, or their sum (up to 100 %). */
  combine: "max" | "mean" | "sum";
}

/** One reason for air on a shelf. */
export type CausePolicy = SensorCause | CombinedCause;

/** Whether a cause combines others. */
export function isCombined(cause: CausePolicy): cause is CombinedCause {
  return "of" in cause;
}
