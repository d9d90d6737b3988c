import { deepEqual, equal } from "node:assert/strict";
import { SensorHealth } from "../../../src/control/sensing/sensor_health.ts";
import { Sensing } from "../../../src/control/sensing/sensing.ts";
import { defaultSensor } from "../../../src/config/sensor_defaults.ts";
import { sensorPolicy, standing, tick } from "../../support/sensing.ts";

function reasonOf(health: SensorHealth, nowMs: number): string | null {
  return health.judge(nowMs).reason;
}

for (const tempC of [127.5, 127.875, 127.9375, -128, -127, NaN, Infinity]) {
  Deno.test(`a sensor of no particular kind is not believed at ${tempC} °C`, () => {
    const health = new SensorHealth(defaultSensor("x", "other", { type: "cpu" }), 0);
    health.reading(40, 0);
    for (let second = 1; second <= 4; second++) health.reading(tempC, second * 1000);
    const { state, fault, failsafePercent } = health.judge(4000);
    deepEqual([state, fault, failsafePercent], ["failed", "range", 100]);
  });
}

Deno.test("85 °C of a chip that has not measured is a miss, and believed on the way up", () => {
  const health = new SensorHealth(sensorPolicy("x", { powerOnC: 85 }), 0);
  health.reading(85, 0);
  equal(health.judge(0).state, "waiting");
  equal(reasonOf(health, 0), "1 miss: 85 °C is what this chip shows before it has measured");
  health.reading(21, 1000);
  health.reading(85, 2000);
  equal(health.judge(2000).tempC, 21);
  for (const [second, tempC] of [[3, 79.5], [4, 82], [5, 85], [6, 85]] as const) {
    health.reading(tempC, second * 1000);
    equal(health.judge(second * 1000).state, "ok");
  }
  equal(health.judge(6000).tempC, 85);
});

Deno.test("85 °C for ever loses the sensor: it is hot, or it does not measure", () => {
  const health = new SensorHealth(sensorPolicy("x", { powerOnC: 85 }), 0);
  for (let second = 0; second < 4; second++) health.reading(85, second * 1000);
  deepEqual([health.judge(3000).state, health.judge(3000).fault], ["failed", "range"]);
});

Deno.test("a jump is a miss, a climb is not, and what stays after a jump is believed in time", () => {
  const health = new SensorHealth(sensorPolicy("x", { slopeCPerS: 5, misses: 9 }), 0);
  health.reading(40, 0);
  health.reading(46, 1000);
  equal(health.judge(1000).state, "ok");
  health.reading(80, 2000);
  equal(reasonOf(health, 2000), "1 miss: 46.0 °C to 80.0 °C in 1.0 s is faster than 5 °C/s");
  health.reading(47, 3000);
  equal(health.judge(3000).state, "ok");
  let second = 4;
  for (; health.judge(second * 1000 - 1000).tempC !== 80; second++) {
    health.reading(80, second * 1000);
  }
  // 33 °C at 5 °C/s, of which 1 °C is free.
  equal(second - 1, 3 + 7);
});

Deno.test("a jump that stays for longer than is tolerated is a fault of its own", () => {
  const policy = sensorPolicy("x", { slopeCPerS: 1, failsafe: { slope: 65 }, holdMs: 2000 });
  const health = new SensorHealth(policy, 0);
  health.reading(40, 0);
  for (let second = 1; second <= 4; second++) health.reading(90, second * 1000);
  const { state, fault, failsafePercent } = health.judge(4000);
  deepEqual([state, fault, failsafePercent], ["failed", "slope", 65]);
});

Deno.test("one degree more is never too fast for a sensor that knows whole degrees only", () => {
  const health = new SensorHealth(sensorPolicy("x", { slopeCPerS: 0.1, intervalMs: 100 }), 0);
  for (let step = 0; step < 50; step++) {
    health.reading(30 + step % 2, step * 100);
    equal(health.judge(step * 100).state, "ok");
  }
});

Deno.test("a disk that slept for a day may be as warm as it likes when it wakes", () => {
  const policy = sensorPolicy("sda", {
    intervalMs: 60_000,
    timeoutMs: 20_000,
    slopeCPerS: 0.001,
    stuck: { ms: 60_000, movedC: 5, with: ["load"] },
    siblings: { maxC: 5, ms: 1000, names: ["load"] },
  });
  const sensing = new Sensing([policy, sensorPolicy("load", { maxC: 300 })], [], 0);
  tick(sensing, 0, { sda: 30, load: 30 });
  const DAY_S = 86_400;
  for (let second = 60; second < DAY_S; second += 60) {
    tick(sensing, second * 1000, { sda: "asleep", load: 30 + second % 50 });
    equal(standing(sensing, "sda").state, "asleep");
  }
  tick(sensing, DAY_S * 1000, { sda: 45, load: 45 });
  const { state, tempC } = standing(sensing, "sda");
  deepEqual([state, tempC], ["ok", 45]);
});

Deno.test("a sensor that takes ten seconds for each reading is simply slow", () => {
  const policy = sensorPolicy("ipmi", { intervalMs: 15_000, timeoutMs: 12_000 });
  const sensing = new Sensing([policy], [], 0);
  for (let second = 0; second <= 300; second++) {
    tick(sensing, second * 1000, { ipmi: second % 15 === 10 ? 50 : null });
    equal(standing(sensing, "ipmi").state, second < 10 ? "waiting" : "ok");
  }
});
