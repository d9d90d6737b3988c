import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { CausePolicy, Law } from "../../src/control/demand/cause_policy.ts";
import { type Curve, evaluateCurve } from "../../src/control/demand/curve.ts";
import { Demand } from "../../src/control/demand/demand.ts";
import { Pid, pidTerms } from "../../src/control/demand/pid.ts";
import { TempFilter, type TempFilterPolicy } from "../../src/control/demand/temp_filter.ts";
import type { SensorJudgement } from "../../src/control/sensing/judgement.ts";
import { fc } from "../deps.ts";

const percents = fc.double({ min: 0, max: 100, noNaN: true });
const temps = fc.double({ min: -20, max: 120, noNaN: true });
const shapes = fc.constantFrom("step" as const, "linear" as const, "cubic" as const);

/** Curves in any order; rising ones never ask for less when it gets warmer. */
const curves = (rising: boolean): fc.Arbitrary<Curve> =>
  fc.record({
    shape: shapes,
    points: fc.array(fc.tuple(fc.double({ min: 0, max: 100, noNaN: true }), percents), {
      minLength: 1,
      maxLength: 8,
    }).map((points) => {
      if (!rising) return points;
      const duties = points.map(([, percent]) => percent).sort((x, y) => x - y);
      const tempsC = points.map(([tempC]) => tempC).sort((x, y) => x - y);
      return tempsC.map((tempC, at) => [tempC, duties[at] ?? 100] as const);
    }),
  });

const filters: fc.Arbitrary<TempFilterPolicy> = fc.record({
  riseHysteresisC: fc.constantFrom(0, 0, 1, 4),
  fallHysteresisC: fc.constantFrom(0, 2, 5),
  riseResponseMs: fc.constantFrom(0, 0, 3000, 8000),
  fallResponseMs: fc.constantFrom(0, 5000, 20_000),
  reapplyMs: fc.constantFrom(1000, 30_000),
});

const pids = fc.record({
  shape: fc.constant("pid" as const),
  targetC: fc.double({ min: 30, max: 80, noNaN: true }),
  kp: fc.double({ min: 0.1, max: 10, noNaN: true }),
  ki: fc.double({ min: 0.01, max: 1, noNaN: true }),
  kd: fc.constantFrom(0, 0, 1, 20),
  minPercent: fc.constantFrom(0, 20),
  maxPercent: fc.constantFrom(80, 100),
  slewPercentPerS: fc.constantFrom(null, null, 2),
});

const laws: fc.Arbitrary<Law> = fc.oneof(
  curves(true),
  pids,
  fc.record({
    shape: fc.constant("target" as const),
    targetC: fc.double({ min: 30, max: 80, noNaN: true }),
    deadbandC: fc.constantFrom(0, 1, 3),
    minPercent: fc.constantFrom(0, 20),
    maxPercent: fc.constantFrom(80, 100),
  }),
);

const NAMES = ["a", "b", "c"];

