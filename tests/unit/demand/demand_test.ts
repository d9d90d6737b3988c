import assert from "node:assert/strict";
import { orderCauses } from "../../../src/control/demand/cause_order.ts";
import type { CausePolicy, SensorCause } from "../../../src/control/demand/cause_policy.ts";
import { Demand } from "../../../src/control/demand/demand.ts";
import type { SensorJudgement } from "../../../src/control/sensing/judgement.ts";

const POINTS = [[40, 20], [60, 60], [80, 100]] as const;

function linear(name: string, ...sensors: string[]): SensorCause {
  return { name, curve: { shape: "linear", points: POINTS }, sensors, combine: "max" };
}

const FILTER = {
  riseHysteresisC: 0,
  fallHysteresisC: 3,
  riseResponseMs: 0,
  fallResponseMs: 10_000,
  reapplyMs: 30_000,
};

type Reading = number | "waiting" | "failed" | "asleep" | { doubtfulC: number };

function judgement(name: string, reading: Reading): SensorJudgement {
  const doubtful = typeof reading === "object" ? reading.doubtfulC : null;
  return {
    name,
    kind: "other",
    state: typeof reading === "number" ? "ok" : typeof reading === "object" ? "failed" : reading,
    tempC: typeof reading === "number" ? reading : doubtful,
    ageMs: 0,
    validForMs: 1000,
    reason: null,
    fault: null,
    failsafePercent: 0,
    sinceMs: 0,
  };
}

const judged = (readings: Record<string, Reading>): Map<string, SensorJudgement> =>
  new Map(Object.entries(readings).map(([name, reading]) => [name, judgement(name, reading)]));

/** What is asked for at one moment, by cause. */
function ask(demand: Demand, readings: Record<string, Reading>, atMs = 0): Record<string, number> {
  const causes = demand.evaluate(judged(readings), atMs);
  return Object.fromEntries(causes.map(({ name, percent }) => [name, percent]));
}

Deno.test("a cause follows its hottest sensor and says so", () => {
  const demand = new Demand([linear("cpu", "a", "b")]);
  const [cause] = demand.evaluate(judged({ a: 45, b: 50 }), 0);
  assert.deepEqual(cause, { kind: "curve", name: "cpu", percent: 40, text: "b 50.0 °C -> 40 %" });
});

Deno.test("a mean counts what can be used", () => {
  const demand = new Demand([{ ...linear("cpu", "a", "b", "c"), combine: "mean" }]);
  const readings = { a: 40, b: 60, c: "asleep" } as const;
  assert.deepEqual(demand.evaluate(judged(readings), 0)[0]?.text, "mean of 2 50.0 °C -> 40 %");
  assert.deepEqual(ask(demand, { a: 40, b: { doubtfulC: 90 }, c: "failed" }), { cpu: 20 });
});

Deno.test("a cause says nothing while none of its sensors can be used", () => {
  const demand = new Demand([linear("cpu", "a"), linear("disk", "b")]);
  assert.deepEqual(ask(demand, { a: "waiting", b: 60 }), { disk: 60 });
  assert.deepEqual(ask(demand, { a: "failed", b: 60 }), { disk: 60 });
  assert.deepEqual(ask(demand, { b: 60 }), { disk: 60 });
});

Deno.test("what sleeps is colder than every point", () => {
  const demand = new Demand([linear("disk", "a", "b")]);
  const [cause] = demand.evaluate(judged({ a: "asleep", b: "asleep" }), 0);
  assert.equal(cause?.text, "a asleep -> 20 %");
  assert.deepEqual(ask(demand, { a: "asleep", b: 70 }), { disk: 80 });
});

Deno.test("a sensor in doubt may raise a table's duty, and a feedback does not learn from it", () => {
  const target = {
    ...linear("held", "a", "b"),
    curve: { shape: "target", targetC: 50, deadbandC: 1, minPercent: 0, maxPercent: 100 } as const,
  };
  const demand = new Demand([linear("cpu", "a", "b"), target]);
  const readings = { a: 50, b: { doubtfulC: 70 } };
  assert.deepEqual(ask(demand, readings), { cpu: 80, held: 50 });
});

Deno.test("causes are combined, nested, and count by themselves no more", () => {
  const causes: CausePolicy[] = [
    { name: "all", of: ["both", "c"], combine: "max", sensors: [] },
    { name: "both", of: ["a", "b"], combine: "sum", sensors: [] },
    linear("a", "a"),
    linear("b", "b"),
    linear("c", "c"),
    { name: "half", of: ["a", "c"], combine: "mean", sensors: [] },
    linear("own", "c"),
  ];
  const demand = new Demand(causes);
  const readings = { a: 45, b: 50, c: 40 };
  assert.deepEqual(ask(demand, readings), { all: 70, half: 25, own: 20 });
  assert.deepEqual(demand.evaluate(judged(readings), 0).map(({ text }) => text), [
    "highest of both 70 %, c 20 % -> 70 %",
    "mean of a 30 %, c 20 % -> 25 %",
    "c 40.0 °C -> 20 %",
  ]);
  assert.deepEqual(ask(demand, { a: 80, b: 80, c: 40 }), { all: 100, half: 60, own: 20 });
  assert.deepEqual(ask(demand, { a: "failed", b: 50, c: "waiting" }), { all: 40 });
});

