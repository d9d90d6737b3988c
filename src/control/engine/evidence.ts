/**
 * What the sensors of a shelf say that no order may go below: limits and failures.
 *
 * @module
 */
import { type Cause, failsafeCause } from "../cause.ts";
import { clampPercent, formatPercent, formatTempC, FULL_PERCENT } from "../percent.ts";
import type { DerivedPolicy } from "../sensing/derived_policy.ts";
import type { SensorJudgement } from "../sensing/judgement.ts";
import { type SensorPolicy, usableForMs } from "../sensing/sensor_policy.ts";

/** A sensor that a shelf follows, or one that such a sensor is computed from. */
export interface WatchedSensor {
  readonly judgement: SensorJudgement;
  /** Of a derived sensor only the temperature counts: the rest is said by those behind it. */
  readonly isDerived: boolean;
  /** From here on it is critical; Infinity without a limit. */
  readonly criticalC: number;
  /** Whether the shelf waits for its first reading. */
  readonly required: boolean;
  /** How long one reading of it may be used; Infinity for a sensor that nobody polls. */
  readonly usableForMs: number;
}

/** A sensor that is read, as a shelf watches it. */
export function watchMeasured(
  judgement: SensorJudgement,
  policy: SensorPolicy | undefined,
): WatchedSensor {
  return {
    judgement,
    isDerived: false,
    criticalC: policy?.criticalC ?? Infinity,
    required: policy?.required ?? true,
    usableForMs: policy === undefined ? Infinity : usableForMs(policy),
  };
}

/** A sensor that is computed from others, as a shelf watches it. */
export function watchDerived(judgement: SensorJudgement, policy: DerivedPolicy): WatchedSensor {
  const criticalC = policy.criticalC ?? Infinity;
  return { judgement, isDerived: true, criticalC, required: false, usableForMs: Infinity };
}

/** What the sensors of a shelf say together. */
export interface Evidence {
  /** Critical temperatures and lost sensors, in no order. */
  causes: readonly Cause[];
  /** Required sensors that have neither reported nor failed. */
  waiting: readonly string[];
  /** How long the readings behind it stay usable. */
  validForMs: number;
}

const NONE: readonly never[] = [];

/** Weighs every sensor once. */
export function weighSensors(sensors: readonly WatchedSensor[], tickMs: number): Evidence {
  let causes: Cause[] | null = null;
  let waiting: string[] | null = null;
  let validForMs = Infinity;
  for (const watched of sensors) {
    const { judgement } = watched;
    const { state, tempC } = judgement;
    if (state === "waiting") {
      if (watched.required) (waiting ??= []).push(judgement.name);
      continue;
    }
    // One in doubt may still tell of heat.
    if (tempC !== null && tempC >= watched.criticalC) {
      (causes ??= []).push(criticalCause(judgement.name, tempC, watched.criticalC));
    }
    if (watched.isDerived) continue;
    if (state === "failed") {
      (causes ??= []).push(lost(judgement));
      // A failsafe rests on no reading that could grow old; it gets the time that one would
      // have, so that a lost sensor neither shortens what is renewed nor holds for ever.
      validForMs = Math.min(validForMs, watched.usableForMs);
    } else {
      // A sensor is judged at ticks: one more of them, or its own failsafe would never speak.
      validForMs = Math.min(validForMs, judgement.validForMs + tickMs);
    }
  }
  // Two ticks: by then the next one would be so late that it is a fault.
  if (!Number.isFinite(validForMs)) validForMs = 2 * tickMs;
  return { causes: causes ?? NONE, waiting: waiting ?? NONE, validForMs };
}

function criticalCause(name: string, tempC: number, criticalC: number): Cause {
  const found = `${formatTempC(tempC)} >= ${formatTempC(criticalC)}`;
  return {
    kind: "critical",
    name,
    percent: FULL_PERCENT,
    text: `critical: "${name}" ${found} -> ${formatPercent(FULL_PERCENT)}`,
  };
}

function lost({ name, reason, failsafePercent }: SensorJudgement): Cause {
  const what = `sensor "${name}" lost (${reason ?? "failed"})`;
  return failsafeCause(name, what, clampPercent(failsafePercent));
}
