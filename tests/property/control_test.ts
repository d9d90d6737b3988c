import { ok, strictEqual } from "node:assert/strict";
import { type Curve, evaluateCurve } from "../../src/control/demand/curve.ts";
import { decide, type DecisionInput } from "../../src/control/engine/decision.ts";
import { SensorHealth, type SensorPolicy } from "../../src/control/sensing/sensor_health.ts";
import { fc } from "../deps.ts";

const NAMES = ["a", "b", "c"];
const NOW_MS = 100_000;

const percents = fc.double({ min: 0, max: 100, noNaN: true });
const temps = fc.double({ min: -20, max: 120, noNaN: true });

/** Curves that never ask for less when it gets warmer; from 0 °C on, as step tables begin there. */
const risingCurves: fc.Arbitrary<Curve> = fc.record({
  shape: fc.constantFrom("step" as const, "linear" as const),
  points: fc.array(fc.tuple(fc.double({ min: 0, max: 100, noNaN: true }), percents), {
    minLength: 1,
    maxLength: 8,
  }).map((points) => {
    const tempsC = points.map(([tempC]) => tempC).sort((x, y) => x - y);
    const duties = points.map(([, percent]) => percent).sort((x, y) => x - y);
    return tempsC.map((tempC, at) => [tempC, duties[at] ?? 100] as const);
  }),
});

const policies = fc.record({
  failsafePercent: percents,
  criticalC: fc.double({ min: 40, max: 110, noNaN: true }),
  required: fc.boolean(),
  misses: fc.nat(4),
});

/** What happens to a sensor before a decision, oldest first, at these ages. */
const histories = fc.array(
  fc.record({
    agoMs: fc.nat(12_000),
    event: fc.oneof(
      fc.record({ type: fc.constant("reading" as const), tempC: temps }),
      fc.constant({ type: "miss" as const }),
      fc.constant({ type: "asleep" as const }),
    ),
  }),
  { maxLength: 10 },
);

const overrides = fc.option(
  fc.record({
    percent: percents,
    expiresMs: fc.option(fc.nat(2 * NOW_MS)),
    expiresAt: fc.constant(null),
    forced: fc.boolean(),
  }),
);

interface Drawn {
  sensors: { policy: SensorPolicy; health: SensorHealth }[];
  input: DecisionInput;
}

const situations: fc.Arbitrary<Drawn> = fc.record({
  floorPercent: percents,
  curves: fc.array(fc.tuple(risingCurves, fc.subarray(NAMES)), { minLength: 1, maxLength: 3 }),
  sensors: fc.tuple(...NAMES.map(() => fc.tuple(policies, histories))),
  override: overrides,
  lateMs: fc.constantFrom(0, 0, 0, 1000, 1001),
}).map(({ floorPercent, curves, sensors, override, lateMs }) => {
  const drawn = sensors.map(([limits, history], at) => {
    const policy = {
      name: NAMES[at] ?? "?",
      kind: "other",
      intervalMs: 1000,
      timeoutMs: 500,
      minC: -20,
      maxC: 120,
      ...limits,
    };
    const health = new SensorHealth(policy, NOW_MS - 3000);
    for (const { agoMs, event } of history.toSorted((x, y) => y.agoMs - x.agoMs)) {
      const atMs = NOW_MS - agoMs;
      if (event.type === "reading") health.reading(event.tempC, atMs);
      else if (event.type === "miss") health.miss("gone", atMs);
      else health.asleep(atMs);
    }
    return { policy, health };
  });
  const causes = curves.map(([curve, names], at) => ({
    name: `curve ${at}`,
    curve,
    sensors: names,
    combine: "max" as const,
  }));
  const input: DecisionInput = {
    shelf: { name: "shelf", floorPercent, causes },
    sensors: drawn.map(({ health }) => health.judge(NOW_MS)),
    policies: new Map(drawn.map(({ policy }) => [policy.name, policy])),
    override,
    lateMs,
    tickMs: 1000,
    nowMs: NOW_MS,
  };
  return { sensors: drawn, input };
});

Deno.test("a rising curve never gives less duty for more temperature", () => {
  fc.assert(
    fc.property(risingCurves, temps, temps, (curve, x, y) => {
      const cool = evaluateCurve(curve, Math.min(x, y));
      const warm = evaluateCurve(curve, Math.max(x, y));
      ok(warm >= cool, `${cool} at the lower, ${warm} at the higher temperature`);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("every decision lies within 0 and 100 %, is bounded in time and says why", () => {
  fc.assert(
    fc.property(situations, ({ input }) => {
      const { percent, validForMs, causes, limit } = decide(input);
      ok(percent >= 0 && percent <= 100);
      ok(validForMs > 0 && validForMs <= 5500 + 1000);
      strictEqual(causes[0]?.percent, percent);
      ok(causes.every(({ text }) => /\d/.test(text) && !/NaN|null|undefined/.test(text)));
      if (input.override === null) strictEqual(limit, null);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("no decision is below what a floor, a critical or an unforced failsafe demands", () => {
  fc.assert(
    fc.property(situations, ({ input }) => {
      const { percent, born } = decide(input);
      ok(percent >= input.shelf.floorPercent);
      const named = new Set(input.shelf.causes.flatMap(({ sensors }) => sensors));
      const forced = input.override?.forced &&
        (input.override.expiresMs === null || input.override.expiresMs > NOW_MS);
      for (const sensor of input.sensors.filter(({ name }) => named.has(name))) {
        const policy = input.policies.get(sensor.name);
        ok(policy);
        if (sensor.tempC !== null && sensor.tempC >= policy.criticalC) strictEqual(percent, 100);
        if (sensor.state === "failed" && !forced) ok(percent >= policy.failsafePercent);
      }
      if (!forced && (!born || input.lateMs > input.tickMs)) strictEqual(percent, 100);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("more temperature never gives less duty", () => {
  fc.assert(
    fc.property(situations, fc.nat(40), ({ input }, riseC) => {
      const warmer = input.sensors.map((sensor) => ({
        ...sensor,
        tempC: sensor.tempC === null ? null : sensor.tempC + riseC,
      }));
      ok(decide({ ...input, sensors: warmer }).percent >= decide(input).percent);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("one more failsafe at 100 % never gives less duty", () => {
  fc.assert(
    fc.property(situations, fc.constantFrom(...NAMES), ({ input }, name) => {
      const before = decide(input).percent;
      ok(decide({ ...input, lateMs: 5000 }).percent >= before);
      // A forced override goes below failsafes, so that a critical sensor that is lost lowers it.
      if (input.override?.forced) return;
      const policy = input.policies.get(name);
      ok(policy);
      const policies = new Map(input.policies).set(name, { ...policy, failsafePercent: 100 });
      const sensors = input.sensors.map((sensor) =>
        sensor.name === name ? { ...sensor, state: "failed" as const, tempC: null } : sensor
      );
      ok(decide({ ...input, policies, sensors }).percent >= before);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("the same input gives the same decision", () => {
  fc.assert(fc.property(situations, ({ input }) => {
    strictEqual(JSON.stringify(decide(input)), JSON.stringify(decide(input)));
  }));
});
