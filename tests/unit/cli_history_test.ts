import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { historyPlot, plotColumns } from "../../src/cli/history/history_plot.ts";
import { historyCsv, historyTable } from "../../src/cli/history/history_table.ts";
import type { Span, Step } from "../../src/cli/history/steps.ts";
import { momentMs, parseMoment } from "../../src/cli/moment.ts";
import { UsageError } from "../../src/errors.ts";

const START_MS = Date.UTC(2030, 0, 1);

function step(minute: number, cpuC: number, more: Partial<Step> = {}): Step {
  return {
    at: new Date(START_MS + minute * 60_000),
    temps: new Map([["cpu", [cpuC - 1, cpuC, cpuC + 1] as Span]]),
    duty: [40, 40, 40],
    rpm: [990, 1000.4, 1010],
    failsafe: 0,
    ...more,
  };
}

Deno.test("a history's table has means, and ranges where they are wider than that", () => {
  const lines = historyTable([
    step(0, 45),
    step(1, 46, { failsafe: 0.25, rpm: null }),
    step(2, 47, { failsafe: 1, temps: new Map(), duty: [100, 100, 100] }),
  ], "UTC");
  deepEqual(lines.map((line) => line.replaceAll(/ {2,}/g, " | ")), [
    "time | duty % | rpm | cpu °C",
    "2030-01-01 00:00:00+00:00 | 40.0 | 1000 (990–1010) | 45.0 (44.0–46.0)",
    "2030-01-01 00:01:00+00:00 | 40.0 | unknown | 46.0 (45.0–47.0) | failsafe 25 % of it",
    "2030-01-01 00:02:00+00:00 | 100.0 | 1000 (990–1010) | unknown | failsafe",
  ]);
});

Deno.test("a history's values are RFC 4180, whatever the sensors are called", () => {
  const temps = new Map([['the "hot", one', [1, 2, 3] as Span]]);
  const [heads, values, ...rest] = historyCsv([step(0, 45, { temps, rpm: null, failsafe: null })]);
  equal(
    heads,
    "time,duty_percent_low,duty_percent_mean,duty_percent_high,rpm_low,rpm_mean,rpm_high," +
      '"the ""hot"", one_c_low","the ""hot"", one_c_mean","the ""hot"", one_c_high",failsafe_share',
  );
  equal(values, "2030-01-01T00:00:00.000Z,40,40,40,,,,1,2,3,");
  deepEqual(rest, []);
});

Deno.test("a history's drawing fits the terminal, and marks what was a failsafe", () => {
  const steps = Array.from(
    { length: 60 },
    (_, minute) => step(minute, 40 + minute / 3, { failsafe: minute === 30 ? 0.5 : 0 }),
  );
  const frame = { fromMs: START_MS, toMs: START_MS + 3_600_000, columns: 80, zone: "UTC" };
  const lines = historyPlot(steps, frame);
  ok(lines.every((line) => [...line].length <= 80), lines.join("\n"));
  equal(lines[0], "temperature, °C:  • cpu");
  match(lines, /^ {3}61 │/);
  equal(lines.filter((line) => line.includes("!")).length, 2);
  match(lines, /^duty, % {2}\(! failsafe\)$/);
  match(lines, /2030-01-01 00:00:00\+00:00 +2030-01-01 01:00:00\+00:00$/);
  equal(plotColumns(10), 20);
});

function match(lines: readonly string[], pattern: RegExp): void {
  ok(lines.some((line) => pattern.test(line)), `${pattern} in\n${lines.join("\n")}`);
}

Deno.test("a drawing of what nobody knows says so", () => {
  const frame = { fromMs: 0, toMs: 1, columns: 80, zone: "UTC" };
  const lines = historyPlot([step(0, 40, { rpm: null, duty: null, temps: new Map() })], frame);
  equal(lines.filter((line) => line.endsWith("nothing is known")).length, 3);
});

Deno.test("a moment is some time ago or a date, and nothing else", () => {
  const zone = () => "Europe/Berlin";
  equal(momentMs(parseMoment("2h", zone), START_MS), START_MS - 7_200_000);
  equal(momentMs(parseMoment("2030-01-01T01:00", zone), 0), START_MS);
  throws(() => parseMoment("23:07", zone), /may be a time of day or a duration/);
  throws(() => parseMoment("yesterday", zone), UsageError);
});
