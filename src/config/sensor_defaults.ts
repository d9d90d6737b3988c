/**
 * What holds for a sensor when its configuration does not say, by what it measures and by how it
 * is read.
 *
 * @module
 */

import {
  DEFAULT_BOGUS_C,
  DEFAULT_FAILSAFE_PERCENT,
  DEFAULT_HOLD_MS,
  DEFAULT_MISSES,
  DEFAULT_RECOVER_READINGS,
  DEFAULT_STUCK_MOVED_C,
  DEFAULT_STUCK_MS,
  defaultCriticalC,
} from "../control/defaults.ts";
import type { SensorConfig, SensorKind } from "./config.ts";
import type { SensorSource } from "../sensors/sensor_source.ts";

/** No reading is trusted longer than this, whatever interval and misses add up to. */
export const MAX_USABLE_MS = 3_600_000;

/** How often a source is read and how long one reading may take, in milliseconds. */
const TIMING: Readonly<Record<SensorSource["type"], { intervalMs: number; timeoutMs: number }>> = {
  hwmon: { intervalMs: 1000, timeoutMs: 1000 },
  cpu: { intervalMs: 1000, timeoutMs: 1000 },
  drivetemp: { intervalMs: 10_000, timeoutMs: 20_000 },
  smart: { intervalMs: 60_000, timeoutMs: 20_000 },
  nvidia: { intervalMs: 5000, timeoutMs: 5000 },
  amdgpu: { intervalMs: 1000, timeoutMs: 1000 },
  ipmi: { intervalMs: 10_000, timeoutMs: 20_000 },
  file: { intervalMs: 1000, timeoutMs: 1000 },
  command: { intervalMs: 5000, timeoutMs: 5000 },
  http: { intervalMs: 5000, timeoutMs: 5000 },
  pushed: { intervalMs: 1000, timeoutMs: 1000 },
  board: { intervalMs: 1000, timeoutMs: 1000 },
  simulated: { intervalMs: 1000, timeoutMs: 1000 },
  missing: { intervalMs: 60_000, timeoutMs: 1000 },
};

const MIN_C = -20;
const MAX_C: Readonly<Record<SensorKind, number>> = { hdd: 100, ssd: 120, cpu: 125, other: 150 };

/** A sensor of this kind and source with every default in place. */
export function defaultSensor(
  name: string,
  kind: SensorKind | "drive",
  source: SensorSource,
): SensorConfig {
  return {
    name,
    kind,
    source,
    ...TIMING[source.type],
    misses: DEFAULT_MISSES,
    minC: MIN_C,
    maxC: MAX_C[kind === "drive" ? "ssd" : kind],
    failsafePercent: DEFAULT_FAILSAFE_PERCENT,
    criticalC: defaultCriticalC(kind === "drive" ? "hdd" : kind),
    required: true,
    holdMs: DEFAULT_HOLD_MS,
    recoverReadings: DEFAULT_RECOVER_READINGS,
    bogusC: DEFAULT_BOGUS_C,
    stuck: { ms: DEFAULT_STUCK_MS, movedC: DEFAULT_STUCK_MOVED_C },
  };
}
