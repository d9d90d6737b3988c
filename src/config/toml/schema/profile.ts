/**
 * `[[profile]]`.
 *
 * @module
 */

import { DEFAULT_PROFILE_MS } from "../../profile_config.ts";
import { number, text, texts, v } from "../rules.ts";
import { milliseconds, percent, table } from "./table.ts";

const WEEK_MS = 604_800_000;

/** `[[profile]]`. */
export const PROFILE = table({
  name: text,
  shelves: v.optional(texts),
  percent: v.optional(percent),
  add_percent: v.optional(number(-100, 100, "%"), 0),
  min_percent: v.optional(percent, 0),
  max_percent: v.optional(percent, 100),
  max_ms: v.optional(milliseconds(1000, WEEK_MS), DEFAULT_PROFILE_MS),
  from: v.optional(text),
  for_ms: v.optional(milliseconds(1000, WEEK_MS)),
  time_zone: v.optional(text),
});
