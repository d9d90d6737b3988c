import { deepEqual, equal, ok } from "node:assert/strict";
import type { DerivedPolicy } from "../../src/control/sensing/derived_policy.ts";
import { Sensing } from "../../src/control/sensing/sensing.ts";
import {
  failsafePercentOf,
  FAULT_KINDS,
  type FaultKind,
  type SensorPolicy,
  usableForMs,
} from "../../src/control/sensing/sensor_policy.ts";
import { fc } from "../deps.ts";
import { sensorPolicy } from "../support/sensing.ts";

const NAMES = ["a", "b", "c", "d"];
const percents = fc.integer({ min: 0, max: 100 });

/** Rules in which every fault can happen within a few readings. */
const policies: fc.Arbitrary<SensorPolicy[]> = fc.tuple(...NAMES.map((name) =>
  fc.record({
    misses: fc.nat(3),
    failsafePercent: percents,
    failsafe: fc.dictionary(fc.constantFrom(...FAULT_KINDS), percents),
    holdMs: fc.constantFrom(0, 2000, 15_000),
    recoverReadings: fc.integer({ min: 1, max: 4 }),
    slopeCPerS: fc.constantFrom(2, 20),
    stuck: fc.record({ ms: fc.constantFrom(1, 3000), movedC: fc.constantFrom(1, 8) }),
    siblings: fc.record({ maxC: fc.constantFrom(5, 20), ms: fc.constantFrom(0, 3000) }),
    bogusC: fc.constant([77]),
    required: fc.boolean(),
  }).map((changes) => sensorPolicy(name, { ...changes, group: "rack" }))
));

const temps = fc.constantFrom(30, 30, 30, 31, 45, 60);

/** What happens, one after the other; most steps are short, some are not, some go nowhere. */
const steps = fc.array(
  fc.record({
    afterMs: fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 0, max: 1500 }) },
      { weight: 1, arbitrary: fc.constantFrom(6000, 60_000, 8 * 3_600_000) },
    ),
    sensor: fc.constantFrom(...NAMES),
    what: fc.oneof(
      { weight: 3, arbitrary: temps },
      // All of them at once.
      { weight: 6, arbitrary: fc.tuple(temps, temps, temps, temps) },
      { weight: 1, arbitrary: fc.constantFrom(NaN, -128, 127.875, 77) },
      { weight: 2, arbitrary: fc.constantFrom("missing" as const, "timeout" as const) },
      { weight: 1, arbitrary: fc.constant("asleep" as const) },
      { weight: 6, arbitrary: fc.constant("judge" as const) },
    ),
  }),
  { maxLength: 80 },
);
type Step = typeof steps extends fc.Arbitrary<(infer T)[]> ? T : never;

const DERIVED: DerivedPolicy[] = [
  { type: "max", name: "max", kind: "other", of: NAMES },
  { type: "min", name: "min", kind: "other", of: NAMES },
  { type: "mean", name: "mean", kind: "other", of: ["a", "b"] },
  { type: "weighted", name: "weighted", kind: "other", of: ["a", "b"], weights: [1, 3] },
  { type: "difference", name: "difference", kind: "other", of: ["max", "min"] },
  { type: "offset", name: "offset", kind: "other", of: ["a"], offsetC: 2.5 },
  { type: "average", name: "average", kind: "other", of: ["max"], windowMs: 5000 },
  { type: "ema", name: "ema", kind: "other", of: ["a"], tauMs: 3000 },
  { type: "peak_hold", name: "peak", kind: "other", of: ["max"], holdMs: 5000 },
];

function apply(sensing: Sensing, { sensor, what }: Step, atMs: number): void {
  if (what === "judge") sensing.judge(atMs);
  else if (what === "asleep") sensing.asleep(sensor, atMs);
  else if (typeof what === "number") sensing.reading(sensor, what, atMs);
  else if (Array.isArray(what)) {
    for (const [at, name] of NAMES.entries()) sensing.reading(name, what[at] ?? NaN, atMs);
  } else sensing.miss(sensor, "gone", what, atMs);
}

