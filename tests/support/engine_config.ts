/** Configurations of an engine, as small as a test wants them. */

import type { EngineConfig } from "../../src/control/engine/engine_config.ts";
import type { ShelfPolicy } from "../../src/control/engine/shelf_policy.ts";
import type { SensorPolicy } from "../../src/control/sensing/sensor_policy.ts";

/** A sensor that is read once a second and may miss three times; 90 °C is critical. */
export function engineSensor(name: string, changes: Partial<SensorPolicy> = {}): SensorPolicy {
  return {
    name,
    kind: "other",
    intervalMs: 1000,
    timeoutMs: 500,
    misses: 3,
    minC: -20,
    maxC: 120,
    failsafePercent: 100,
    criticalC: 90,
    required: true,
    ...changes,
  };
}

/** A shelf on which the duty in percent is the temperature in °C, from 20 to 80. */
export function engineShelf(
  name: string,
  sensors: string[],
  changes: Partial<ShelfPolicy> = {},
): ShelfPolicy {
  const curve = { shape: "linear" as const, points: [[20, 20], [80, 80]] as const };
  const causes = [{ name: "curve", curve, sensors, combine: "max" as const }];
  return { name, floorPercent: 20, causes, ...changes };
}

/** A whole configuration; one shelf `nas` with a sensor `cpu` unless told otherwise. */
export function engineConfig(changes: Partial<EngineConfig> = {}): EngineConfig {
  return {
    tickMs: 1000,
    rpmTtlMs: 10_000,
    sensors: [engineSensor("cpu")],
    derived: [],
    shelves: [engineShelf("nas", ["cpu"])],
    profiles: [],
    ...changes,
  };
}
