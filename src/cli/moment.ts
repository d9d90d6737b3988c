/**
 * Moments as people type them: some time ago, or a date. Pure.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import type { Moment } from "./command.ts";
import { parseDate } from "./date.ts";
import { parseDuration } from "./duration.ts";

/** As a duration it would be minutes and seconds; who looks back means the clock on the wall. */
const TIME_OF_DAY = /^\d{1,2}:\d{2}$/;

/**
 * The moment that `text` names.
 *
 * @param localZone gives the IANA name of the user's zone, for dates that name none.
 * @throws {UsageError} When it is neither a duration nor a date.
 */
export function parseMoment(text: string, localZone: () => string): Moment {
  if (TIME_OF_DAY.test(text.trim())) {
    throw new UsageError(
      `Cannot read the moment "${text}": it may be a time of day or a duration; ` +
        "write a date with it, as 2030-12-29T23:07, or units, as 23m7s",
    );
  }
  try {
    return { kind: "ago", durationMs: parseDuration(text) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
  }
  return { kind: "at", date: parseDate(text, localZone()) };
}

/** When `moment` is, in ms since the Unix epoch; a duration counts back from `nowMs`. */
export function momentMs(moment: Moment, nowMs: number): number {
  return moment.kind === "ago" ? nowMs - moment.durationMs : moment.date.getTime();
}
