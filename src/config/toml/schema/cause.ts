/**
 * `[[shelf.cause]]`, by how it asks for air.
 *
 * @module
 */

import { COMFORT_FILTER } from "../../../control/comfort_defaults.ts";
import { number, oneOf, text, texts, v, within } from "../rules.ts";
import { milliseconds, percent, table, tempC } from "./table.ts";

const CURVE = "an array of 1 to 64 points [°C, %]";

const curvePoint = v.custom<[number, number]>(
  (value) =>
    Array.isArray(value) && value.length === 2 && within(value[0], -100, 300) &&
    within(value[1], 0, 100),
  "[temperature from -100 to 300 °C, percent from 0 to 100]",
);

const hysteresisC = number(0, 100, "°C");
const responseMs = milliseconds(0, 3_600_000);

const sensorKeys = {
  name: text,
  sensors: texts,
  combine: v.optional(oneOf(["max", "mean"]), "max"),
};

const rangeKeys = {
  target_c: tempC,
  min_percent: v.optional(percent, 0),
  max_percent: v.optional(percent, 100),
};

/** `shape` of `[[shelf.cause]]`, on its own: it decides which other keys there are. */
export const SHAPE = v.optional(oneOf(["linear", "step", "cubic", "pid", "target"]), "linear");

const shape = v.optional(text, "linear");

/** `[[shelf.cause]]`: a table of points, feedback, a held temperature, or other causes. */
export const CAUSE = {
  table: table({
    ...sensorKeys,
    shape,
    curve: v.pipe(
      v.custom<unknown[]>(
        (value) => Array.isArray(value) && value.length >= 1 && value.length <= 64,
        CURVE,
      ),
      v.array(curvePoint, CURVE),
    ),
    rise_hysteresis_c: v.optional(hysteresisC, COMFORT_FILTER.riseHysteresisC),
    fall_hysteresis_c: v.optional(hysteresisC, COMFORT_FILTER.fallHysteresisC),
    rise_response_ms: v.optional(responseMs, COMFORT_FILTER.riseResponseMs),
    fall_response_ms: v.optional(responseMs, COMFORT_FILTER.fallResponseMs),
  }),
  pid: table({
    ...sensorKeys,
    shape: text,
    ...rangeKeys,
    kp: number(0, 1000, "%/°C"),
    ki: v.optional(number(0, 100, "%/(°C·s)"), 0),
    kd: v.optional(number(0, 10_000, "%·s/°C"), 0),
    slew_percent_per_s: v.optional(number(0.01, 1000, "%/s")),
  }),
  target: table({
    ...sensorKeys,
    shape: text,
    ...rangeKeys,
    deadband_c: v.optional(number(0, 20, "°C"), 1),
  }),
  of: table({
    name: text,
    of: texts,
    combine: v.optional(oneOf(["max", "mean", "sum"]), "max"),
  }),
};
