import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { orderDerived } from "../../../src/control/sensing/derived_order.ts";
import type { DerivedPolicy } from "../../../src/control/sensing/derived_policy.ts";
import { Sensing } from "../../../src/control/sensing/sensing.ts";
import { TimeWindow } from "../../../src/control/sensing/time_window.ts";
import { ConfigError } from "../../../src/errors.ts";
import { type Heard, sensorPolicy, standing, tick } from "../../support/sensing.ts";

const NAMES = ["a", "b", "c"];
type Way = Partial<DerivedPolicy> & { type: DerivedPolicy["type"] };

function derive(way: Way, of: readonly string[] = NAMES): Sensing {
  const policies = NAMES.map((name) => sensorPolicy(name, { misses: 1, failsafePercent: 60 }));
  const derived = { name: "d", kind: "other", of, ...way } as DerivedPolicy;
  return new Sensing(policies, [derived], 0);
}

function value(way: Way, of: readonly string[], heard: Readonly<Record<string, Heard>>) {
  const sensing = derive(way, of);
  tick(sensing, 0, heard);
  return standing(sensing, "d").tempC;
}

for (
  const [way, of, expected] of [
    [{ type: "max" }, NAMES, 50],
    [{ type: "min" }, NAMES, 20],
    [{ type: "mean" }, NAMES, 100 / 3],
    [{ type: "weighted", weights: [3, 1, 1] }, NAMES, 28],
    [{ type: "weighted", weights: [0.5, 1.5] }, ["b", "a"], 22.5],
    [{ type: "difference" }, ["b", "c"], -20],
    [{ type: "offset", offsetC: -4.5 }, ["a"], 15.5],
    [{ type: "average", windowMs: 10_000 }, ["a"], 20],
    [{ type: "ema", tauMs: 10_000 }, ["a"], 20],
    [{ type: "peak_hold", holdMs: 10_000 }, ["a"], 20],
  ] as const
) {
  Deno.test(`${way.type} of ${of.join(", ")} is computed`, () => {
    equal(value(way, of, { a: 20, b: 30, c: 50 }), expected);
  });
}

Deno.test("inputs that sleep are left out, and when all do the derived one sleeps", () => {
  equal(value({ type: "mean" }, NAMES, { a: 20, b: "asleep", c: 50 }), 35);
  equal(value({ type: "weighted", weights: [3, 9, 1] }, NAMES, { a: 20, b: "asleep", c: 40 }), 25);
  equal(value({ type: "min" }, NAMES, { a: "asleep", b: 31, c: 50 }), 31);
  for (const type of ["max", "min", "mean"] as const) {
    const sensing = derive({ type });
    tick(sensing, 0, { a: "asleep", b: "asleep", c: "asleep" });
    const { state, tempC, reason } = standing(sensing, "d");
    deepEqual([state, tempC, reason], ["asleep", null, null]);
  }
  const sensing = derive({ type: "difference" }, ["a", "b"]);
  tick(sensing, 0, { a: 50, b: "asleep" });
  equal(standing(sensing, "d").state, "asleep");
});

Deno.test("a derived sensor waits for each of its inputs", () => {
  const sensing = derive({ type: "max" });
  tick(sensing, 0, { a: 20, b: 30 });
  const { state, tempC, validForMs, reason } = standing(sensing, "d");
  deepEqual([state, tempC, validForMs, reason], ["waiting", null, 0, 'input "c": waiting']);
  deepEqual(sensing.explain("d")?.cures, ['input "c": its first reading must come']);
});

Deno.test("a derived sensor fails with its input, for its reason and at its percentage", () => {
  const sensing = derive({ type: "max" });
  tick(sensing, 0, { a: 20, b: 30, c: 50 });
  tick(sensing, 1000, { a: 20, b: 30, c: { miss: "unplugged" } });
  deepEqual([standing(sensing, "d").state, standing(sensing, "d").reason], [
    "missed",
    'input "c": 1 miss: unplugged',
  ]);
  tick(sensing, 2000, { a: 21, b: 45, c: { miss: "unplugged" } });
  const { state, fault, failsafePercent, reason, tempC, validForMs } = standing(sensing, "d");
  deepEqual({ state, fault, failsafePercent, reason, validForMs }, {
    state: "failed",
    fault: "missing",
    failsafePercent: 60,
    reason: 'input "c": 2 misses in 1.0 s: unplugged',
    validForMs: 0,
  });
  equal(tempC, 45, "what the others say may still ask for more air");
});

Deno.test("a derived sensor is as old as its oldest input and good for as long as the first", () => {
  const sensing = derive({ type: "max" });
  tick(sensing, 0, { a: 20, b: 30, c: 40 });
  tick(sensing, 1000, { a: 20 });
  tick(sensing, 2000, { b: 30 });
  const { ageMs, validForMs } = standing(sensing, "d");
  deepEqual([ageMs, validForMs], [2000, 500]);
});

Deno.test("derived sensors of derived sensors, in whatever order they stand in the file", () => {
  const derived: DerivedPolicy[] = [
    { type: "offset", name: "top", kind: "other", of: ["middle"], offsetC: 1 },
    { type: "difference", name: "middle", kind: "other", of: ["bottom", "c"] },
    { type: "max", name: "bottom", kind: "other", of: ["a", "b"] },
  ];
  const sensing = new Sensing(NAMES.map((name) => sensorPolicy(name)), derived, 0);
  tick(sensing, 0, { a: 70, b: 60, c: 25 });
  equal(standing(sensing, "top").tempC, 46);
  deepEqual(sensing.behind("top"), ["top", "middle", "bottom", "a", "b", "c"]);
  deepEqual(sensing.behind("bottom"), ["bottom", "a", "b"]);
  deepEqual(sensing.behind("a"), ["a"]);
  tick(sensing, 2000, { a: 70, b: 60 });
  tick(sensing, 4500, {});
  equal(
    standing(sensing, "top").reason,
    'input "middle": input "c": silent for 4.5 s and more',
  );
  equal(sensing.explain("top")?.inputs[0]?.inputs.length, 2);
});

