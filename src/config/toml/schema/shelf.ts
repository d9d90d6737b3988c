/**
 * `[[shelf]]`.
 *
 * @module
 */

import { DEFAULT_FLOOR_PERCENT } from "../../../control/defaults.ts";
import { isTable, type Table, text, v } from "../rules.ts";
import { percent, table } from "./table.ts";

/** `[[shelf]]`. */
export const SHELF = table({
  name: text,
  floor_percent: v.optional(percent, DEFAULT_FLOOR_PERCENT),
  cause: v.custom<unknown[]>(
    (value) => Array.isArray(value) && value.length > 0,
    "at least one table [[shelf.cause]]",
  ),
  output: v.optional(v.custom<Table>(isTable, "a table [shelf.output]"), {}),
  fans: v.optional(v.custom<Table>(isTable, "a table [shelf.fans]"), {}),
  physics: v.optional(v.custom<Table>(isTable, "a table [shelf.physics]"), {}),
});
