import { deepEqual, equal, match, ok } from "node:assert/strict";
import { FailsafeHold } from "../../../src/control/sensing/failsafe_hold.ts";
import { Sensing } from "../../../src/control/sensing/sensing.ts";
import { SensorHealth } from "../../../src/control/sensing/sensor_health.ts";
import { sensorPolicy, standing, tick } from "../../support/sensing.ts";

const GRADED = { failsafePercent: 90, failsafe: { stuck: 40, missing: 70 }, holdMs: 10_000 };

Deno.test("FailsafeHold asks for the highest of all faults, each by its kind", () => {
  const hold = new FailsafeHold(GRADED);
  hold.raise("stuck", "still", 0);
  equal(hold.judge(0)?.kind, "stuck");
  hold.raise("missing", "gone", 1000);
  const worst = hold.judge(1000);
  equal(worst && hold.percentOf(worst), 70);
  hold.raise("range", "hot as the sun", 2000);
  equal(hold.judge(2000)?.reason, "hot as the sun");
  deepEqual(hold.state().map(({ kind }) => kind), ["stuck", "missing", "range"]);
});

Deno.test("FailsafeHold lasts for its time and its readings, whichever ends later", () => {
  const hold = new FailsafeHold({ failsafePercent: 100, holdMs: 10_000, recoverReadings: 3 });
  hold.raise("missing", "gone", 0);
  for (let reading = 0; reading < 3; reading++) hold.reading();
  ok(hold.judge(9999));
  equal(hold.judge(10_000), null);

  hold.raise("missing", "gone", 20_000);
  hold.reading();
  hold.reading();
  ok(hold.judge(90_000), "two readings are not three");
  hold.reading();
  equal(hold.judge(90_000), null);
});

Deno.test("a fault that is there again begins its hold and its readings anew", () => {
  const hold = new FailsafeHold({ failsafePercent: 100, holdMs: 10_000, recoverReadings: 2 });
  hold.raise("missing", "gone", 0);
  hold.reading();
  hold.raise("missing", "gone again", 5000);
  hold.reading();
  ok(hold.judge(14_999));
  hold.reading();
  equal(hold.judge(15_000), null);
});

Deno.test("one kind of fault that is over does not wait for another", () => {
  const hold = new FailsafeHold(GRADED);
  hold.raise("missing", "gone", 0);
  hold.raise("stuck", "still", 0);
  hold.reading();
  hold.raise("stuck", "still", 10_000);
  equal(hold.judge(10_000)?.kind, "stuck");
});

Deno.test("the last misses of a row decide nothing when an earlier one asks for more", () => {
  const health = new SensorHealth(
    sensorPolicy("a", { failsafePercent: 30, failsafe: { range: 80 } }),
    0,
  );
  health.reading(300, 0);
  for (let second = 1; second < 4; second++) health.miss("timed out", second * 1000, "timeout");
  const { state, fault, failsafePercent, reason } = health.judge(3000);
  deepEqual({ state, fault, failsafePercent }, {
    state: "failed",
    fault: "range",
    failsafePercent: 80,
  });
  match(reason ?? "", /^4 misses in 3.0 s: timed out$/);
});

Deno.test("a sensor that is back keeps its failsafe for the hold, with its temperature known", () => {
  const sensing = new Sensing([sensorPolicy("a", { holdMs: 10_000, recoverReadings: 3 })], [], 0);
  tick(sensing, 0, { a: 40 });
  for (let second = 1; second <= 4; second++) tick(sensing, second * 1000, { a: { miss: "gone" } });
  equal(standing(sensing, "a").state, "failed");
  equal(standing(sensing, "a").tempC, null);
  equal(standing(sensing, "a").sinceMs, 4000);
  for (let second = 5; second <= 13; second++) tick(sensing, second * 1000, { a: 50 });
  const held = standing(sensing, "a");
  equal(held.state, "failed");
  equal(held.tempC, 50);
  equal(held.failsafePercent, 100);
  equal(held.reason, "back after: 4 misses in 3.0 s: gone");
  tick(sensing, 14_000, { a: 51 });
  const back = standing(sensing, "a");
  deepEqual([back.state, back.fault, back.failsafePercent, back.reason], ["ok", null, 0, null]);
});

