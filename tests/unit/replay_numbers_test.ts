import { deepEqual, equal, ok } from "node:assert/strict";
import { DutyStats } from "../../src/control/replay/duty_stats.ts";
import type { Outcome } from "../../src/control/replay/entry.ts";
import { SpeedCurve } from "../../src/control/replay/speed_curve.ts";

const asDuty = (percent: number): number => percent / 100;

function outcome(percent: number, kind: Outcome["kind"] = "curve"): Outcome {
  return { percent, pending: false, kind, name: "x" };
}

/** Seconds, in each of which the shelf does what `at` says. */
function over(seconds: number, at: (second: number) => Outcome): DutyStats {
  const stats = new DutyStats(asDuty);
  for (let second = 0; second <= seconds; second++) stats.at(second * 1000, at(second));
  return stats;
}

Deno.test("means are weighted by time, and power grows with the cube of the speed", () => {
  const stats = new DutyStats(asDuty);
  stats.at(0, outcome(50));
  stats.at(30_000, outcome(100, "failsafe"));
  stats.at(40_000, outcome(0));
  deepEqual(stats.numbers(), {
    timeMs: 40_000,
    meanPercent: 62.5,
    maxPercent: 100,
    fanPower: (0.5 ** 3 * 30 + 10) / 40,
    audibleChanges: 2,
    failsafeMs: 10_000,
  });
});

Deno.test("time in which nothing was recorded does not count", () => {
  const stats = new DutyStats(asDuty);
  stats.at(0, outcome(50));
  stats.at(3_600_000, outcome(50));
  stats.interrupt();
  stats.at(7_200_000, outcome(100));
  stats.at(7_201_000, outcome(100));
  equal(stats.numbers().timeMs, 1000);
  equal(stats.numbers().meanPercent, 100);
});

Deno.test("a change is audible when it is more than 3 % within 5 s, and is heard once", () => {
  const heard = (seconds: number, at: (second: number) => number) =>
    over(seconds, (second) => outcome(at(second))).numbers().audibleChanges;
  equal(heard(60, () => 40), 0);
  equal(heard(60, (second) => 40 + second / 2), 0);
  equal(heard(60, (second) => second < 30 ? 40 : 42.9), 0);
  equal(heard(60, (second) => second < 30 ? 40 : 43.1), 1);
  // Four steps of 1 % within 5 s are one change.
  equal(heard(60, (second) => 40 + Math.min(4, Math.max(0, second - 30))), 1);
  equal(heard(60, (second) => second % 20 < 10 ? 40 : 50), 6);
});

Deno.test("speeds between duties are learnt, those beyond them in proportion", () => {
  const speed = new SpeedCurve();
  equal(speed.isKnown, false);
  equal(speed.shareOf(40), 0.4);
  for (const [percent, rpm] of [[40, 900], [40, 1100], [80, 1600]] as const) {
    speed.take(percent, rpm);
  }
  ok(speed.isKnown);
  // 100 % is not known: as much faster than 80 % as the duty is.
  equal(speed.shareOf(80), 0.8);
  equal(speed.shareOf(40), 0.5);
  equal(speed.shareOf(60), 0.65);
  equal(speed.shareOf(20), 0.25);
  equal(speed.shareOf(0), 0);
  equal(speed.shareOf(100), 1);
});
