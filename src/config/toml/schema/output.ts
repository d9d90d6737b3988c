/**
 * `[shelf.output]`.
 *
 * @module
 */

import { COMFORT_OUTPUT } from "../../../control/comfort_defaults.ts";
import { number, v, within } from "../rules.ts";
import { milliseconds, percent, table } from "./table.ts";

/** More ranges than this leave nothing to run at. */
const MOST_RANGES = 16;

const rate = number(0.01, 1000, "%/s");
/** From nothing to full speed in 200 s at the slowest: quiet must not cost air for longer. */
const riseRate = number(0.5, 1000, "%/s");
const leastMs = milliseconds(0, 3_600_000);

const ranges = v.custom<[number, number][]>(
  (value) =>
    Array.isArray(value) && value.length <= MOST_RANGES &&
    value.every((range) =>
      Array.isArray(range) && range.length === 2 && range.every((end) => within(end, 0, 100))
    ),
  `an array of at most ${MOST_RANGES} ranges [from %, to %]`,
);

/** `[shelf.output]`. */
export const OUTPUT = table({
  rise_percent_per_s: v.optional(riseRate),
  fall_percent_per_s: v.optional(rate, COMFORT_OUTPUT.fallPercentPerS ?? undefined),
  minimum_percent: v.optional(percent, COMFORT_OUTPUT.minimumPercent),
  start_percent: v.optional(percent, COMFORT_OUTPUT.startPercent),
  off_below_percent: v.optional(percent),
  min_on_ms: v.optional(leastMs, COMFORT_OUTPUT.minOnMs),
  min_off_ms: v.optional(leastMs, COMFORT_OUTPUT.minOffMs),
  keep_out: v.optional(ranges),
  reapply_ms: v.optional(milliseconds(1000, 3_600_000), COMFORT_OUTPUT.reapplyMs),
});
