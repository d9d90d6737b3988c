import { ok, strictEqual } from "node:assert/strict";
import { Engine } from "../../src/control/engine/engine.ts";
import type { EngineConfig } from "../../src/control/engine/engine_config.ts";
import type { EngineEvent, TickTime } from "../../src/control/engine/event.ts";
import { overrideInForce } from "../../src/control/engine/override.ts";
import { PLAIN_OUTPUT } from "../../src/control/output/output_policy.ts";
import { NORMAL_PROFILE } from "../../src/control/profile/profile.ts";
import { fc } from "../deps.ts";
import { engineConfig, engineSensor, engineShelf } from "../support/engine_config.ts";
import { LostSensor, percentFor } from "../support/lost_sensors.ts";

/** Everything that an engine can have at once: filters, feedback, derived sensors, a profile. */
const CONFIG: EngineConfig = engineConfig({
  sensors: [
    engineSensor("a", { misses: 2, failsafePercent: 70, holdMs: 8000, recoverReadings: 2 }),
    engineSensor("b", { failsafe: { timeout: 55 }, slopeCPerS: 30, criticalC: 80 }),
    engineSensor("c", { required: false, siblings: { maxC: 30, ms: 4000, names: ["a", "b"] } }),
  ],
  derived: [
    { name: "mean", kind: "other", type: "mean", of: ["a", "b"], criticalC: 75 },
    { name: "slow", kind: "other", type: "ema", of: ["c"], tauMs: 5000 },
  ],
  shelves: [
    engineShelf("gentle", ["a", "mean"], {
      output: {
        ...PLAIN_OUTPUT,
        risePercentPerS: 3,
        fallPercentPerS: 1,
        keepOut: [[40, 46]],
        offBelowPercent: 25,
        minimumPercent: 22,
        startPercent: 30,
        minOnMs: 5000,
        minOffMs: 5000,
      },
      floorPercent: 0,
    }),
    engineShelf("regulated", ["slow", "b"], {
      causes: [{
        name: "pid",
        sensors: ["slow", "b"],
        combine: "max",
        curve: {
          shape: "pid",
          targetC: 45,
          kp: 2,
          ki: 0.05,
          kd: 1,
          minPercent: 20,
          maxPercent: 100,
          slewPercentPerS: null,
        },
      }],
    }),
    engineShelf("plain", ["a", "b", "c"]),
  ],
  profiles: [{ ...NORMAL_PROFILE, name: "quiet", maxPercent: 35 }],
});

/** The measured sensors that each shelf rests on. */
const BEHIND: Readonly<Record<string, readonly string[]>> = {
  gentle: ["a", "b"],
  regulated: ["b", "c"],
  plain: ["a", "b", "c"],
};
const SHELVES = CONFIG.shelves.map(({ name }) => name);
const percent = fc.double({ min: 0, max: 100, noNaN: true });
const sensor = fc.constantFrom("a", "b", "c");
const shelf = fc.constantFrom(...SHELVES);
const atMs = fc.constant(0);
/** What broken and sound sensors show. */
const tempC = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: 15, max: 95, noNaN: true }) },
  fc.constantFrom(-128, 85, 0, -0, 127.9375, 1e9, -273.15),
);

const override = fc.option(fc.record({
  percent,
  expiresMs: fc.option(fc.nat(300_000)),
  expiresAt: fc.constant(null),
  forced: fc.boolean(),
  owner: fc.constant("me"),
  reason: fc.option(fc.constant("a try")),
}));

const profile = fc.option(fc.record({
  name: fc.constantFrom("quiet", "unknown"),
  source: fc.constant("hand" as const),
  owner: fc.constant("me"),
  reason: fc.constant(null),
  expiresMs: fc.nat(300_000),
  expiresAt: fc.nat(300_000),
}));

const fans = fc.option(fc.array(
  fc.record({
    channel: fc.nat(3),
    rpm: fc.option(fc.nat(3000)),
    state: fc.constantFrom("spinning" as const, "stalled" as const, "implausible" as const),
    appliedPercent: fc.option(percent),
  }),
  { maxLength: 3 },
));

