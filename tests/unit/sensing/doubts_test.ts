import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Sensing } from "../../../src/control/sensing/sensing.ts";
import type { SensorPolicy } from "../../../src/control/sensing/sensor_health.ts";
import { seededRandom } from "../../../src/seeded_random.ts";
import { defaultSensor } from "../../../src/config/sensor_defaults.ts";
import { type Heard, sensorPolicy, standing, tick } from "../../support/sensing.ts";

const STUCK = { ms: 60_000, movedC: 10 };

function rack(names: readonly string[], changes: Partial<SensorPolicy>): Sensing {
  const policies = names.map((name) => sensorPolicy(name, { group: "rack", ...changes }));
  return new Sensing(policies, [], 0);
}

/** Runs from second `from` to `to`; every sensor as the function says. */
function run(
  sensing: Sensing,
  from: number,
  to: number,
  heard: (second: number) => Readonly<Record<string, Heard>>,
): void {
  for (let second = from; second <= to; second++) tick(sensing, second * 1000, heard(second));
}

Deno.test("a value that stays while the siblings climb is stuck, and back when it changes", () => {
  const sensing = rack(["a", "b", "c"], { stuck: STUCK, failsafe: { stuck: 55 }, holdMs: 5000 });
  run(sensing, 0, 20, (second) => ({ a: 31, b: 30 + second, c: 32 + second }));
  equal(standing(sensing, "a").state, "ok");
  run(sensing, 21, 120, () => ({ a: 31, b: 50, c: 52 }));
  const { state, fault, failsafePercent, tempC, reason } = standing(sensing, "a");
  deepEqual([state, fault, failsafePercent, tempC], ["failed", "stuck", 55, 31]);
  equal(reason, "stuck at 31.0 °C: others were 10 °C away for 60.0 s");
  deepEqual([standing(sensing, "b").state, standing(sensing, "c").state], ["ok", "ok"]);
  run(sensing, 121, 124, (second) => ({ a: 49 + second % 2, b: 50, c: 52 }));
  match(standing(sensing, "a").reason ?? "", /^back after: stuck/);
  run(sensing, 125, 126, (second) => ({ a: 49 + second % 2, b: 50, c: 52 }));
  equal(standing(sensing, "a").state, "ok");
});

Deno.test("devices at rest, each at its whole degree for days, alarm nobody", () => {
  const sensing = rack(["a", "b", "c", "d"], { stuck: STUCK, intervalMs: 60_000 });
  for (let minute = 0; minute < 3 * 1440; minute++) {
    // A day's ambient, as drives with one-degree sensors see it; "a" hardly notices.
    const ambient = 3 * Math.sin(minute / 1440 * 2 * Math.PI);
    tick(sensing, minute * 60_000, {
      a: 30,
      b: Math.round(31 + ambient),
      c: Math.round(33 + ambient),
      d: Math.round(29 + ambient),
    });
    equal(standing(sensing, "a").state, "ok");
  }
});

Deno.test("one busy device among idle ones makes none of them stuck", () => {
  const sensing = rack(["a", "b", "c"], { stuck: STUCK });
  run(sensing, 0, 600, (second) => ({ a: 30, b: 31, c: second < 60 ? 32 : 70 + second % 3 }));
  deepEqual(["a", "b", "c"].map((name) => standing(sensing, name).state), ["ok", "ok", "ok"]);
});

Deno.test("sensors of no particular kind are nobody's siblings", () => {
  const sensing = rack(["inlet", "gpu", "vrm", "water"], { stuck: STUCK, kind: "other" });
  run(sensing, 0, 600, (second) => {
    const load = Math.min(second, 40);
    return { inlet: 22, gpu: 40 + load, vrm: 50 + load, water: 30 + load };
  });
  equal(standing(sensing, "inlet").state, "ok");
});

