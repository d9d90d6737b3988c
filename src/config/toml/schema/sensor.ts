/**
 * `[[sensor]]`, by its type.
 *
 * @module
 */

import { DEFAULT_MISSES } from "../../../control/defaults.ts";
import { bool, oneOf, text, v, whole } from "../rules.ts";
import { SOURCES } from "./source.ts";
import { HEALTH_KEYS } from "./health.ts";
import { milliseconds, percent, table, tempC } from "./table.ts";

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
  ...HEALTH_KEYS,
};

/** What a drive is decides which temperatures it stands, and no default is safe for both. */
const driveKeys = { ...sensorKeys, kind: oneOf(["hdd", "ssd"]) };

/** `[[sensor]]`, by its type. */
export const SENSOR = {
  hwmon: table({ ...sensorKeys, ...SOURCES.hwmon }),
  cpu: table({ ...sensorKeys, ...SOURCES.cpu }),
  drivetemp: table({ ...driveKeys, ...SOURCES.drivetemp }),
  smart: table({ ...driveKeys, ...SOURCES.smart }),
  nvidia: table({ ...sensorKeys, ...SOURCES.nvidia }),
  amdgpu: table({ ...sensorKeys, ...SOURCES.amdgpu }),
  ipmi: table({ ...sensorKeys, ...SOURCES.ipmi }),
  file: table({ ...sensorKeys, ...SOURCES.file }),
  command: table({ ...sensorKeys, ...SOURCES.command }),
  http: table({ ...sensorKeys, ...SOURCES.http }),
  pushed: table({ ...sensorKeys, ...SOURCES.pushed }),
  board: table({ ...sensorKeys, ...SOURCES.board }),
  simulated: table({ ...sensorKeys, ...SOURCES.simulated }),
};
