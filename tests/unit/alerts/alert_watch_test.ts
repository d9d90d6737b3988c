import { deepEqual, equal } from "node:assert/strict";
import type { AlertView } from "../../../src/control/alerts/alert_conditions.ts";
import type { AlertRule } from "../../../src/control/alerts/alert_rule.ts";
import { AlertWatch, MOST_ALERTS } from "../../../src/control/alerts/alert_watch.ts";
import type { Finding } from "../../../src/control/engine/finding.ts";

const HOT: AlertRule = {
  name: "hot",
  severity: "warning",
  condition: { type: "temperature", sensors: ["cpu"], aboveC: 80, belowC: null },
  warmUpMs: 0,
  holdMs: 10_000,
  clearMs: 5000,
  repeatMs: null,
  deliver: ["log"],
};

function view(temps: Record<string, number | null>, findings: Finding[] = []): AlertView {
  return {
    tempC: (sensor) => temps[sensor] ?? null,
    percent: (shelf) => shelf === "loud" ? 90 : 30,
    shelves: ["quiet", "loud"],
    findings,
  };
}

/** What a watch tells while a sensor goes through these temperatures, one a second. */
function follow(watch: AlertWatch, temps: readonly (number | null)[], fromMs = 0): string[] {
  return temps.flatMap((tempC, second) =>
    watch.judge(view({ cpu: tempC }), fromMs + second * 1000)
      .map(({ type, subject }) => `${second} s: ${type} ${subject}`)
  );
}

const seconds = (count: number, tempC: number | null) => Array<number | null>(count).fill(tempC);

Deno.test("an alert is raised once its condition has held, and cleared once it has been over", () => {
  const watch = new AlertWatch([HOT], 0);
  deepEqual(follow(watch, [...seconds(15, 85), ...seconds(10, 70)]), [
    "10 s: raised cpu",
    "20 s: cleared cpu",
  ]);
  deepEqual(watch.active(), []);
});

Deno.test("a condition that is over before its time is never told", () => {
  const watch = new AlertWatch([HOT], 0);
  deepEqual(follow(watch, [...seconds(9, 85), 70, ...seconds(9, 85), 70]), []);
});

Deno.test("a condition that comes back before it is cleared is one alert", () => {
  const watch = new AlertWatch([HOT], 0);
  const temps = [...seconds(12, 85), ...seconds(3, 70), ...seconds(12, 85)];
  deepEqual(follow(watch, temps), ["10 s: raised cpu"]);
});

Deno.test("a temperature that is unknown neither raises nor clears an alert", () => {
  const watch = new AlertWatch([HOT], 0);
  deepEqual(follow(watch, seconds(30, null)), []);
  deepEqual(follow(watch, [...seconds(11, 85), ...seconds(60, null)], 30_000), [
    "10 s: raised cpu",
  ]);
  equal(watch.active().length, 1);
});

Deno.test("what is still starting up is told when the warm-up is over, if it lasts", () => {
  const watch = new AlertWatch([{ ...HOT, warmUpMs: 20_000 }], 0);
  deepEqual(follow(watch, seconds(25, 85)), ["20 s: raised cpu"]);
});

Deno.test("an alert that lasts is repeated until somebody acknowledges it", () => {
  const watch = new AlertWatch([{ ...HOT, holdMs: 0, repeatMs: 10_000 }], 0);
  deepEqual(follow(watch, seconds(21, 85)), [
    "0 s: raised cpu",
    "10 s: repeated cpu",
    "20 s: repeated cpu",
  ]);
  equal(watch.acknowledge("hot", null, "me"), 1);
  equal(watch.acknowledge("hot", "other", "me"), 0);
  deepEqual(follow(watch, seconds(60, 85), 21_000), []);
  equal(watch.active()[0]?.acknowledgedBy, "me");
});

Deno.test("a cold sensor, a loud shelf and a finding are conditions, too", () => {
  const stall: Finding = {
    kind: "stall",
    severity: "critical",
    shelf: "quiet",
    subject: "fan 1",
    text: "fan 1 stands still",
    sinceMs: 0,
  };
  const rules: AlertRule[] = [
    {
      ...HOT,
      name: "cold",
      condition: { type: "temperature", sensors: ["cpu"], aboveC: null, belowC: 5 },
    },
    { ...HOT, name: "loud", condition: { type: "duty", shelves: null, abovePercent: 80 } },
    {
      ...HOT,
      name: "fans",
      condition: {
        type: "finding",
        kinds: ["stall"],
        shelves: ["quiet"],
        leastSeverity: "warning",
      },
    },
    {
      ...HOT,
      name: "other shelf",
      condition: { type: "finding", kinds: null, shelves: ["loud"], leastSeverity: "info" },
    },
    {
      ...HOT,
      name: "other kind",
      condition: { type: "finding", kinds: ["dust"], shelves: null, leastSeverity: "info" },
    },
  ].map((rule) => ({ ...rule, holdMs: 0 } as AlertRule));
  const events = new AlertWatch(rules, 0).judge(view({ cpu: 2 }, [stall]), 0);
  deepEqual(events.map(({ rule, subject, text }) => [rule, subject, text]), [
    ["cold", "cpu", '"cpu" is 2.0 °C, below 5.0 °C'],
    ["loud", "loud", 'shelf "loud" runs at 90 %, above 80 %'],
    ["fans", "stall: quiet/fan 1", "fan 1 stands still"],
  ]);
});

Deno.test("a watch of another configuration goes on with the rules that are still there", () => {
  const before = new AlertWatch([HOT, { ...HOT, name: "gone" }], 0);
  follow(before, seconds(15, 85));
  const state = JSON.parse(JSON.stringify(before.state()));
  const after = new AlertWatch([HOT], 15_000, state);
  deepEqual(follow(after, seconds(5, 85), 15_000), []);
  deepEqual(follow(after, seconds(6, 70), 20_000), ["5 s: cleared cpu"]);
});

Deno.test("more subjects than can be followed are counted and not told", () => {
  const findings = Array.from({ length: MOST_ALERTS + 5 }, (_, index): Finding => ({
    kind: "stuck",
    severity: "warning",
    shelf: null,
    subject: `sensor ${index}`,
    text: "stuck",
    sinceMs: 0,
  }));
  const condition = { type: "finding", kinds: null, shelves: null, leastSeverity: "info" } as const;
  const watch = new AlertWatch([{ ...HOT, holdMs: 0, condition }], 0);
  equal(watch.judge(view({}, findings), 0).length, MOST_ALERTS);
  equal(watch.dropped, 5);
});