Deno.test("a sensor that is lost while it is critical asks for everything until it is read", () => {
  const graded = { failsafePercent: 40, holdMs: 10_000 };
  const sensing = new Sensing([sensorPolicy("a", graded)], [], 0);
  const percents: number[] = [];
  const heard = [59, 60, "gone", "gone", "gone", "gone", "gone", 125, 50];
  for (const [second, what] of heard.entries()) {
    tick(sensing, second * 1000, { a: typeof what === "number" ? what : { miss: what } });
    percents.push(standing(sensing, "a").failsafePercent);
  }
  deepEqual(percents, [0, 0, 0, 0, 0, 100, 100, 100, 40]);
  tick(sensing, 9000, { a: 60 });
  for (let second = 10; second < 14; second++) {
    tick(sensing, second * 1000, { a: { miss: "gone" } });
  }
  match(standing(sensing, "a").reason ?? "", /gone, critical when last read$/);
  deepEqual(sensing.explain("a")?.faults.map(({ percent }) => percent), [100, 100]);
});

Deno.test("a sensor that failed and returned between two ticks has failed all the same", () => {
  const sensing = new Sensing([sensorPolicy("a", { holdMs: 5000 })], [], 0);
  tick(sensing, 0, { a: 40 });
  for (let ms = 100; ms <= 400; ms += 100) sensing.miss("a", "gone", "missing", ms);
  sensing.reading("a", 40, 500);
  tick(sensing, 1000, {});
  equal(standing(sensing, "a").fault, "missing");
  sensing.reading("a", 40, 3000);
  sensing.reading("a", 40, 60_000);
  sensing.judge(60_000);
  equal(standing(sensing, "a").fault, "timeout");
});

Deno.test("explain tells what a lost sensor waits for", () => {
  const policy = sensorPolicy("a", { holdMs: 10_000, recoverReadings: 3, failsafe: { range: 60 } });
  const sensing = new Sensing([policy], [], 0);
  deepEqual(sensing.explain("a")?.cures, ["its first reading must come"]);
  for (let second = 0; second <= 3; second++) tick(sensing, second * 1000, { a: -128 });
  const lost = sensing.explain("a");
  deepEqual(lost?.faults, [{
    kind: "range",
    reason: "4 misses in 3.0 s: -128.0 °C is not within -20 to 120 °C",
    percent: 60,
    sinceMs: 3000,
    present: true,
    untilMs: 13_000,
    readings: 3,
  }]);
  deepEqual(lost?.cures, [
    "it must read a temperature within its range, then 3 good readings in a row and 10.0 s " +
    "without it",
  ]);
  tick(sensing, 4000, { a: 30 });
  deepEqual(sensing.explain("a")?.cures, [
    "2 good readings in a row and 9.0 s without it, " +
    "after: 4 misses in 3.0 s: -128.0 °C is not within -20 to 120 °C",
  ]);
  tick(sensing, 5000, { a: 30 });
  tick(sensing, 6000, { a: 30 });
  match(sensing.explain("a")?.cures[0] ?? "", /^7\.0 s without it, after: 4 misses/);
  tick(sensing, 13_000, { a: 30 });
  // Silent for longer than a reading is good: lost anew, of another kind.
  deepEqual(sensing.explain("a")?.faults.map(({ kind }) => kind), ["timeout"]);
  equal(sensing.explain("nobody"), null);
});

Deno.test("200 sensors of which 20 flap: the failsafe stays instead of pumping", () => {
  const names = Array.from({ length: 200 }, (_, at) => `s${at}`);
  const policies = names.map((name) =>
    sensorPolicy(name, { holdMs: 30_000, recoverReadings: 3, group: "rack" })
  );
  const sensing = new Sensing(policies, [], 0);
  let changes = 0;
  let before = 0;
  for (let second = 0; second <= 600; second++) {
    const heard = Object.fromEntries(names.map((name, at) => {
      // Those that flap are away for 5 s of every 15, each at its own time.
      const isAway = at < 20 && second > 20 && (second + at) % 15 < 5;
      return [name, isAway ? { miss: "gone" } : 40 + (second + at) % 3];
    }));
    const judged = [...tick(sensing, second * 1000, heard).values()];
    const percent = Math.max(...judged.map(({ failsafePercent }) => failsafePercent));
    if (percent !== before) changes++;
    before = percent;
    for (const { name, state } of judged) {
      if (Number(name.slice(1)) >= 20) equal(state, "ok");
    }
  }
  equal(changes, 1);
});
