/**
 * What is kept of what happened, where, and for how long.
 *
 * @module
 */

/** `[journal]` of a configuration. */
export interface JournalConfig {
  /** The file; `memory` forgets with the process, `none` keeps nothing. */
  path: string;
  /** The most that the file, or the memory, holds of all shelves together. */
  maxBytes: number;
  /** How long every reading, event and decision is kept. */
  rawMs: number;
  /** How long the roll-ups by the minute are kept. */
  minutesMs: number;
  /** How long the roll-ups by the hour are kept. */
  hoursMs: number;
  /** How many changes that somebody made are kept. */
  auditEntries: number;
}

const DAY_MS = 86_400_000;

/** A journal in memory is never larger, whatever the configuration says. */
export const MEMORY_MAX_BYTES = 33_554_432;

/** The journal of a server that nobody configured: it needs no permission to write. */
export const DEFAULT_JOURNAL: Readonly<JournalConfig> = Object.freeze({
  path: "memory",
  maxBytes: 268_435_456,
  rawMs: DAY_MS,
  minutesMs: 31 * DAY_MS,
  hoursMs: 366 * DAY_MS,
  auditEntries: 10_000,
});