const event: fc.Arbitrary<EngineEvent> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ type: fc.constant("reading" as const), sensor, tempC, atMs }),
  },
  {
    // Often enough for rows of them before a sensor counts as silent.
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("miss" as const),
      sensor,
      reason: fc.constant("gone"),
      fault: fc.constantFrom("missing" as const, "timeout" as const),
      atMs,
    }),
  },
  fc.record({ type: fc.constant("asleep" as const), sensor, atMs }),
  fc.record({ type: fc.constant("override" as const), shelf, override, atMs }),
  fc.record({ type: fc.constant("profile" as const), profile, atMs }),
  fc.record({
    type: fc.constant("fans" as const),
    shelf,
    board: fc.constantFrom("", "upper"),
    fans,
    atMs,
  }),
);

/** Events and ticks, each some time after the one before; once in a while hours. */
const afterMs = fc.oneof(
  { weight: 20, arbitrary: fc.nat(1500) },
  fc.constantFrom(3_600_000, 8 * 3_600_000),
);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ event, afterMs }) },
  {
    weight: 2,
    arbitrary: fc.record({
      event: fc.constant(null),
      afterMs,
      lateMs: fc.constantFrom(0, 0, 0, 20, 1000, 1001),
      /** Somebody sets the wall clock. */
      stepMs: fc.constantFrom(0, 0, 0, 3_600_000, -3_600_000),
    }),
  },
);
type Step = { event: EngineEvent | null; afterMs: number; lateMs?: number; stepMs?: number };
const runs: fc.Arbitrary<Step[]> = fc.array(step, { minLength: 5, maxLength: 120, size: "max" });

/** Lets a run happen; `look` sees the engine after each step, and may hand on another one. */
function happen(
  run: readonly Step[],
  look: (engine: Engine, time: TickTime, event: EngineEvent | null) => Engine,
): Engine {
  let engine = new Engine(CONFIG, 0);
  let nowMs = 0;
  let wallMs = Date.UTC(2030, 0, 1);
  let time: TickTime = { atMs: 0, wallMs, lateMs: 0 };
  for (const { event, afterMs, lateMs = 0, stepMs = 0 } of run) {
    nowMs += afterMs;
    wallMs += afterMs + stepMs;
    const happened = event && { ...event, atMs: nowMs };
    if (happened !== null) {
      engine.apply(happened);
    } else {
      time = { atMs: nowMs, wallMs, lateMs };
      engine.tick(time);
    }
    engine = look(engine, time, happened);
  }
  return engine;
}

const hasTicked = (engine: Engine) => engine.snapshot([]).lastTick !== null;

Deno.test("whatever happens, a duty is a percentage, has its cause and an end", () => {
  fc.assert(
    fc.property(runs, (run) => {
      happen(run, (engine) => {
        for (const name of SHELVES) {
          const { percent, causes, validForMs, limit } = engine.decision(name);
          ok(percent >= 0 && percent <= 100, `${percent} %`);
          strictEqual(causes[0]?.percent, percent);
          ok(validForMs > 0 && Number.isFinite(validForMs), `${validForMs} ms`);
          ok(
            causes.every(({ text }) => !/NaN|undefined|Infinity/.test(text)),
            String(causes[0]?.text),
          );
          if (limit !== null) ok(causes.some(({ kind }) => kind === "override"));
        }
        return engine;
      });
    }),
    { numRuns: 150 },
  );
});

Deno.test("whatever happens, no duty is below a floor, a critical or an unforced failsafe", () => {
  fc.assert(
    fc.property(runs, (run) => {
      const lost = new Map(CONFIG.sensors.map((policy) => [policy.name, new LostSensor(policy)]));
      const asked = new Map<string, number>();
      happen(run, (engine, time, event) => {
        for (const [name, sensor] of lost) {
          if (event === null) asked.set(name, sensor.tick(time.atMs));
          else sensor.take(event, event.atMs);
        }
        if (!hasTicked(engine)) return engine;
        for (const { name, floorPercent } of CONFIG.shelves) {
          const { percent, causes } = engine.decision(name);
          const order = engine.override(name);
          const isForced = overrideInForce(order, time.atMs) && order.forced;
          ok(percent >= floorPercent);
          for (const cause of causes) {
            if (cause.kind === "critical") strictEqual(percent, 100);
            if (cause.kind === "failsafe" && !isForced) ok(percent >= cause.percent);
            if (cause.kind === "floor") ok(percent >= cause.percent);
          }
          if (causes.some((cause) => cause.name === "birth") && !isForced) {
            strictEqual(percent, 100);
          }
          // Not only what the decision tells: what its sensors are.
          for (const watched of BEHIND[name] ?? []) {
            const { tempC, fault } = engine.judgement(watched);
            const policy = CONFIG.sensors.find((each) => each.name === watched);
            ok(policy !== undefined);
            if (tempC !== null && tempC >= policy.criticalC) strictEqual(percent, 100);
            if (isForced) continue;
            if (fault !== null) ok(percent >= percentFor(policy, fault));
            // Nor only what the engine finds: what has happened to them.
            const least = asked.get(watched) ?? NaN;
            ok(percent >= least, `${percent} % although "${watched}" asks for ${least} %`);
          }
        }
        return engine;
      });
    }),
    { numRuns: 150 },
  );
});

