import { deepEqual, equal } from "node:assert/strict";
import { Schedule } from "../../../src/config/schedule.ts";

const HOUR_MS = 3_600_000;
const NIGHT = { from: "0 22 * * *", forMs: 8 * HOUR_MS, timeZone: "Europe/Berlin" };

/** What a schedule says at a moment, as ISO dates. */
function at(schedule: Schedule, date: string): { until: string | null; next: string | null } {
  const { untilMs, nextMs } = schedule.at(Date.parse(date));
  const iso = (ms: number | null) => ms === null ? null : new Date(ms).toISOString();
  return { until: iso(untilMs), next: iso(nextMs) };
}

Deno.test("a schedule is in force from its first millisecond to its last", () => {
  const schedule = new Schedule(NIGHT);
  equal(at(schedule, "2026-01-10T20:59:59.999Z").until, null);
  equal(at(schedule, "2026-01-10T21:00:00.000Z").until, "2026-01-11T05:00:00.000Z");
  equal(at(schedule, "2026-01-11T04:59:59.999Z").until, "2026-01-11T05:00:00.000Z");
  deepEqual(at(schedule, "2026-01-11T05:00:00.000Z"), {
    until: null,
    next: "2026-01-11T21:00:00.000Z",
  });
});

Deno.test("a schedule follows the summer time of its zone", () => {
  const schedule = new Schedule(NIGHT);
  equal(at(schedule, "2026-03-28T12:00:00Z").next, "2026-03-28T21:00:00.000Z");
  equal(at(schedule, "2026-03-29T12:00:00Z").next, "2026-03-29T20:00:00.000Z");
  // The hour that the clock leaps over counts as passed: eight hours are eight hours.
  equal(at(schedule, "2026-03-29T00:30:00Z").until, "2026-03-29T05:00:00.000Z");
});

Deno.test("a time that a day does not have begins when the clock has leapt over it", () => {
  const schedule = new Schedule({ from: "30 2 * * *", forMs: HOUR_MS, timeZone: "Europe/Berlin" });
  equal(at(schedule, "2026-03-29T00:30:00Z").next, "2026-03-29T01:00:00.000Z");
});

Deno.test("a schedule of a day that never comes is never in force", () => {
  const schedule = new Schedule({ from: "0 0 30 2 *", forMs: HOUR_MS, timeZone: "UTC" });
  deepEqual(at(schedule, "2026-01-01T00:00:00Z"), { until: null, next: null });
});
