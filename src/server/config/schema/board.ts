/**
 * `[[board]]`.
 *
 * @module
 */

import { isLineSpec, KNOWN_LINES } from "../../../board/line_spec.ts";
import { isTable, type Table, text, v, whole } from "../toml_rules.ts";
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
