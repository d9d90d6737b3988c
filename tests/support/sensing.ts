/**
 * Sensors with simple rules, for tests of how they are judged.
 *
 * @module
 */

import type { SensorJudgement, SensorPolicy } from "../../src/control/sensing/sensor_health.ts";
import type { Sensing } from "../../src/control/sensing/sensing.ts";

/** Read once a second, may miss three times; a reading is good for 4.5 s. */
export function sensorPolicy(name: string, changes: Partial<SensorPolicy> = {}): SensorPolicy {
  return {
    name,
    kind: "hdd",
    intervalMs: 1000,
    timeoutMs: 500,
    misses: 3,
    minC: -20,
    maxC: 120,
    failsafePercent: 100,
    criticalC: 60,
    required: true,
    ...changes,
  };
}

/** What one sensor does at one second. */
export type Heard = number | "asleep" | { miss: string; fault?: "missing" | "timeout" } | null;

/**
 * Lets each sensor of `heard` be read at `atMs`, judges, and returns the judgement of one.
 */
export function tick(
  sensing: Sensing,
  atMs: number,
  heard: Readonly<Record<string, Heard>>,
): ReadonlyMap<string, SensorJudgement> {
  for (const [name, what] of Object.entries(heard)) {
    if (what === null) continue;
    if (what === "asleep") sensing.asleep(name, atMs);
    else if (typeof what === "number") sensing.reading(name, what, atMs);
    else sensing.miss(name, what.miss, what.fault ?? "missing", atMs);
  }
  return sensing.judge(atMs);
}

/** A copy of one judgement, for it changes at the next one. */
export function standing(sensing: Sensing, name: string): SensorJudgement {
  const judgement = sensing.judgements.get(name);
  if (!judgement) throw new Error(`There is no sensor "${name}"`);
  return { ...judgement };
}
