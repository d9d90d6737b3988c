/**
 * `[[board]]`.
 *
 * @module
 */

import { SYSTEM_PLACES } from "../../../board/hwmon/places.ts";
import { isLineSpec, KNOWN_LINES } from "../../../board/line_spec.ts";
import { isTable, type Table, text, v, whole } from "../rules.ts";
import { percent, table } from "./table.ts";

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
  calibration: v.optional(text),
  state: v.optional(text, SYSTEM_PLACES.stateDir),
  sysfs: v.optional(text, SYSTEM_PLACES.sysfsRoot),
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