Deno.test("two siblings are too few to say which of them is stuck", () => {
  const sensing = rack(["a", "b"], { stuck: STUCK });
  run(sensing, 0, 600, (second) => ({ a: 30, b: 30 + Math.min(second, 40) }));
  equal(standing(sensing, "a").state, "ok");
});

Deno.test("a load that comes and goes finds a frozen sensor, too", () => {
  const sensing = new Sensing(
    [
      sensorPolicy("gpu", { stuck: { ...STUCK, with: ["water"] } }),
      sensorPolicy("water", { maxC: 110 }),
    ],
    [],
    0,
  );
  run(sensing, 0, 9, () => ({ gpu: 28, water: 30 }));
  for (let cycle = 0; cycle < 5; cycle++) {
    const from = 10 + cycle * 60;
    run(sensing, from, from + 9, () => ({ gpu: 28, water: 70 }));
    run(sensing, from + 10, from + 59, () => ({ gpu: 28, water: 30 }));
  }
  equal(standing(sensing, "gpu").state, "ok", "50 s in sum are not 60");
  run(sensing, 310, 320, () => ({ gpu: 28, water: 71 }));
  equal(standing(sensing, "gpu").fault, "stuck");
});

Deno.test("a sibling that falls asleep, is lost or returns moves nobody", () => {
  const sensing = rack(["a", "b", "c", "d"], { stuck: { ms: 5000, movedC: 10 } });
  run(sensing, 0, 10, () => ({ a: 30, b: 31, c: 60, d: 61 }));
  run(sensing, 11, 200, () => ({ a: 30, b: 31, c: "asleep", d: 61 }));
  run(sensing, 201, 400, () => ({ a: 30, b: 31, c: 60, d: { miss: "gone" } }));
  run(sensing, 401, 600, () => ({ a: 30, b: 31, c: 60, d: 61 }));
  deepEqual([standing(sensing, "a").state, standing(sensing, "b").state], ["ok", "ok"]);
});

Deno.test("a sibling that comes and goes does not hide one that is stuck", () => {
  const sensing = rack(["a", "b", "c", "d"], { stuck: STUCK });
  run(sensing, 0, 100, (second) => {
    const climb = Math.min(second, 30);
    return { a: 30, b: 30 + climb, c: 31 + climb, d: second % 9 < 4 ? "asleep" : 33 + climb };
  });
  equal(standing(sensing, "a").fault, "stuck");
});

Deno.test("hours without a tick are not hours of standing still", () => {
  const sensing = rack(["a", "b", "c"], { stuck: STUCK });
  run(sensing, 0, 12, (second) => ({ a: 30, b: 30 + second, c: 30 + second }));
  tick(sensing, 8 * 3_600_000, { a: 30, b: 43, c: 43 });
  ok(standing(sensing, "a").fault !== "stuck");
});

const SIBLINGS = { maxC: 15, ms: 10_000 };

Deno.test("the one of three that is far from the median disagrees, once it has for a while", () => {
  const sensing = rack(["a", "b", "c"], { siblings: SIBLINGS, failsafe: { disagree: 80 } });
  run(sensing, 0, 1, () => ({ a: 40, b: 42, c: 41 }));
  run(sensing, 2, 11, () => ({ a: 5, b: 42, c: 41 }));
  equal(standing(sensing, "a").state, "ok");
  run(sensing, 12, 14, () => ({ a: 5, b: 42, c: 41 }));
  const { fault, failsafePercent, reason } = standing(sensing, "a");
  deepEqual([fault, failsafePercent], ["disagree", 80]);
  equal(reason, "5.0 °C beside a median of 41.0 °C, more than 15 °C apart for 10.0 s");
  deepEqual([standing(sensing, "b").state, standing(sensing, "c").state], ["ok", "ok"]);
  run(sensing, 15, 17, () => ({ a: 39, b: 42, c: 41 }));
  equal(standing(sensing, "a").state, "ok");
});