Deno.test("causes in a circle are found with their path", () => {
  const of = (name: string, ...parts: string[]): CausePolicy => ({
    name,
    of: parts,
    combine: "max",
    sensors: [],
  });
  assert.deepEqual(orderCauses([of("a", "x", "b"), of("b", "c"), of("c", "b"), linear("x", "s")]), {
    ordered: [linear("x", "s")],
    cycle: ["b", "c", "b"],
  });
  assert.deepEqual(orderCauses([of("a", "a")]).cycle, ["a", "a"]);
  assert.deepEqual(orderCauses([of("a", "b"), linear("b", "s")]).cycle, null);
});

Deno.test("the same array comes back until something changes", () => {
  const demand = new Demand([linear("cpu", "a"), linear("disk", "b")]);
  const judgements = judged({ a: 50, b: 45 });
  const first = demand.evaluate(judgements, 0);
  assert.equal(demand.evaluate(judgements, 1000), first);
  const a = judgements.get("a");
  assert.ok(a);
  a.tempC = 51;
  const second = demand.evaluate(judgements, 2000);
  assert.notEqual(second, first);
  assert.equal(second[1], first[1]);
  a.state = "failed";
  a.tempC = null;
  assert.deepEqual(demand.evaluate(judgements, 3000).map(({ name }) => name), ["disk"]);
});

Deno.test("a filter shows in the text, in the explanation and in what would change it", () => {
  const demand = new Demand([{ ...linear("cpu", "a"), filter: FILTER }]);
  ask(demand, { a: 50 }, 0);
  const [cause] = demand.evaluate(judged({ a: 48 }), 5000);
  assert.equal(cause?.text, "a 48.0 °C, held at 50.0 °C -> 40 %");
  assert.deepEqual(demand.explain(5000, 1_000_000), {
    steps: [
      {
        what: "filter",
        text: "cpu: 50.0 °C counts although it is 48.0 °C: a fall of up to 3 °C is held",
        value: 50,
        unit: "°C",
        until: 1_025_000,
      },
      {
        what: "curve",
        text: "cpu: a at 50.0 °C, linear between 40.0 °C (20 %) and 60.0 °C (60 %) -> 40 %",
        value: 40,
        unit: "%",
      },
    ],
    changes: [
      "cpu: at 60.0 °C it asks for 60 %",
      "cpu: below 47.0 °C for 10 s it asks for less",
    ],
  });
});

Deno.test("an explanation names the parts of a feedback and what cannot be used", () => {
  const curve = { shape: "target", targetC: 50, deadbandC: 1, minPercent: 0, maxPercent: 100 };
  const demand = new Demand([
    { ...linear("held", "a"), curve: curve as SensorCause["curve"] },
    linear("lost", "b"),
    { name: "both", of: ["held", "lost"], combine: "max", sensors: [] },
  ]);
  demand.evaluate(judged({ a: 56, b: "failed" }), 0);
  assert.deepEqual(demand.explain(0, 0).steps.map(({ text }) => text), [
    "held: a at 56.0 °C, target 50.0 °C: proportional +11.3 %, integral +50 % -> 61.3 %",
    "lost: none of its sensors can be used",
    "both: highest of held 61.3 % -> 61.3 %",
  ]);
});

Deno.test("causes that did not change keep their state, others go on without a jump", () => {
  const pid = (kp: number): SensorCause => ({
    ...linear("pid", "a"),
    curve: {
      shape: "pid",
      targetC: 50,
      kp,
      ki: 0.1,
      kd: 0,
      minPercent: 0,
      maxPercent: 100,
      slewPercentPerS: null,
    },
  });
  const held = { ...linear("held", "a"), filter: FILTER };
  const old = new Demand([pid(2), held, linear("plain", "a")]);
  for (let second = 0; second < 20; second++) ask(old, { a: 55 }, second * 1000);
  const state = JSON.parse(JSON.stringify(old.state()));
  assert.deepEqual(Object.keys(state), ["pid", "held"]);

  const same = new Demand([pid(2), held, linear("plain", "a")], state);
  const next = ask(old, { a: 54 }, 20_000);
  assert.deepEqual(ask(same, { a: 54 }, 20_000), next);

  const changed = new Demand(
    [pid(9), { ...held, filter: { ...FILTER, fallHysteresisC: 8 } }],
    state,
  );
  const percent = state.pid.pid.percent;
  assert.deepEqual(ask(changed, { a: 54 }, 20_000), { pid: percent, held: 50 });

  const other = new Demand([{ ...held, sensors: ["b"] }], state);
  assert.deepEqual(ask(other, { b: 40 }, 20_000), { held: 20 }, "what another sensor held is gone");
});
