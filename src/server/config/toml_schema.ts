/**
 * Every key that a fand.toml may hold, with its type, range and default. docs/config.md tells the
 * same in prose, and a test compares the two.
 *
 * @module
 */

import { DEFAULT_MAX_AGE_MS } from "../../sensors/file.ts";
import { isLineSpec, KNOWN_LINES } from "../../board/line_spec.ts";
import { DEFAULT_FLOOR_PERCENT, DEFAULT_MISSES } from "../../control/defaults.ts";
import { DEFAULT_LIMITS, DEFAULT_SERVER } from "./config.ts";
import type { SensorSource } from "../../sensors/sensor_source.ts";
import {
  bool,
  isTable,
  knownKeys,
  number,
  oneOf,
  type Table,
  text,
  texts,
  v,
  type Valibot,
  whole,
  within,
} from "./toml_rules.ts";

const percent = number(0, 100, "%");
const tempC = number(-100, 300, "°C");
const milliseconds = (min: number, max: number) => whole(min, max, "ms");

/** A table with these keys and no others. */
function table<const E extends Parameters<Valibot["object"]>[0]>(entries: E) {
  const schema = v.pipe(
    v.custom<Table>(isTable, "a table"),
    v.object(entries, (issue) => missingText(entries, issue.path?.at(-1)?.key)),
  );
  knownKeys.set(schema, Object.keys(entries));
  return schema;
}

/** What is allowed for a key that is not there. */
function missingText(entries: object, key: unknown): string {
  const { message } = (entries as Record<string, { message?: unknown }>)[String(key)] ?? {};
  return String(typeof message === "function" ? message({ input: undefined }) : message);
}

const limits = DEFAULT_LIMITS;

/** The tables and keys at the top of the file. */
export const FILE = table({
  address: v.optional(text, DEFAULT_SERVER.address),
  port: v.optional(whole(0, 65_535), DEFAULT_SERVER.port),
  tick_ms: v.optional(milliseconds(100, 60_000), DEFAULT_SERVER.tickMs),
  heartbeat_ms: v.optional(milliseconds(100, 60_000), DEFAULT_SERVER.heartbeatMs),
  duty_ttl_ms: v.optional(milliseconds(200, 60_000), DEFAULT_SERVER.dutyTtlMs),
  rpm_ttl_ms: v.optional(milliseconds(200, 600_000), DEFAULT_SERVER.rpmTtlMs),
  store: v.optional(text, DEFAULT_SERVER.store ?? "none"),
  limits: v.optional(v.unknown(), {}),
  sensor: v.optional(v.custom<unknown[]>(Array.isArray, "tables [[sensor]]"), []),
  shelf: v.custom<unknown[]>(
    (value) => Array.isArray(value) && value.length > 0,
    "at least one table [[shelf]]",
  ),
  board: v.optional(v.custom<unknown[]>(Array.isArray, "tables [[board]]"), []),
  plant: v.optional(v.custom<Table>(isTable, "tables [plant.NAME]"), {}),
});

/** `[limits]`. */
export const LIMITS = table({
  clients: v.optional(whole(1, 100_000), limits.clients),
  frame_bytes: v.optional(whole(1024, 16_777_216, "bytes"), limits.frameBytes),
  depth: v.optional(whole(8, 256), limits.depth),
  items: v.optional(whole(256, 1_000_000), limits.items),
  output_bytes: v.optional(whole(4096, 67_108_864, "bytes"), limits.outputBytes),
  idle_ms: v.optional(milliseconds(1000, 86_400_000), limits.idleMs),
  frame_ms: v.optional(milliseconds(100, 600_000), limits.frameMs),
  write_ms: v.optional(milliseconds(100, 600_000), limits.writeMs),
  page: v.optional(whole(1, 100), limits.page),
  name_bytes: v.optional(whole(8, 1024, "bytes"), limits.nameBytes),
  shelves: v.optional(whole(1, 100_000), limits.shelves),
  sensors: v.optional(whole(1, 1_000_000), limits.sensors),
});

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

function pair(max: number, secondMax: number, allowed: string) {
  return v.custom<[number, number]>(
    (value) =>
      Array.isArray(value) && value.length === 2 && within(value[0], -100, max) &&
      within(value[1], 0, secondMax),
    allowed,
  );
}

const curvePoint = pair(300, 100, "[temperature from -100 to 300 °C, percent from 0 to 100]");
const CURVE = "an array of 1 to 64 points [°C, %]";

/** `[[shelf]]`. */
export const SHELF = table({
  name: text,
  floor_percent: v.optional(percent, DEFAULT_FLOOR_PERCENT),
  cause: v.custom<unknown[]>(
    (value) => Array.isArray(value) && value.length > 0,
    "at least one table [[shelf.cause]]",
  ),
});

/** `[[shelf.cause]]`. */
export const CAUSE = table({
  name: text,
  sensors: texts,
  shape: v.optional(oneOf(["linear", "step"]), "linear"),
  curve: v.pipe(
    v.custom<unknown[]>(
      (value) => Array.isArray(value) && value.length >= 1 && value.length <= 64,
      CURVE,
    ),
    v.array(curvePoint, CURVE),
  ),
});

const channel = whole(0, 15);

/** `[[board]]`. */
export const BOARD = table({
  name: text,
  line: v.optional(
    v.custom<string>(
      (value) => typeof value === "string" && isLineSpec(value),
      `a line: ${KNOWN_LINES}`,
    ),
    "sim:",
  ),
  safe_percent: v.optional(percent, 100),
  channels: v.custom<Table>(isTable, "a table { SHELF = [CHANNEL, …], … }"),
});

/** The channels of one shelf on a board. */
export const CHANNELS = v.pipe(
  v.custom<unknown[]>(
    (value) => Array.isArray(value) && value.length > 0,
    "an array of at least one channel",
  ),
  v.array(channel),
);

const loadPoint = v.custom<[number, number]>(
  (value) =>
    Array.isArray(value) && value.length === 2 && within(value[0], 0, 86_400) &&
    within(value[1], 0, 1),
  "[second from 0 to 86400, load from 0 to 1]",
);
const load = v.union([
  v.custom<number>((value) => within(value, 0, 1)),
  v.pipe(v.array(loadPoint), v.minLength(2)),
], "a load from 0 to 1, or at least two points [second from 0 to 86400, load from 0 to 1]");

/** `[plant.NAME]`. */
export const PLANT = table({
  ambient_c: v.optional(number(-40, 60, "°C"), 24),
  noise_k: v.optional(number(0, 10, "K"), 0.15),
  seed: v.optional(whole(0, 4_294_967_295), 1),
  source: v.optional(v.custom<unknown[]>(Array.isArray, "tables [[plant.NAME.source]]")),
});

/** `[[plant.NAME.source]]`. */
export const PLANT_SOURCE = table({
  name: text,
  load,
  idle_w: number(0, 10_000, "W"),
  full_w: number(0, 10_000, "W"),
  capacity_j_per_k: v.optional(number(0.1, 1e6, "J/K"), 10),
  still_w_per_k: v.optional(number(0.001, 1000, "W/K"), 0.3),
  flow_w_per_k: v.optional(number(0, 1000, "W/K"), 1.2),
});