const demands: fc.Arbitrary<CausePolicy[]> = fc.record({
  own: fc.array(
    fc.record({
      curve: laws,
      sensors: fc.subarray(NAMES, { minLength: 1 }),
      combine: fc.constantFrom("max" as const, "mean" as const),
      filter: filters,
      filtered: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  combine: fc.constantFrom("max" as const, "mean" as const, "sum" as const),
  parts: fc.nat(3),
}).map(({ own, combine, parts }) => {
  const causes: CausePolicy[] = own.map(({ filter, filtered, ...cause }, at) => ({
    name: `cause ${at}`,
    ...cause,
    ...filtered && { filter },
  }));
  const of = causes.slice(0, parts).map(({ name }) => name);
  if (of.length > 0) causes.push({ name: "together", sensors: [], of, combine });
  return causes;
});

/** What a sensor shows from tick to tick: a temperature, asleep, or lost. */
const shown = fc.oneof({ weight: 8, arbitrary: temps }, {
  weight: 1,
  arbitrary: fc.constantFrom("asleep" as const, "failed" as const, "waiting" as const),
});
const histories = fc.array(
  fc.record({
    stepMs: fc.constantFrom(1, 500, 1000, 1000, 1000, 60_000),
    readings: fc.tuple(shown, shown, shown),
  }),
  { minLength: 2, maxLength: 40 },
);

/** Judgements as a server keeps them: the same objects from tick to tick. */
class Board {
  readonly judgements = new Map<string, SensorJudgement>(NAMES.map((name) => [name, {
    name,
    kind: "other",
    state: "waiting",
    tempC: null,
    ageMs: 0,
    validForMs: 1,
    reason: null,
    fault: null,
    failsafePercent: 0,
    sinceMs: 0,
  }]));

  show(readings: readonly (number | "asleep" | "failed" | "waiting")[]): void {
    for (const [at, reading] of readings.entries()) {
      const judgement = this.judgements.get(NAMES[at] ?? "");
      if (!judgement) continue;
      judgement.state = typeof reading === "number" ? "ok" : reading;
      judgement.tempC = typeof reading === "number" ? reading : null;
    }
  }
}

Deno.test("a rising curve of any shape never gives less duty for more temperature", () => {
  fc.assert(
    fc.property(curves(true), temps, temps, (curve, x, y) => {
      // Step tables begin at 0 °C.
      const [cool, warm] = [Math.max(0, Math.min(x, y)), Math.max(0, x, y)];
      ok(evaluateCurve(curve, warm) >= evaluateCurve(curve, cool) - 1e-9);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("a curve of any shape and order never leaves the range of its points", () => {
  fc.assert(
    fc.property(curves(false), temps, (curve, tempC) => {
      const duties = curve.points.map(([, percent]) => percent);
      const percent = evaluateCurve(curve, tempC);
      ok(percent >= Math.min(...duties) && percent <= Math.max(...duties));
    }),
    { numRuns: 3000 },
  );
});

Deno.test("whatever the sensors show, every demand is a percentage and says why", () => {
  fc.assert(fc.property(demands, histories, (causes, history) => {
    const demand = new Demand(causes);
    const board = new Board();
    let nowMs = 0;
    for (const { stepMs, readings } of history) {
      nowMs += stepMs;
      board.show(readings);
      for (const { percent, text } of demand.evaluate(board.judgements, nowMs)) {
        ok(percent >= 0 && percent <= 100);
        ok(/\d/.test(text) && !/NaN|null|undefined|1000000000|Infinity/.test(text), text);
      }
      const { steps, changes } = demand.explain(nowMs, 1e12);
      for (const text of [...steps.map((step) => step.text), ...changes]) {
        ok(!/NaN|null|undefined|1000000000|Infinity/.test(text), text);
      }
    }
  }));
});

Deno.test("a demand continues bit by bit the same from its state", () => {
  fc.assert(fc.property(demands, histories, fc.nat(), (causes, history, cut) => {
    const one = new Demand(causes);
    let other = new Demand(causes);
    const board = new Board();
    let nowMs = 0;
    for (const [at, { stepMs, readings }] of history.entries()) {
      nowMs += stepMs;
      board.show(readings);
      if (at === cut % history.length) {
        other = new Demand(causes, JSON.parse(JSON.stringify(other.state())));
      }
      deepStrictEqual(
        other.evaluate(board.judgements, nowMs),
        one.evaluate(board.judgements, nowMs),
      );
    }
  }));
});

Deno.test("a filter never delays a rise beyond its setting, nor a fall beyond its own", () => {
  fc.assert(
    fc.property(
      filters,
      fc.array(fc.tuple(fc.constantFrom(250, 1000, 4000), temps), { minLength: 5, maxLength: 60 }),
      (policy, steps) => {
        const filter = new TempFilter(policy);
        const past: { atMs: number; tempC: number }[] = [];
        let nowMs = 0;
        for (const [stepMs, tempC] of steps) {
          nowMs += stepMs;
          past.push({ atMs: nowMs, tempC });
          const seenC = filter.step(tempC, nowMs);
          // All samples since the response time ago, the one in force at its beginning included.
          const during = (ms: number): number[] => {
            const first = past.findLastIndex(({ atMs }) => atMs <= nowMs - ms);
            return first < 0 ? [] : past.slice(first).map((each) => each.tempC);
          };
          const rising = during(policy.riseResponseMs);
          if (rising.length > 0) ok(seenC >= Math.min(...rising) - policy.riseHysteresisC);
          const falling = during(policy.fallResponseMs);
          if (falling.length > 0) ok(seenC <= Math.max(...falling) + policy.fallHysteresisC);
          ok(past.some((each) => each.tempC === seenC), "what is seen has been measured");
        }
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("a PID recovers within a bound, however long it stood at its limit", () => {
  fc.assert(
    fc.property(pids, fc.integer({ min: 10, max: 5000 }), (law, seconds) => {
      const pid = new Pid(pidTerms(law));
      for (let second = 0; second < seconds; second++) pid.step(law.targetC + 30, second * 1000);
      // A degree below the target the integral alone leaves the whole range within this time.
      const boundS = 100 / law.ki + 100 / (law.slewPercentPerS ?? Infinity) + 200;
      let percent = 100;
      let second = seconds;
      for (; second < seconds + boundS && percent > law.minPercent; second += 1) {
        percent = pid.step(law.targetC - 1, second * 1000);
      }
      strictEqual(percent, law.minPercent);
    }),
    { numRuns: 100 },
  );
});

Deno.test("a change of a PID's parameters makes no jump", () => {
  fc.assert(
    fc.property(pids, pids, fc.array(temps, { minLength: 1, maxLength: 30 }), (a, b, run) => {
      const before = new Pid(pidTerms(a));
      let percent = 0;
      for (const [second, tempC] of run.entries()) percent = before.step(tempC, second * 1000);
      const after = new Pid(pidTerms(b), before.state(), true);
      const next = after.step(run.at(-1) ?? 0, run.length * 1000);
      strictEqual(next, Math.min(Math.max(percent, b.minPercent), b.maxPercent));
    }),
  );
});
