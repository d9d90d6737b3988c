/**
 * `[[sensor]]` of a fand.toml.
 *
 * @module
 */

import type { SensorConfig } from "../config.ts";
import { type KeyPath, type Problems, show } from "../problems.ts";
import { type HealthContext, readHealth } from "./health.ts";
import { usableForMs } from "../../control/sensing/sensor_health.ts";
import { defaultSensor, MAX_USABLE_MS } from "../sensor_defaults.ts";
import { isTable, read } from "./rules.ts";
import { SENSOR_TYPE } from "./schema.ts";
import { readSource } from "./source.ts";

/** Reads one sensor; null when its keys are not usable. */
export function readSensor(
  value: unknown,
  path: KeyPath,
  context: HealthContext,
): SensorConfig | null {
  const { problems } = context;
  if (!isTable(value)) {
    problems.add(path, show(value), "a table [[sensor]]");
    return null;
  }
  const type = read(SENSOR_TYPE, value["type"], [...path, "type"], problems);
  const found = type && readSource(type, value, path, problems);
  if (!found) return null;
  const { keys, source } = found;
  const defaults = defaultSensor(
    keys.name,
    keys.kind ?? (type === "cpu" ? "cpu" : "other"),
    source,
  );
  // A stuck sensor that is not looked for must not come back with the defaults.
  const { stuck: _, ...rest } = defaults;
  const sensor: SensorConfig = {
    ...rest,
    intervalMs: keys.interval_ms ?? defaults.intervalMs,
    timeoutMs: keys.timeout_ms ?? defaults.timeoutMs,
    misses: keys.misses,
    minC: keys.min_c ?? defaults.minC,
    maxC: keys.max_c ?? defaults.maxC,
    failsafePercent: keys.failsafe_percent ?? defaults.failsafePercent,
    criticalC: keys.critical_c ?? defaults.criticalC,
    required: keys.required,
    ...readHealth(keys.name, keys, path, context),
  };
  checkConsistent(sensor, path, problems);
  return sensor;
}

/** The numbers of a sensor must make sense together. */
function checkConsistent(sensor: SensorConfig, path: KeyPath, problems: Problems): void {
  const { minC, criticalC, maxC } = sensor;
  if (minC >= maxC) {
    problems.add([...path, "max_c"], `${maxC} °C`, `a temperature above min_c (${minC} °C)`);
  } else if (criticalC <= minC || criticalC >= maxC) {
    problems.add(
      [...path, "critical_c"],
      `${criticalC} °C`,
      `a temperature between min_c (${minC} °C) and max_c (${maxC} °C): ` +
        "beyond them a reading is not believed",
    );
  }
  if (sensor.siblings && !sensor.siblings.names && sensor.kind === "other") {
    const allowed = 'siblings beside it, because kind "other" has none by itself';
    problems.add([...path, "sibling_max_c"], "no siblings", allowed);
  }
  const usableMs = usableForMs(sensor);
  if (usableMs > MAX_USABLE_MS) {
    problems.add(
      [...path, "interval_ms"],
      `a reading that is used for ${usableMs} ms`,
      `at most ${MAX_USABLE_MS} ms for interval_ms * (misses + 1) + timeout_ms`,
    );
  }
}
