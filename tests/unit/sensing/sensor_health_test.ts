import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  SensorHealth,
  type SensorPolicy,
  usableForMs,
} from "../../../src/control/sensing/sensor_health.ts";

const POLICY: SensorPolicy = {
  name: "sda",
  kind: "hdd",
  intervalMs: 1000,
  timeoutMs: 500,
  misses: 3,
  minC: -20,
  maxC: 110,
  failsafePercent: 100,
  criticalC: 60,
  required: true,
};
const WINDOW_MS = 4500;

Deno.test("a reading is usable for every tolerated miss and one time limit", () => {
  strictEqual(usableForMs(POLICY), WINDOW_MS);
});

Deno.test("a sensor waits at first and fails when it stays silent", () => {
  const health = new SensorHealth(POLICY, 100);
  deepStrictEqual(health.judge(100 + WINDOW_MS - 1), {
    name: "sda",
    kind: "hdd",
    state: "waiting",
    tempC: null,
    ageMs: null,
    validForMs: 0,
    reason: null,
    fault: null,
    failsafePercent: 0,
    sinceMs: 100,
  });
  const judgement = health.judge(100 + WINDOW_MS);
  strictEqual(judgement.state, "failed");
  strictEqual(judgement.reason, "silent for 4.5 s and more");
});

Deno.test("a reading ages and its validity shrinks until the sensor is lost", () => {
  const health = new SensorHealth(POLICY, 0);
  health.reading(38.5, 1000);
  deepStrictEqual(health.judge(1400), {
    name: "sda",
    kind: "hdd",
    state: "ok",
    tempC: 38.5,
    ageMs: 400,
    validForMs: 4100,
    reason: null,
    fault: null,
    failsafePercent: 0,
    sinceMs: 1400,
  });
  strictEqual(health.judge(1000 + WINDOW_MS - 1).state, "ok");
  const lost = health.judge(1000 + WINDOW_MS);
  strictEqual(lost.state, "failed");
  strictEqual(lost.tempC, null);
  strictEqual(lost.validForMs, 0);
});

Deno.test("misses are tolerated up to their count, with the last value and its age", () => {
  const health = new SensorHealth(POLICY, 0);
  health.reading(40, 0);
  health.miss("timed out after 500 ms", 1000);
  strictEqual(health.judge(1000).reason, "1 miss: timed out after 500 ms");
  health.miss("timed out after 500 ms", 2000);
  health.miss("timed out after 500 ms", 3000);
  const tolerated = health.judge(3000);
  strictEqual(tolerated.state, "missed");
  strictEqual(tolerated.tempC, 40);
  strictEqual(tolerated.validForMs, 1500);
  health.miss("no such file", 3500);
  const lost = health.judge(3500);
  strictEqual(lost.state, "failed");
  strictEqual(lost.reason, "4 misses in 2.5 s: no such file");
});

Deno.test("a good reading ends a row of misses, and a lost sensor recovers with it", () => {
  const health = new SensorHealth(POLICY, 0);
  for (let ms = 0; ms < 4; ms++) health.miss("gone", ms);
  strictEqual(health.judge(10).state, "failed");
  health.reading(41, 20);
  strictEqual(health.judge(20).state, "ok");
  health.miss("gone", 30);
  strictEqual(health.judge(30).state, "missed");
});

Deno.test("a sensor that has never reported fails by misses before its time is up", () => {
  const health = new SensorHealth(POLICY, 0);
  for (let miss = 0; miss < 3; miss++) health.miss("no such device", miss);
  strictEqual(health.judge(3).state, "waiting");
  strictEqual(health.judge(3).reason, "3 misses in 0.0 s: no such device");
  health.miss("no such device", 3);
  strictEqual(health.judge(3).state, "failed");
});

for (
  const [tempC, reason] of [
    [-128, "1 miss: -128.0 °C is not within -20 to 110 °C"],
    [127.9, "1 miss: 127.9 °C is not within -20 to 110 °C"],
    [NaN, "1 miss: NaN is not a temperature"],
    [Infinity, "1 miss: Infinity is not a temperature"],
  ] as const
) {
  Deno.test(`an implausible reading of ${tempC} is a miss`, () => {
    const health = new SensorHealth(POLICY, 0);
    health.reading(30, 0);
    health.reading(tempC, 1000);
    const judgement = health.judge(1000);
    strictEqual(judgement.state, "missed");
    strictEqual(judgement.tempC, 30);
    strictEqual(judgement.reason, reason);
  });
}

Deno.test("a sleeping device is not lost, has no temperature and must keep saying so", () => {
  const health = new SensorHealth(POLICY, 0);
  health.reading(44, 0);
  health.asleep(1000);
  const judgement = health.judge(1100);
  strictEqual(judgement.state, "asleep");
  strictEqual(judgement.tempC, null);
  strictEqual(judgement.validForMs, WINDOW_MS - 100);
  health.miss("timed out", 2000);
  strictEqual(health.judge(2000).state, "missed");
  strictEqual(health.judge(1000 + WINDOW_MS).state, "failed");
});

Deno.test("a time that is not a number makes a sensor fail", () => {
  const health = new SensorHealth(POLICY, 0);
  health.reading(40, 0);
  strictEqual(health.judge(NaN).state, "failed");
});

Deno.test("a reading of a time that has not come is as little worth as an old one", () => {
  const health = new SensorHealth(POLICY, 0);
  health.reading(40, 3_600_000);
  strictEqual(health.judge(1000).state, "failed");
  strictEqual(health.judge(3_600_000 - WINDOW_MS + 1).tempC, 40);
});
