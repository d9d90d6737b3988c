/**
 * `[[alert]]` and `[[delivery]]`.
 *
 * @module
 */

import { FINDING_KINDS } from "../../../control/engine/finding.ts";
import { oneOf, text, texts, v } from "../rules.ts";
import { milliseconds, percent, table, tempC } from "./table.ts";

const severity = oneOf(["info", "warning", "critical"]);
const wait = (preset: number) => v.optional(milliseconds(0, 86_400_000), preset);

/** `[[alert]]`. */
export const ALERT = table({
  name: text,
  severity: v.optional(severity, "warning"),
  sensors: v.optional(texts),
  above_c: v.optional(tempC),
  below_c: v.optional(tempC),
  duty_above_percent: v.optional(percent),
  findings: v.optional(v.pipe(
    v.custom<unknown[]>(
      (value) => Array.isArray(value) && value.length > 0,
      "an array of at least one kind of finding",
    ),
    v.array(oneOf(["any", ...FINDING_KINDS])),
  )),
  least_severity: v.optional(severity, "warning"),
  shelves: v.optional(texts),
  warm_up_ms: wait(60_000),
  hold_ms: wait(10_000),
  clear_ms: wait(60_000),
  repeat_ms: v.optional(milliseconds(0, 604_800_000), 0),
  deliver: v.optional(texts, ["log"]),
  shutdown: v.optional(texts),
});

const url = v.custom<string>(
  (value) => typeof value === "string" && /^https?:$/.test(URL.parse(value)?.protocol ?? ""),
  "a URL that begins with http:// or https://",
);

const deliveryKeys = {
  name: text,
  type: text,
  timeout_ms: v.optional(milliseconds(100, 600_000), 10_000),
};

/** `[[delivery]]`, by its type. */
export const DELIVERY = {
  log: table(deliveryKeys),
  command: table({ ...deliveryKeys, argv: texts }),
  webhook: table({ ...deliveryKeys, url, bearer_file: v.optional(text) }),
};

/** `type` of `[[delivery]]`, on its own: it decides which other keys there are. */
export const DELIVERY_TYPE = oneOf(Object.keys(DELIVERY) as (keyof typeof DELIVERY)[]);
