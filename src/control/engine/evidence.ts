/**
 * What the sensors of a shelf say together: limits, failures and curves.
 *
 * @module
 */
import { type Cause, failsafeCause } from "../cause.ts";
import { evaluateCurve } from "../demand/curve.ts";
import { clampPercent, formatPercent, formatTempC, FULL_PERCENT } from "../percent.ts";
import { type SensorJudgement, type SensorPolicy, usableForMs } from "../sensing/sensor_health.ts";
import type { CausePolicy, ShelfPolicy } from "./shelf_policy.ts";

/** What is known about the sensors of a shelf. */
export interface EvidenceInput {
  shelf: ShelfPolicy;
  /** The judgements of the sensors that the shelf names, in any order; others are ignored. */
  sensors: readonly SensorJudgement[];
  /** Policies by name of sensor. */
  policies: ReadonlyMap<string, SensorPolicy>;
  /** The period of the ticks. */
  tickMs: number;
}

/** What the sensors of a shelf say together. */
export interface Evidence {
  /** Critical temperatures, lost sensors and curves, in no order. */
  causes: Cause[];
  /** Required sensors that have neither reported nor failed. */
  waiting: string[];
  /** How long the readings behind it stay usable. */
  validForMs: number;
}

/** Judges every sensor that the shelf names, once, and its curves. */
export function weighSensors(
  input: EvidenceInput,
): Evidence {
  const judged = new Map<string, SensorJudgement>();
  for (const judgement of input.sensors) judged.set(judgement.name, judgement);
  const seen = new Set<string>();
  const causes: Cause[] = [];
  const waiting: string[] = [];
  let validForMs = Infinity;
  for (const { sensors } of input.shelf.causes) {
    for (const name of sensors) {
      if (seen.has(name)) continue;
      const sensor = judged.get(name) ?? unknownSensor(name);
      const policy = input.policies.get(name);
      seen.add(name);
      if (sensor.state === "waiting") {
        if (policy?.required ?? true) waiting.push(name);
        continue;
      }
      if (sensor.state === "failed") {
        causes.push(lost(sensor, policy));
        // A failsafe rests on no reading that could grow old; it gets the time that one would
        // have, so that a lost sensor neither shortens what is renewed nor holds for ever.
        if (policy) validForMs = Math.min(validForMs, usableForMs(policy));
        continue;
      }
      // A sensor is judged at ticks: one more of them, or its own failsafe would never speak.
      validForMs = Math.min(validForMs, sensor.validForMs + input.tickMs);
      const critical = criticalCause(sensor, policy);
      if (critical) causes.push(critical);
    }
  }
  addCurves(input.shelf, judged, causes);
  // Two ticks: by then the next one would be so late that it is a fault.
  if (!Number.isFinite(validForMs)) validForMs = 2 * input.tickMs;
  return { causes, waiting, validForMs };
}

/** A sensor that a shelf names and nobody polls has failed; it is not absent. */
function unknownSensor(name: string): SensorJudgement {
  return {
    name,
    kind: "unknown",
    state: "failed",
    tempC: null,
    ageMs: null,
    validForMs: 0,
    reason: "no such sensor",
  };
}

function addCurves(
  shelf: ShelfPolicy,
  judged: ReadonlyMap<string, SensorJudgement>,
  causes: Cause[],
): void {
  for (const policy of shelf.causes) {
    const cause = curveCause(policy, judged);
    if (cause) causes.push(cause);
  }
}

/** What a curve asks for at its hottest sensor; nothing while none of its sensors can be used. */
function curveCause(
  policy: CausePolicy,
  judged: ReadonlyMap<string, SensorJudgement>,
): Cause | null {
  let hottest: SensorJudgement | null = null;
  let hottestC = -Infinity;
  let asleep: string | null = null;
  for (const name of policy.sensors) {
    const sensor = judged.get(name);
    if (!sensor || sensor.state === "waiting" || sensor.state === "failed") continue;
    if (sensor.tempC === null) {
      asleep = name;
    } else if (!hottest || !(sensor.tempC <= hottestC)) {
      hottest = sensor;
      hottestC = sensor.tempC;
    }
  }
  if (!hottest && asleep === null) return null;
  // A device that sleeps is colder than every point: it asks for what the curve gives at rest.
  const percent = evaluateCurve(policy.curve, hottest ? hottestC : -Infinity);
  const found = hottest ? `${hottest.name} ${formatTempC(hottestC)}` : `${asleep} asleep`;
  return {
    kind: "curve",
    name: policy.name,
    percent,
    text: `${found} -> ${formatPercent(percent)}`,
  };
}

function criticalCause(sensor: SensorJudgement, policy: SensorPolicy | undefined): Cause | null {
  if (!policy || sensor.tempC === null || sensor.tempC < policy.criticalC) return null;
  const found = `${formatTempC(sensor.tempC)} >= ${formatTempC(policy.criticalC)}`;
  return {
    kind: "critical",
    name: sensor.name,
    percent: FULL_PERCENT,
    text: `critical: "${sensor.name}" ${found} -> ${formatPercent(FULL_PERCENT)}`,
  };
}

function lost(sensor: SensorJudgement, policy: SensorPolicy | undefined): Cause {
  const percent = clampPercent(policy?.failsafePercent ?? FULL_PERCENT);
  return failsafeCause(
    sensor.name,
    `sensor "${sensor.name}" lost (${sensor.reason ?? "failed"})`,
    percent,
  );
}
