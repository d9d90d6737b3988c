/**
 * `[journal]` of a fand.toml.
 *
 * @module
 */

import { DEFAULT_JOURNAL, type JournalConfig } from "../journal_config.ts";
import type { Problems } from "../problems.ts";
import { read } from "./rules.ts";
import { JOURNAL } from "./schema.ts";

/** Reads the table; what has problems is as nobody configured it. */
export function readJournal(value: unknown, problems: Problems): JournalConfig {
  const journal = read(JOURNAL, value ?? {}, ["journal"], problems);
  if (!journal) return DEFAULT_JOURNAL;
  return {
    path: journal.path,
    maxBytes: journal.max_bytes,
    rawMs: journal.raw_ms,
    minutesMs: journal.minutes_ms,
    hoursMs: journal.hours_ms,
    auditEntries: journal.audit_entries,
  };
}
