/**
 * A temperature held with nothing to tune: a PI loop with cautious gains.
 *
 * The gains suit what hangs on fans: heat sinks that lose 0.3 to 2 °C for each percent more duty
 * within ten seconds to some minutes, and drives that lose a tenth of that within ten minutes. A
 * loop over such a lag is stable for any integral; what limits it is the proportional gain times
 * the delay of fan, sensor and tick (some seconds). Far off the target the error counts
 * more than it measures, so that the loop is gentle where it dwells and strong where it matters:
 * 20 °C above ask for nearly everything at once. Within the deadband it does not move at all,
 * which is what makes it quiet.
 *
 * @module
 */
import type { PidTerms } from "./pid.ts";

/** A target law as it is configured. */
export interface TargetLaw {
  shape: "target";
  /** What is to be held, in °C. */
  targetC: number;
  /** How far off either way the temperature may be without any answer, in °C. */
  deadbandC: number;
  /** The range of its result, in percent. */
  minPercent: number;
  maxPercent: number;
}

/** Duty for a degree beside the deadband, in %/°C. */
const GAIN = 1.5;
/** After this long an error has added as much again as it asks for at once, in seconds. */
const INTEGRAL_TIME_S = 90;
/** An error of this size counts twice, in °C. */
const DOUBLES_AT_C = 10;

/** The terms of a {@link TargetLaw}. */
export function targetTerms(law: TargetLaw): PidTerms {
  return {
    kp: GAIN,
    ki: GAIN / INTEGRAL_TIME_S,
    kd: 0,
    minPercent: law.minPercent,
    maxPercent: law.maxPercent,
    slewPercentPerS: null,
    error(tempC) {
      const off = tempC - law.targetC;
      const beyond = Math.max(0, Math.abs(off) - law.deadbandC);
      return Math.sign(off) * beyond * (1 + beyond / DOUBLES_AT_C);
    },
  };
}