/** Runs the steps and judges after each. */
function run(all: SensorPolicy[], happened: Step[], look: (atMs: number, s: Sensing) => void) {
  const sensing = new Sensing(all, DERIVED, 0);
  let atMs = 0;
  for (const step of happened) {
    atMs += step.afterMs;
    if (step.what !== "judge") apply(sensing, step, atMs);
    sensing.judge(atMs);
    look(atMs, sensing);
  }
}

Deno.test("no sensor is usable when it has been silent for too long, whatever happened", () => {
  fc.assert(
    fc.property(policies, steps, (all, happened) => {
      const heardMs = new Map<string, number>();
      let at = 0;
      run(all, happened, (atMs, sensing) => {
        const { sensor, what } = happened[at++] ?? { sensor: "", what: "judge" };
        const isHeard = what === "asleep" || typeof what === "number" || Array.isArray(what);
        for (const name of !isHeard ? [] : Array.isArray(what) ? NAMES : [sensor]) {
          if (sensing.judgements.get(name)?.ageMs === 0) heardMs.set(name, atMs);
        }
        for (const policy of all) {
          const judgement = sensing.judgements.get(policy.name);
          ok(judgement);
          const silentMs = atMs - (heardMs.get(policy.name) ?? 0);
          if (silentMs >= usableForMs(policy)) {
            equal(judgement.state, "failed");
            equal(judgement.tempC, null);
          }
          ok(judgement.validForMs <= usableForMs(policy));
          if (judgement.state !== "failed" && judgement.state !== "waiting") {
            ok(judgement.validForMs > 0);
          }
        }
      });
    }),
    { numRuns: 300 },
  );
});

Deno.test("a failure lasts at least for its hold and says what it asks for", () => {
  fc.assert(
    fc.property(policies, steps, (all, happened) => {
      const failedMs = new Map<string, number>();
      run(all, happened, (atMs, sensing) => {
        for (const policy of all) {
          const judgement = sensing.judgements.get(policy.name);
          ok(judgement);
          const { state, fault, failsafePercent, reason, sinceMs } = judgement;
          if (state === "failed") {
            if (!failedMs.has(policy.name)) failedMs.set(policy.name, atMs);
            equal(sinceMs, failedMs.get(policy.name));
            ok(fault !== null && reason);
            const isHot = judgement.tempC === null && reason.endsWith("critical when last read");
            equal(failsafePercent, isHot ? 100 : failsafePercentOf(policy, fault));
            const percents = sensing.explain(policy.name)?.faults.map(({ percent }) => percent);
            equal(failsafePercent, Math.max(...percents ?? []));
          } else {
            deepEqual([fault, failsafePercent], [null, 0]);
            const sinceFailedMs = atMs - (failedMs.get(policy.name) ?? -Infinity);
            ok(sinceFailedMs >= (policy.holdMs ?? 0), `over after ${sinceFailedMs} ms`);
            failedMs.delete(policy.name);
          }
        }
      });
    }),
    { numRuns: 300 },
  );
});

Deno.test("every kind of fault happens in these runs", () => {
  const seen = new Set<FaultKind>();
  fc.assert(
    fc.property(policies, steps, (all, happened) => {
      run(all, happened, (_, sensing) => {
        for (const { fault } of sensing.judgements.values()) if (fault) seen.add(fault);
      });
    }),
    { numRuns: 300, seed: 1 },
  );
  deepEqual([...seen].toSorted(), FAULT_KINDS.toSorted());
});

