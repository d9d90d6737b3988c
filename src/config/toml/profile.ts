/**
 * `[[profile]]` of a fand.toml.
 *
 * @module
 */

import type { ProfileConfig } from "../profile_config.ts";
import { Schedule, type ScheduleConfig } from "../schedule.ts";
import type { Names } from "../names.ts";
import { type KeyPath, type Problems, show } from "../problems.ts";
import { PROFILE } from "./schema.ts";
import { read } from "./rules.ts";

/** What a profile may refer to. */
export interface ProfileContext {
  readonly problems: Problems;
  readonly shelves: Names;
}

/** Reads one profile; null when it has problems. */
export function readProfile(
  value: unknown,
  path: KeyPath,
  { problems, shelves }: ProfileContext,
): ProfileConfig | null {
  const profile = read(PROFILE, value, path, problems);
  if (!profile) return null;
  for (const [index, name] of (profile.shelves ?? []).entries()) {
    shelves.expect(name, [...path, "shelves", index]);
  }
  const { percent = null, add_percent: addPercent } = profile;
  const { min_percent: minPercent, max_percent: maxPercent } = profile;
  const bends = addPercent !== 0 || minPercent !== 0 || maxPercent !== 100;
  if (bends === (percent !== null)) {
    problems.add(
      path,
      bends ? '"percent" and what bends the curves' : "nothing that it changes",
      '"percent", or one of "add_percent", "min_percent" and "max_percent"',
    );
  }
  if (minPercent > maxPercent) {
    problems.add([...path, "min_percent"], show(minPercent), `at most max_percent, ${maxPercent}`);
  }
  return {
    name: profile.name,
    shelves: profile.shelves ?? null,
    percent,
    addPercent,
    minPercent,
    maxPercent,
    maxMs: profile.max_ms,
    schedule: readSchedule(profile, path, problems),
  };
}

function readSchedule(
  keys: { from?: string | undefined; for_ms?: number | undefined; time_zone?: string | undefined },
  path: KeyPath,
  problems: Problems,
): ScheduleConfig | null {
  const { from, for_ms: forMs } = keys;
  if (from === undefined && forMs === undefined && keys.time_zone === undefined) return null;
  if (from === undefined || forMs === undefined) {
    const missing = from === undefined ? "from" : "for_ms";
    problems.add([...path, missing], "nothing", '"from" and "for_ms" together');
    return null;
  }
  const timeZone = keys.time_zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!isTimeZone(timeZone)) {
    const allowed = "an IANA time zone, such as Europe/Berlin or UTC";
    problems.add([...path, "time_zone"], show(timeZone), allowed);
    return null;
  }
  const schedule = { from, forMs, timeZone };
  try {
    new Schedule(schedule);
  } catch (error) {
    const reason = error instanceof Error
      ? error.message.replace(/^Cron\w+: |\.$/g, "")
      : String(error);
    const allowed = "five fields as cron has them, such as 0 22 * * 1-5";
    problems.add([...path, "from"], `${show(from)} (${reason})`, allowed);
    return null;
  }
  return schedule;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