Deno.test("an ema follows a step by 63 % in its time constant, however it is ticked", () => {
  for (const stepMs of [100, 500, 1000, 5000]) {
    const sensing = derive({ type: "ema", tauMs: 10_000 }, ["a"]);
    tick(sensing, 0, { a: 20, b: 0, c: 0 });
    for (let atMs = stepMs; atMs <= 10_000; atMs += stepMs) {
      tick(sensing, atMs, { a: 30 });
    }
    const tempC = standing(sensing, "d").tempC ?? NaN;
    ok(Math.abs(tempC - (20 + 10 * (1 - Math.exp(-1)))) < 1e-9, `${tempC} at ${stepMs} ms`);
  }
});

Deno.test("an average is weighted by time, and forgets what is older than its window", () => {
  const sensing = derive({ type: "average", windowMs: 60_000 }, ["a"]);
  for (let second = 0; second <= 30; second++) tick(sensing, second * 1000, { a: 20, b: 0, c: 0 });
  for (let second = 31; second <= 60; second++) tick(sensing, second * 1000, { a: 40 });
  equal(standing(sensing, "d").tempC, 30);
  for (let second = 61; second <= 92; second++) tick(sensing, second * 1000, { a: 40 });
  equal(standing(sensing, "d").tempC, 40);
});

Deno.test("a peak is kept for its time and then forgotten", () => {
  const sensing = derive({ type: "peak_hold", holdMs: 30_000 }, ["a"]);
  const peaks: (number | null)[] = [];
  for (let second = 0; second <= 60; second++) {
    tick(sensing, second * 1000, { a: second === 10 ? 80 : second === 20 ? 60 : 40, b: 0, c: 0 });
    peaks.push(standing(sensing, "d").tempC);
  }
  deepEqual([peaks[9], peaks[10], peaks[39], peaks[42], peaks[49], peaks[53]], [
    40,
    80,
    80,
    60,
    60,
    40,
  ]);
});

Deno.test("what an average and an ema remember ends when their input sleeps", () => {
  for (
    const way of [{ type: "ema", tauMs: 60_000 }, { type: "average", windowMs: 60_000 }] as const
  ) {
    const sensing = derive(way, ["a"]);
    for (let second = 0; second < 30; second++) tick(sensing, second * 1000, { a: 50 });
    tick(sensing, 30_000, { a: "asleep" });
    equal(standing(sensing, "d").state, "asleep");
    tick(sensing, 31_000, { a: 20 });
    equal(standing(sensing, "d").tempC, 20);
  }
});

Deno.test("a window holds a bounded number of slots, however often it is read", () => {
  const window = new TimeWindow(60_000);
  for (let ms = 0; ms < 300_000; ms += 7) window.add(ms % 50, ms);
  ok(window.state().slots.length <= 62, `${window.state().slots.length} slots`);
  ok(Math.abs(window.meanC - 24.5) < 0.1, `${window.meanC}`);
  equal(window.highestC, 49);
});

Deno.test("orderDerived puts each after its inputs and finds the way around a circle", () => {
  const each = (name: string, ...of: string[]) => ({ name, of });
  const { order } = orderDerived([each("c", "b", "a"), each("b", "a"), each("a", "x")]);
  deepEqual(order?.map(({ name }) => name), ["a", "b", "c"]);
  deepEqual(orderDerived([each("s", "s")]).cycle, ["s", "s"]);
  deepEqual(
    orderDerived([each("in", "p"), each("p", "q"), each("q", "x", "r"), each("r", "p")]).cycle,
    ["p", "q", "r", "p"],
  );
  deepEqual(orderDerived([each("d1", "d0"), each("d0")]).cycle, null);
});

Deno.test("orderDerived takes a chain as long as a file may hold", () => {
  const LONG = 20_000;
  const chain = Array.from({ length: LONG }, (_, at) => ({ name: `d${at}`, of: [`d${at + 1}`] }));
  equal(orderDerived(chain).order?.at(-1)?.name, "d0");
});

Deno.test("Sensing refuses a circle with the way around it", () => {
  const circle: DerivedPolicy[] = [
    { type: "max", name: "x", kind: "other", of: ["y"] },
    { type: "max", name: "y", kind: "other", of: ["x"] },
  ];
  throws(() => new Sensing([], circle, 0), (error) => {
    ok(error instanceof ConfigError);
    equal(
      error.message,
      "Cannot compute sensors: found the circle x <- y <- x; " +
        "let one of them do without the others",
    );
    return true;
  });
});

Deno.test("a derived sensor of one that nobody measures has failed", () => {
  const derived: DerivedPolicy = { type: "max", name: "d", kind: "other", of: ["ghost"] };
  const sensing = new Sensing([], [derived], 0);
  sensing.judge(0);
  const { state, failsafePercent, reason } = standing(sensing, "d");
  deepEqual([state, failsafePercent, reason], ["failed", 100, 'input "ghost": no such sensor']);
});
