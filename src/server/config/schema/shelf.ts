/**
 * `[[shelf]]` and `[[shelf.cause]]`.
 *
 * @module
 */

import { DEFAULT_FLOOR_PERCENT } from "../../../control/defaults.ts";
import { oneOf, text, texts, v, within } from "../toml_rules.ts";
import { percent, table } from "./table.ts";

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
