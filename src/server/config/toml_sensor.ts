/**
 * `[[sensor]]` of a fand.toml.
 *
 * @module
 */

import type { SensorConfig, SensorKind } from "./config.ts";
import type { SensorSource } from "../../sensors/sensor_source.ts";
import { type KeyPath, type Problems, show } from "./problems.ts";
import { usableForMs } from "../../control/sensing/sensor_health.ts";
import { defaultSensor, MAX_USABLE_MS } from "./sensor_defaults.ts";
import { isTable, read } from "./toml_rules.ts";
import { SENSOR, SENSOR_TYPE, type SourceType } from "./toml_schema.ts";

/** The keys that every type of sensor has. */
interface CommonKeys {
  name: string;
  kind?: SensorKind | undefined;
  interval_ms?: number | undefined;
  timeout_ms?: number | undefined;
  misses: number;
  min_c?: number | undefined;
  max_c?: number | undefined;
  failsafe_percent?: number | undefined;
  critical_c?: number | undefined;
  required: boolean;
}

/** Reads one sensor; null when its keys are not usable. */
export function readSensor(
  value: unknown,
  path: KeyPath,
  problems: Problems,
): SensorConfig | null {
  if (!isTable(value)) {
    problems.add(path, show(value), "a table [[sensor]]");
    return null;
  }
  const type = read(SENSOR_TYPE, value["type"], [...path, "type"], problems);
  const found = type && readByType(type, value, path, problems);
  if (!found) return null;
  const { keys, source } = found;
  const defaults = defaultSensor(
    keys.name,
    keys.kind ?? (type === "cpu" ? "cpu" : "other"),
    source,
  );
  const sensor: SensorConfig = {
    ...defaults,
    intervalMs: keys.interval_ms ?? defaults.intervalMs,
    timeoutMs: keys.timeout_ms ?? defaults.timeoutMs,
    misses: keys.misses,
    minC: keys.min_c ?? defaults.minC,
    maxC: keys.max_c ?? defaults.maxC,
    failsafePercent: keys.failsafe_percent ?? defaults.failsafePercent,
    criticalC: keys.critical_c ?? defaults.criticalC,
    required: keys.required,
  };
  checkConsistent(sensor, path, problems);
  return sensor;
}

function readByType(
  type: SourceType,
  value: unknown,
  path: KeyPath,
  problems: Problems,
): { keys: CommonKeys; source: SensorSource } | null {
  switch (type) {
    case "hwmon": {
      const keys = read(SENSOR.hwmon, value, path, problems);
      if (!keys || !hasSome(keys, ["chip", "label", "device"], path, problems)) return null;
      const { chip, label, device, input } = keys;
      return { keys, source: { type, ...present({ chip, label, device, input }) } };
    }
    case "cpu": {
      const keys = read(SENSOR.cpu, value, path, problems);
      return keys && { keys, source: { type } };
    }
    case "file": {
      const keys = read(SENSOR.file, value, path, problems);
      return keys &&
        { keys, source: { type, path: keys.path, scale: keys.scale, maxAgeMs: keys.max_age_ms } };
    }
    case "command": {
      const keys = read(SENSOR.command, value, path, problems);
      return keys && { keys, source: { type, argv: keys.argv } };
    }
    case "smart": {
      const keys = read(SENSOR.smart, value, path, problems);
      if (!keys || !hasSome(keys, ["serial", "device"], path, problems)) return null;
      const { serial, device } = keys;
      return { keys, source: { type, ...present({ serial, device }) } };
    }
    case "simulated": {
      const keys = read(SENSOR.simulated, value, path, problems);
      return keys && { keys, source: { type, plant: keys.plant, source: keys.source } };
    }
  }
}

/** Something must say which device is meant. */
function hasSome(
  keys: Readonly<Record<string, unknown>>,
  names: readonly string[],
  path: KeyPath,
  problems: Problems,
): boolean {
  if (names.some((name) => keys[name] !== undefined)) return true;
  problems.add(path, `none of ${names.join(", ")}`, "one of them or more");
  return false;
}

/** `values` without what is undefined. */
function present<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: NonNullable<T[K]> };
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
  const usableMs = usableForMs(sensor);
  if (usableMs > MAX_USABLE_MS) {
    problems.add(
      [...path, "interval_ms"],
      `a reading that is used for ${usableMs} ms`,
      `at most ${MAX_USABLE_MS} ms for interval_ms * (misses + 1) + timeout_ms`,
    );
  }
}