Deno.test("a derived sensor stands and reads as its inputs allow", () => {
  fc.assert(
    fc.property(policies, steps, (all, happened) => {
      run(all, happened, (_, sensing) => {
        const judged = (name: string) => {
          const judgement = sensing.judgements.get(name);
          ok(judgement);
          return judgement;
        };
        const temp = (name: string) => judged(name).tempC;
        for (const { name, of } of DERIVED) {
          const states = of.map((input) => judged(input).state);
          const { state, failsafePercent, tempC } = judged(name);
          equal(state === "failed", states.includes("failed"));
          if (state !== "failed") equal(state === "waiting", states.includes("waiting"));
          if (state === "ok") ok(tempC !== null && Number.isFinite(tempC));
          equal(failsafePercent, Math.max(...of.map((input) => judged(input).failsafePercent)));
        }
        const known = NAMES.map(temp).filter((tempC) => tempC !== null);
        const [max, min] = [temp("max"), temp("min")];
        if (max !== null) ok(known.every((tempC) => max >= tempC));
        if (min !== null) ok(known.every((tempC) => min <= tempC));
        if (max !== null) ok((temp("peak") ?? -Infinity) >= max);
        const [a, b, mean] = [temp("a"), temp("b"), temp("mean")];
        if (a !== null && b !== null && mean !== null) {
          ok(mean >= Math.min(a, b) && mean <= Math.max(a, b));
        }
        if (a !== null && judged("offset").state === "ok") equal(temp("offset"), a + 2.5);
        const difference = temp("difference");
        if (difference !== null) ok(difference >= 0);
      });
    }),
    { numRuns: 300 },
  );
});

Deno.test("state and restore go on bit for bit, through JSON, at any moment", () => {
  fc.assert(
    fc.property(policies, steps, fc.nat(80), (all, happened, cut) => {
      const whole = new Sensing(all, DERIVED, 0);
      let parted = new Sensing(all, DERIVED, 0);
      let atMs = 0;
      for (const [at, step] of happened.entries()) {
        if (at === cut) {
          parted = new Sensing(all, DERIVED, atMs, JSON.parse(JSON.stringify(parted.state())));
          deepEqual([...parted.judgements], [...whole.judgements]);
          deepEqual(parted.failed, whole.failed);
        }
        atMs += step.afterMs;
        apply(whole, step, atMs);
        apply(parted, step, atMs);
        deepEqual([...parted.judgements], [...whole.judgements]);
      }
      equal(JSON.stringify(parted.state()), JSON.stringify(whole.state()));
    }),
    { numRuns: 300 },
  );
});

Deno.test("a reload keeps what did not change, and forgets nothing of a sensor that did", () => {
  fc.assert(
    fc.property(policies, steps, (all, happened) => {
      let lastMs = 0;
      let last: Sensing | null = null;
      run(all, happened, (atMs, sensing) => {
        lastMs = atMs;
        last = sensing;
      });
      if (last === null) return;
      const before: Sensing = last;
      const changed = all.slice(1).map((each) =>
        each.name === "b" ? { ...each, failsafePercent: 7, failsafe: {} } : each
      );
      const added = sensorPolicy("new");
      const after = new Sensing([added, ...changed], [], lastMs, before.state());
      for (const name of ["b", "c", "d"]) {
        deepEqual(after.judgements.get(name), before.judgements.get(name));
      }
      after.judge(lastMs);
      before.judge(lastMs);
      equal(after.judgements.get("new")?.state, "waiting");
      equal(after.judgements.get("a"), undefined);
      for (const name of ["b", "c", "d"]) {
        const [old, now] = [before.judgements.get(name), after.judgements.get(name)];
        equal(now?.ageMs, old?.ageMs);
        // Whom it is compared with is another group now, and knows nothing yet.
        if (old?.fault !== "stuck" && old?.fault !== "disagree") equal(now?.state, old?.state);
      }
      const b = after.judgements.get("b");
      const isHot = b?.reason?.endsWith("critical when last read");
      if (b?.state === "failed") equal(b.failsafePercent, isHot ? 100 : 7);
    }),
    { numRuns: 200 },
  );
});
