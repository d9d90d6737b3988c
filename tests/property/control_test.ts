import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type Curve, evaluateCurve } from "../../src/control/demand/curve.ts";
import { Engine } from "../../src/control/engine/engine.ts";
import type { EngineConfig } from "../../src/control/engine/engine_config.ts";
import type { EngineEvent } from "../../src/control/engine/event.ts";
import type { Override } from "../../src/control/engine/override.ts";
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
    owner: fc.constant("me"),
    reason: fc.constant(null),
  }),
);

/** A shelf, what happened to its sensors, and when it is decided. */
interface Drawn {
  config: EngineConfig;
  events: EngineEvent[];
  override: Override | null;
  lateMs: number;
}

const situations: fc.Arbitrary<Drawn> = fc.record({
  floorPercent: percents,
  curves: fc.array(fc.tuple(risingCurves, fc.subarray(NAMES)), { minLength: 1, maxLength: 3 }),
  sensors: fc.tuple(...NAMES.map(() => fc.tuple(policies, histories))),
  override: overrides,
  lateMs: fc.constantFrom(0, 0, 0, 1000, 1001),
}).map(({ floorPercent, curves, sensors, override, lateMs }) => {
  const policies = sensors.map(([limits], at) => ({
    name: NAMES[at] ?? "?",
    kind: "other",
    intervalMs: 1000,
    timeoutMs: 500,
    minC: -20,
    maxC: 200,
    ...limits,
  }));
  const causes = curves.map(([curve, names], at) => ({
    name: `curve ${at}`,
    curve,
    sensors: names,
    combine: "max" as const,
  }));
  const events = sensors.flatMap(([_, history], at) =>
    history.map(({ agoMs, event }): EngineEvent => {
      const told = { sensor: NAMES[at] ?? "?", atMs: NOW_MS - agoMs };
      return event.type === "miss"
        ? { ...event, ...told, reason: "gone", fault: "missing" }
        : { ...event, ...told };
    })
  ).toSorted((x, y) => x.atMs - y.atMs);
  const shelves = [{ name: "shelf", floorPercent, causes }];
  const config = {
    tickMs: 1000,
    rpmTtlMs: 10_000,
    sensors: policies,
    derived: [],
    shelves,
    profiles: [],
  };
  return { config, events, override, lateMs };
});

/** The engine after its only tick. */
function decided({ config, events, override, lateMs }: Drawn): Engine {
  const engine = new Engine(config, NOW_MS - 3000);
  for (const event of events) engine.apply(event);
  engine.apply({ type: "override", shelf: "shelf", override, atMs: NOW_MS });
  engine.tick({ atMs: NOW_MS, wallMs: 0, lateMs });
  return engine;
}

function percentOf(drawn: Drawn): number {
  return decided(drawn).decision("shelf").percent;
}

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
    fc.property(situations, (drawn) => {
      const { percent, validForMs, causes, limit } = decided(drawn).decision("shelf");
      ok(percent >= 0 && percent <= 100);
      ok(validForMs > 0 && validForMs <= 5500 + 1000);
      strictEqual(causes[0]?.percent, percent);
      ok(causes.every(({ text }) => /\d/.test(text) && !/NaN|null|undefined/.test(text)));
      if (drawn.override === null) strictEqual(limit, null);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("no decision is below what a floor, a critical or an unforced failsafe demands", () => {
  fc.assert(
    fc.property(situations, (drawn) => {
      const engine = decided(drawn);
      const { percent, born } = engine.decision("shelf");
      ok(percent >= (drawn.config.shelves[0]?.floorPercent ?? 0));
      const { override } = drawn;
      const forced = override?.forced &&
        (override.expiresMs === null || override.expiresMs > NOW_MS);
      for (const name of engine.sensors("shelf")) {
        const { tempC, state, failsafePercent, reason } = engine.judgement(name);
        const policy = drawn.config.sensors.find((each) => each.name === name);
        ok(policy);
        if (tempC !== null && tempC >= policy.criticalC) strictEqual(percent, 100);
        if (state === "failed") {
          const isHot = tempC === null && reason?.endsWith("critical when last read");
          strictEqual(failsafePercent, isHot ? 100 : policy.failsafePercent);
          if (!forced) ok(percent >= failsafePercent);
        }
      }
      if (!forced && (!born || drawn.lateMs > drawn.config.tickMs)) strictEqual(percent, 100);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("more temperature never gives less duty", () => {
  fc.assert(
    fc.property(situations, fc.nat(40), (drawn, riseC) => {
      const events = drawn.events.map((event) =>
        event.type === "reading" ? { ...event, tempC: event.tempC + riseC } : event
      );
      ok(percentOf({ ...drawn, events }) >= percentOf(drawn));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("one more failsafe at 100 % never gives less duty", () => {
  fc.assert(
    fc.property(situations, fc.constantFrom(...NAMES), (drawn, name) => {
      const before = percentOf(drawn);
      ok(percentOf({ ...drawn, lateMs: 5000 }) >= before);
      // A forced override goes below failsafes, so that a critical sensor that is lost lowers it.
      if (drawn.override?.forced) return;
      const sensors = drawn.config.sensors.map((policy) =>
        policy.name === name ? { ...policy, failsafePercent: 100 } : policy
      );
      const misses = [1, 2, 3, 4, 5, 6].map((): EngineEvent => (
        { type: "miss", sensor: name, reason: "gone", fault: "missing", atMs: NOW_MS }
      ));
      const config = { ...drawn.config, sensors };
      ok(percentOf({ ...drawn, config, events: [...drawn.events, ...misses] }) >= before);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("the same events give the same engine", () => {
  fc.assert(fc.property(situations, (drawn) => {
    deepStrictEqual(decided(drawn).snapshot(), decided(drawn).snapshot());
  }));
});