Deno.test("after every tick, every shelf has a decision of that tick", () => {
  fc.assert(
    fc.property(runs, (run) => {
      happen(run, (engine, time) => {
        if (!hasTicked(engine)) return engine;
        for (const name of SHELVES) strictEqual(engine.decision(name).decidedMs, time.atMs);
        return engine;
      });
    }),
    { numRuns: 80 },
  );
});

Deno.test("a snapshot at any point goes on bit for bit, and a run can be run again", () => {
  fc.assert(
    fc.property(runs, fc.nat(119), (run, at) => {
      const told: string[] = [];
      const first = happen(run, (engine) => {
        told.push(JSON.stringify(SHELVES.map((name) => engine.decision(name))));
        return engine;
      });
      let index = 0;
      const second = happen(run, (engine) => {
        strictEqual(JSON.stringify(SHELVES.map((name) => engine.decision(name))), told[index]);
        return index++ === at % run.length
          ? new Engine(CONFIG, 0, JSON.parse(JSON.stringify(engine.snapshot())))
          : engine;
      });
      strictEqual(JSON.stringify(second.snapshot()), JSON.stringify(first.snapshot()));
    }),
    { numRuns: 150 },
  );
});

Deno.test("more heat everywhere never gives less, where the configuration is monotone", () => {
  const config = engineConfig({
    sensors: ["a", "b", "c"].map((name) => engineSensor(name)),
    shelves: [engineShelf("plain", ["a", "b", "c"])],
  });
  const warm = fc.double({ min: 0, max: 60, noNaN: true });
  const heats = fc.array(fc.record({ sensor, tempC: warm }), { minLength: 1, maxLength: 40 });
  const percentAfter = (readings: { sensor: string; tempC: number }[], byC: number): number => {
    const engine = new Engine(config, 0);
    for (const [at, { sensor, tempC }] of readings.entries()) {
      const atMs = at * 300;
      engine.apply({ type: "reading", sensor, tempC: tempC + byC, atMs });
      engine.tick({ atMs, wallMs: atMs, lateMs: 0 });
    }
    return engine.decision("plain").percent;
  };
  fc.assert(
    fc.property(heats, fc.double({ min: 0, max: 50, noNaN: true }), (readings, byC) => {
      ok(percentAfter(readings, byC) >= percentAfter(readings, 0));
    }),
    { numRuns: 300 },
  );
});

Deno.test("two hundred sensors of which twenty flap: calm shelves stay calm, and none pumps", () => {
  const names = Array.from({ length: 200 }, (_, at) => `s${at}`);
  const engine = new Engine(
    engineConfig({
      sensors: names.map((name) => engineSensor(name, { holdMs: 60_000, recoverReadings: 3 })),
      shelves: Array.from(
        { length: 20 },
        (_, at) => engineShelf(`shelf${at}`, names.slice(at * 10, at * 10 + 10)),
      ),
    }),
    0,
  );
  const changes = new Map<string, number>();
  for (let second = 0; second < 600; second++) {
    const atMs = second * 1000;
    for (const [at, name] of names.entries()) {
      // The first sensor of each second shelf is there for 5 s and away for 5 s.
      const isAway = at % 20 === 0 && second > 20 && second % 10 >= 5;
      engine.apply(
        isAway
          ? { type: "miss", sensor: name, reason: "gone", fault: "missing", atMs }
          : { type: "reading", sensor: name, tempC: 40, atMs },
      );
    }
    for (const name of engine.tick({ atMs, wallMs: atMs, lateMs: 0 })) {
      changes.set(name, (changes.get(name) ?? 0) + 1);
    }
  }
  for (const at of Array.from({ length: 20 }).keys()) {
    // Once out of birth, and once into a failsafe that holds while its sensor flaps.
    strictEqual(changes.get(`shelf${at}`), at % 2 === 0 ? 2 : 1, `shelf${at}`);
  }
});
