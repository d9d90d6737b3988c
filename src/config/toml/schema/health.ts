/**
 * What `[[sensor]]` says about when a sensor is believed, and what follows when it is not.
 *
 * @module
 */

import {
  DEFAULT_BOGUS_C,
  DEFAULT_HOLD_MS,
  DEFAULT_RECOVER_READINGS,
  DEFAULT_SIBLING_MS,
  DEFAULT_STUCK_MOVED_C,
  DEFAULT_STUCK_MS,
} from "../../../control/defaults.ts";
import { isTable, number, type Table, texts, v, whole, within } from "../rules.ts";
import { milliseconds, percent, table, tempC } from "./table.ts";

/** More single values than this are a range. */
const MOST_BOGUS = 16;

const temps = v.custom<number[]>(
  (value) =>
    Array.isArray(value) && value.length <= MOST_BOGUS &&
    value.every((each) => within(each, -100, 300)),
  `an array of at most ${MOST_BOGUS} numbers from -100 to 300 °C`,
);

/** The health keys of every type of sensor. */
export const HEALTH_KEYS = {
  failsafe: v.optional(v.custom<Table>(isTable, "a table { FAULT = PERCENT, … }")),
  failsafe_hold_ms: v.optional(milliseconds(0, 3_600_000), DEFAULT_HOLD_MS),
  recover_readings: v.optional(whole(1, 100), DEFAULT_RECOVER_READINGS),
  bogus_c: v.optional(temps, [...DEFAULT_BOGUS_C]),
  power_on_c: v.optional(tempC),
  slope_c_per_s: v.optional(number(0.001, 1000, "°C/s")),
  stuck_ms: v.optional(milliseconds(0, 86_400_000), DEFAULT_STUCK_MS),
  stuck_moved_c: v.optional(number(0.1, 100, "°C"), DEFAULT_STUCK_MOVED_C),
  stuck_with: v.optional(texts),
  siblings: v.optional(texts),
  sibling_max_c: v.optional(number(0.1, 200, "°C")),
  sibling_ms: v.optional(milliseconds(0, 86_400_000), DEFAULT_SIBLING_MS),
};

/** `failsafe` of `[[sensor]]`: a percentage for each kind of fault. */
export const FAILSAFE = table({
  missing: v.optional(percent),
  timeout: v.optional(percent),
  range: v.optional(percent),
  slope: v.optional(percent),
  stuck: v.optional(percent),
  disagree: v.optional(percent),
});
