/**
 * `[[sensor]]`, by its type.
 *
 * @module
 */

import { DEFAULT_MISSES } from "../../../control/defaults.ts";
import { DEFAULT_MAX_AGE_MS } from "../../../sensors/file.ts";
import type { SensorSource } from "../../../sensors/sensor_source.ts";
import { bool, number, oneOf, text, texts, v, whole } from "../toml_rules.ts";
import { milliseconds, percent, table, tempC } from "./table.ts";

/** The types that a file may name, each with what its source needs. */
export const SOURCES = {
  hwmon: {
    chip: v.optional(text),
    label: v.optional(text),
    device: v.optional(text),
    input: v.optional(whole(1, 999)),
  },
  cpu: {},
  file: {
    path: text,
    scale: v.optional(number(1e-6, 1e6, "°C per unit"), 1),
    max_age_ms: v.optional(milliseconds(1000, 86_400_000), DEFAULT_MAX_AGE_MS),
  },
  command: { argv: texts },
  smart: { serial: v.optional(text), device: v.optional(text) },
  simulated: { plant: text, source: text },
} as const satisfies Partial<Record<SensorSource["type"], object>>;

/** A type of sensor that a file may name. */
export type SourceType = keyof typeof SOURCES;

/** `type` of `[[sensor]]`, on its own: it decides which other keys there are. */
export const SENSOR_TYPE = oneOf(Object.keys(SOURCES) as SourceType[]);

const sensorKeys = {
  name: text,
  type: text,
  kind: v.optional(oneOf(["hdd", "ssd", "cpu", "other"])),
  interval_ms: v.optional(milliseconds(100, 3_600_000)),
  timeout_ms: v.optional(milliseconds(10, 600_000)),
  misses: v.optional(whole(0, 100), DEFAULT_MISSES),
  min_c: v.optional(tempC),
  max_c: v.optional(tempC),
  failsafe_percent: v.optional(percent),
  critical_c: v.optional(tempC),
  required: v.optional(bool, true),
};

/** `[[sensor]]`, by its type. */
export const SENSOR = {
  hwmon: table({ ...sensorKeys, ...SOURCES.hwmon }),
  cpu: table({ ...sensorKeys, ...SOURCES.cpu }),
  file: table({ ...sensorKeys, ...SOURCES.file }),
  command: table({ ...sensorKeys, ...SOURCES.command }),
  smart: table({ ...sensorKeys, ...SOURCES.smart, kind: oneOf(["hdd", "ssd"]) }),
  simulated: table({ ...sensorKeys, ...SOURCES.simulated }),
};
