/**
 * `[journal]`.
 *
 * @module
 */

import { DEFAULT_JOURNAL } from "../../journal_config.ts";
import { text, v, whole } from "../rules.ts";
import { milliseconds, table } from "./table.ts";

const journal = DEFAULT_JOURNAL;

/** The longest time that anything is kept: ten years. */
const MOST_MS = 315_576_000_000;

/** `[journal]`. */
export const JOURNAL = table({
  path: v.optional(text, journal.path),
  max_bytes: v.optional(whole(4_194_304, 1_099_511_627_776, "bytes"), journal.maxBytes),
  raw_ms: v.optional(milliseconds(600_000, MOST_MS), journal.rawMs),
  minutes_ms: v.optional(milliseconds(7_200_000, MOST_MS), journal.minutesMs),
  audit_entries: v.optional(whole(100, 1_000_000), journal.auditEntries),
  hours_ms: v.optional(milliseconds(86_400_000, MOST_MS), journal.hoursMs),
});