Deno.test("of two that disagree nobody knows which is right: both do", () => {
  const sensing = rack(["a", "b"], { siblings: SIBLINGS });
  run(sensing, 0, 20, () => ({ a: 40, b: 55 }));
  equal(standing(sensing, "a").state, "ok");
  run(sensing, 21, 40, () => ({ a: 40, b: 56 }));
  deepEqual([standing(sensing, "a").fault, standing(sensing, "b").fault], ["disagree", "disagree"]);
});

Deno.test("a short excursion, one without siblings and one among sleepers agree", () => {
  const sensing = rack(["a", "b", "c"], { siblings: SIBLINGS });
  run(sensing, 0, 30, (second) => ({ a: second % 10 < 9 ? 80 : 40, b: 42, c: 41 }));
  equal(standing(sensing, "a").state, "ok");
  run(sensing, 31, 60, () => ({ a: 80, b: "asleep", c: "asleep" }));
  equal(standing(sensing, "a").state, "ok");
});

Deno.test("siblings by name are those and no others", () => {
  const sensing = new Sensing(
    [
      sensorPolicy("a", { group: "rack", siblings: { ...SIBLINGS, names: ["far", "away"] } }),
      sensorPolicy("b", { group: "rack" }),
      sensorPolicy("far", { kind: "cpu" }),
      sensorPolicy("away", { kind: "cpu" }),
    ],
    [],
    0,
  );
  run(sensing, 0, 20, () => ({ a: 40, b: 41, far: 80, away: 82 }));
  equal(standing(sensing, "a").fault, "disagree");
  equal(standing(sensing, "far").state, "ok");
});

Deno.test("sensors of other kinds and other shelves are no siblings", () => {
  const policies = [
    sensorPolicy("a", { group: "one", siblings: SIBLINGS }),
    sensorPolicy("b", { group: "one", kind: "cpu" }),
    sensorPolicy("c", { group: "two" }),
    sensorPolicy("d", { siblings: SIBLINGS }),
  ];
  const sensing = new Sensing(policies, [], 0);
  run(sensing, 0, 60, () => ({ a: 20, b: 80, c: 80, d: 80 }));
  deepEqual([standing(sensing, "a").state, standing(sensing, "d").state], ["ok", "ok"]);
});

Deno.test("a step that all of them take alarms nobody, whoever is read first", () => {
  const sensing = rack(["a", "b", "c"], { stuck: STUCK, intervalMs: 10_000 });
  for (let second = 0; second < 1200; second++) {
    // Each is read every ten seconds, in turn; a load at second 100 warms all at once.
    const warm = (at: number): number | null =>
      second % 10 === at * 3 ? 30 + at + (second > 100 ? 25 : 0) : null;
    tick(sensing, second * 1000, { a: warm(0), b: warm(1), c: warm(2) });
    deepEqual(["a", "b", "c"].map((name) => standing(sensing, name).fault), [null, null, null]);
  }
});

Deno.test("drives that warm each at its own pace, in whole degrees, alarm nobody by default", () => {
  const DAY_S = 86_400;
  const random = seededRandom(1);
  for (let run = 0; run < 20; run++) {
    const names = ["a", "b", "c", "d"];
    const sensing = new Sensing(
      names.map((name) => ({
        ...defaultSensor(name, "hdd", { type: "smart", serial: name }),
        group: "rack",
      })),
      [],
      0,
    );
    const drives = names.map(() => ({
      gainC: 6 + 12 * random(),
      tauS: 300 + 1500 * random(),
      tempC: 30,
    }));
    let load = 0;
    for (let second = 0; second < DAY_S; second += 60) {
      if (random() < 0.01) load = random();
      const heard = Object.fromEntries(drives.map((drive, at) => {
        drive.tempC += (28 + drive.gainC * load - drive.tempC) * 60 / drive.tauS;
        return [names[at] ?? "", Math.round(drive.tempC)];
      }));
      tick(sensing, second * 1000, heard);
      deepEqual(names.map((name) => standing(sensing, name).fault), [null, null, null, null]);
    }
  }
});
