/**
 * `[[derived]]`, by its type.
 *
 * @module
 */

import { DERIVED_TYPES, type DerivedPolicy } from "../../../control/sensing/derived_policy.ts";
import { number, oneOf, text, texts, v, within } from "../rules.ts";
import { milliseconds, table, tempC } from "./table.ts";

const weights = v.custom<number[]>(
  (value) =>
    Array.isArray(value) && value.length > 0 && value.every((each) => within(each, 1e-3, 1e6)),
  "an array of numbers from 0.001 to 1000000, one for each sensor",
);

const derivedKeys = {
  name: text,
  type: text,
  kind: v.optional(oneOf(["hdd", "ssd", "cpu", "other"]), "other"),
  of: texts,
  critical_c: v.optional(tempC),
};
const span = milliseconds(1000, 86_400_000);

/** `[[derived]]`, by its type. */
export const DERIVED = {
  max: table(derivedKeys),
  min: table(derivedKeys),
  mean: table(derivedKeys),
  weighted: table({ ...derivedKeys, weights }),
  difference: table(derivedKeys),
  offset: table({ ...derivedKeys, offset_c: number(-100, 100, "°C") }),
  average: table({ ...derivedKeys, window_ms: span }),
  ema: table({ ...derivedKeys, tau_ms: span }),
  peak_hold: table({ ...derivedKeys, hold_ms: span }),
} as const satisfies Record<DerivedPolicy["type"], object>;

/** `type` of `[[derived]]`, on its own: it decides which other keys there are. */
export const DERIVED_TYPE = oneOf(DERIVED_TYPES);
