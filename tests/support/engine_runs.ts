/** Runs of an engine as they could happen, for property tests of what keeps and repeats them. */

import { fc } from "../deps.ts";
import { Engine } from "../../src/control/engine/engine.ts";
import type { EngineConfig } from "../../src/control/engine/engine_config.ts";
import type { EngineEvent } from "../../src/control/engine/event.ts";
import { PLAIN_OUTPUT } from "../../src/control/output/output_policy.ts";
import type { EventTap } from "../../src/server/shelves/event_tap.ts";

/** One thing that happens, some time after the one before. */
export type Happening =
  & { afterMs: number }
  & (
    | { type: "tick"; lateMs: number }
    /** Only the kind of event counts until it gets its time. */
    | { type: "event"; event: EngineEvent }
    /** The configuration is read again: another floor, everything else as it was. */
    | { type: "reload"; floorPercent: number }
  );

/** A loop whose state is rarely a round number. */
const PID = {
  shape: "pid",
  kp: 2.1,
  ki: 0.07,
  kd: 3.3,
  minPercent: 0,
  maxPercent: 100,
  slewPercentPerS: 9.1,
} as const;

const SENSORS = ["cpu", "disk"];
const SHELVES = ["case", "drives"];

/** Two shelves that use whatever holds a state: filters, loops, holds, derived sensors. */
export function runConfig(floorPercent: number): EngineConfig {
  return {
    tickMs: 1000,
    rpmTtlMs: 10_000,
    sensors: SENSORS.map((name) => ({
      name,
      kind: name === "cpu" ? "cpu" : "hdd",
      intervalMs: 1000,
      timeoutMs: 500,
      misses: 2,
      minC: -20,
      maxC: 120,
      failsafePercent: 90,
      criticalC: 70,
      required: true,
      holdMs: 30_000,
      recoverReadings: 2,
      stuck: { ms: 60_000, movedC: 5, with: SENSORS.filter((other) => other !== name) },
    })),
    derived: [
      { name: "smooth", kind: "other", type: "ema", of: ["cpu"], tauMs: 7000 },
      { name: "mean", kind: "other", type: "average", of: ["disk"], windowMs: 11_000 },
    ],
    profiles: [{
      name: "quiet",
      shelves: ["case"],
      percent: null,
      addPercent: -7.3,
      minPercent: 0,
      maxPercent: 60,
      maxMs: 3_600_000,
    }],
    shelves: SHELVES.map((name, index) => ({
      name,
      floorPercent,
      causes: [{
        name: "warm",
        curve: { shape: "linear", points: [[30, 20], [60, 80]] },
        sensors: SENSORS.slice(index),
        combine: "max",
        filter: {
          riseHysteresisC: 0.5,
          fallHysteresisC: 2,
          riseResponseMs: 0,
          fallResponseMs: 5000,
          reapplyMs: 30_000,
        },
      }, {
        name: "held",
        curve: { ...PID, targetC: 50 + index / 3 },
        sensors: [index === 0 ? "smooth" : "mean"],
        combine: "mean",
      }],
      output: {
        ...PLAIN_OUTPUT,
        risePercentPerS: 7.7,
        fallPercentPerS: index === 0 ? 0.3 : null,
        offBelowPercent: index === 0 ? null : 21,
        startPercent: 33,
        minOnMs: 4000,
        keepOut: [[44, 52]],
      },
    })),
  };
}

const sensor = fc.constantFrom(...SENSORS);
const shelf = fc.constantFrom(...SHELVES);
const percent = fc.oneof(fc.nat(100), fc.double({ min: 0, max: 100, noNaN: true }));
const atMs = fc.constant(0);

const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("reading"),
      sensor,
      tempC: fc.oneof(fc.double({ min: 20, max: 90 }), fc.integer({ min: -128, max: 130 })),
      atMs,
    }),
  },
  fc.record({
    type: fc.constant("miss"),
    sensor,
    reason: fc.constantFrom("no such file", "a time-out"),
    fault: fc.constantFrom("missing", "timeout"),
    atMs,
  }),
  fc.record({ type: fc.constant("asleep"), sensor, atMs }),
  fc.record({
    type: fc.constant("override"),
    shelf,
    override: fc.option(fc.record({
      percent,
      expiresMs: fc.option(fc.nat(10_000_000)),
      expiresAt: fc.constant(null),
      forced: fc.boolean(),
    })),
    atMs,
  }),
  fc.record({
    type: fc.constant("profile"),
    profile: fc.option(fc.record({
      name: fc.constant("quiet"),
      source: fc.constantFrom("hand", "rig"),
      owner: fc.constant("a test"),
      reason: fc.constant(null),
      expiresMs: fc.nat(10_000_000),
      expiresAt: fc.nat(),
    })),
    atMs,
  }),
  fc.record({
    type: fc.constant("fans"),
    shelf,
    board: fc.constantFrom("", "main"),
    fans: fc.option(fc.array(
      fc.record({
        channel: fc.nat(3),
        rpm: fc.option(fc.nat(3000)),
        state: fc.constantFrom("spinning", "stalled", "stopped"),
        appliedPercent: fc.option(percent),
      }),
      { maxLength: 2 },
    )),
    atMs,
  }),
) as fc.Arbitrary<EngineEvent>;

const afterMs = fc.oneof(fc.nat(3000), fc.double({ min: 0, max: 400_000, noNaN: true }));

/** Whole runs; ticks are so far apart that states are written down in between. */
export const anyRun: fc.Arbitrary<Happening[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ type: fc.constant("event"), event, afterMs }) },
    {
      weight: 5,
      arbitrary: fc.record({
        type: fc.constant("tick"),
        lateMs: fc.oneof(fc.double({ min: 0, max: 20, noNaN: true }), fc.nat(5000)),
        afterMs,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ type: fc.constant("reload"), floorPercent: percent, afterMs }),
    },
  ) as fc.Arbitrary<Happening>,
  { minLength: 5, maxLength: 120, size: "max" },
);

/** Lets a run happen to engines, one after the other, with somebody listening; returns the last. */
export function happen(run: readonly Happening[], tap: EventTap, startMs = 0): Engine {
  const wallMs = (nowMs: number) => 1_789_000_000_000 + Math.round(nowMs);
  let nowMs = startMs;
  let engine = new Engine(runConfig(20), nowMs);
  tap.began(engine);
  for (const each of run) {
    nowMs += each.afterMs;
    if (each.type === "reload") {
      engine = new Engine(runConfig(each.floorPercent), nowMs, engine.snapshot());
      tap.began(engine);
    } else if (each.type === "event") {
      const happened = { ...each.event, atMs: nowMs };
      engine.apply(happened);
      tap.record(happened);
    } else {
      const time = { atMs: nowMs, wallMs: wallMs(nowMs), lateMs: each.lateMs };
      tap.ticked(time, engine, engine.tick(time));
    }
  }
  return engine;
}
