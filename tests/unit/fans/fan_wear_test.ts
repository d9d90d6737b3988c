import assert from "node:assert/strict";
import type { FanReport } from "../../../src/control/engine/event.ts";
import { DEFAULT_FANS } from "../../../src/control/fans/fans_policy.ts";
import { FanWear } from "../../../src/control/fans/wear/fan_wear.ts";
import { Trend } from "../../../src/control/fans/wear/trend.ts";
import { pairSlopes, quantile } from "../../../src/control/robust.ts";
import { seededRandom } from "../../../src/seeded_random.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

function report(rpm: number, more: Partial<FanReport> = {}): FanReport {
  const state = "spinning" as const;
  return { channel: 0, rpm, state, appliedPercent: 50, expectedRpm: 1000, ...more };
}

/** Watches a fan for some days, once a minute; the speed is a function of the day. */
function watched(days: number, rpmAt: (day: number) => number, wear = new FanWear(DEFAULT_FANS)) {
  for (let atMs = 0; atMs <= days * DAY_MS; atMs += MINUTE_MS) {
    wear.take(report(rpmAt(atMs / DAY_MS)), atMs);
  }
  return wear;
}

Deno.test("FanWear is silent while a fan turns as it did, give or take", () => {
  const random = seededRandom(3);
  assert.equal(watched(30, () => 1000 + (random() - 0.5) * 120).finding(), null);
});

Deno.test("FanWear is silent about a few samples that are far off", () => {
  let samples = 0;
  assert.equal(watched(10, () => samples++ % 10 === 0 ? 300 : 1000).finding(), null);
});

Deno.test("FanWear tells of a fan that is off its calibration, slower or faster", () => {
  assert.match(
    watched(2, () => 880).finding()?.text ?? "",
    /^speed is −12\.0 % off its calibration \(worn from 10 % on\)/,
  );
  assert.match(watched(2, () => 1150).finding()?.text ?? "", /^speed is \+15\.0 % off/);
});

Deno.test("FanWear warns weeks before, with the trend, and not before it is certain", () => {
  // 1.4 % a week: at the limit of 10 % after seven weeks.
  const random = seededRandom(5);
  const rpmAt = (day: number) => 1000 - day * 2 + (random() - 0.5) * 20;
  assert.equal(watched(10, rpmAt).finding(), null);
  const finding = watched(28, rpmAt).finding();
  assert.equal(finding?.kind, "wear");
  const [, level, perWeek, weeks] = finding?.text.match(
    /^speed is −([\d.]+) % off its calibration, −([\d.]+) % a week and will be 10 % off in (\d) weeks/,
  ) ?? [];
  assert.ok(Math.abs(Number(level) - 5.5) < 0.4, finding?.text);
  assert.ok(Math.abs(Number(perWeek) - 1.4) < 0.2, finding?.text);
  assert.ok(Number(weeks) >= 3 && Number(weeks) <= 4, finding?.text);
});

Deno.test("FanWear wants settled operation: other duties, hands and changes are no samples", () => {
  const wear = new FanWear(DEFAULT_FANS);
  for (let atMs = 0; atMs < 3 * DAY_MS; atMs += 5000) {
    const appliedPercent = 40 + (atMs / 5000) % 2;
    wear.take(report(500, { appliedPercent }), atMs);
  }
  assert.equal(wear.finding(), null);
  for (let atMs = 3 * DAY_MS; atMs < 6 * DAY_MS; atMs += MINUTE_MS) {
    wear.take(report(500, { byHand: true }), atMs);
  }
  assert.equal(wear.finding(), null);
  assert.equal(watched(0, () => 500).state(), null);
});

/** A fan that starts once a quarter of an hour. */
function starting(days: number, startAt: (day: number) => { percent: number; ms: number }) {
  const wear = new FanWear(DEFAULT_FANS);
  let count = 0;
  for (let atMs = 0; atMs <= days * DAY_MS; atMs += MINUTE_MS) {
    if (atMs % (15 * MINUTE_MS) === 0) count++;
    const start = { count, expectedPercent: 18, expectedMs: 800, ...startAt(atMs / DAY_MS) };
    wear.take(report(1000, { start }), atMs);
  }
  return wear;
}

Deno.test("FanWear tells of a start duty that creeps up, and of starts that take long", () => {
  assert.equal(starting(5, () => ({ percent: 18, ms: 1300 })).finding(), null);
  assert.match(
    starting(5, () => ({ percent: 30, ms: 1300 })).finding()?.text ?? "",
    /^start duty is \+12\.0 points off its calibration/,
  );
  assert.match(
    starting(5, () => ({ percent: 18, ms: 2800 })).finding()?.text ?? "",
    /^spin-up is \+250\.0 % off its calibration/,
  );
});

Deno.test("FanWear goes on from its state, and on another clock", () => {
  const half = watched(14, (day) => 1000 - day * 2);
  const again = new FanWear(DEFAULT_FANS, JSON.parse(JSON.stringify(half.state())));
  watched(14, (day) => 972 - day * 2, again);
  assert.match(again.finding()?.text ?? "", /^speed is −5\.\d % off .* in \d weeks/);
  const restored = new FanWear(DEFAULT_FANS, again.state() ?? undefined);
  assert.equal(restored.finding()?.text, again.finding()?.text);
});

Deno.test("Trend is bounded", () => {
  const trend = new Trend();
  for (let atMs = 0; atMs < 400 * DAY_MS; atMs += 10 * MINUTE_MS) trend.take(1, atMs);
  const { open, points } = trend.state();
  assert.equal(points.length, 120);
  assert.ok(open.length <= 80);
});

Deno.test("robust statistics are what they are called", () => {
  assert.equal(quantile([4, 1, 3, 2], 0.5), 2.5);
  assert.equal(quantile([7], 0.9), 7);
  assert.ok(Number.isNaN(quantile([], 0.5)));
  assert.deepEqual(pairSlopes([[0, 0], [1, 2], [1, 5], [2, 4]]), [2, 5, 2, 2, -1]);
});
