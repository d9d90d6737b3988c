import { ok, strictEqual } from "node:assert/strict";
import { OutputFilter } from "../../src/control/output/output_filter.ts";
import type { OutputPolicy } from "../../src/control/output/output_policy.ts";
import { fc } from "../deps.ts";

const percents = fc.double({ min: 0, max: 100, noNaN: true });

const policies: fc.Arbitrary<OutputPolicy> = fc.record({
  risePercentPerS: fc.constantFrom(null, 2, 20),
  fallPercentPerS: fc.constantFrom(null, 0.5, 5),
  minimumPercent: fc.constantFrom(0, 20),
  startPercent: fc.constantFrom(0, 35),
  offBelowPercent: fc.constantFrom(null, 15),
  minOnMs: fc.constantFrom(0, 10_000),
  minOffMs: fc.constantFrom(0, 5000),
  keepOut: fc.constantFrom([], [[40, 50]] as const, [[10, 30], [60, 65]] as const),
  reapplyMs: fc.constantFrom(1000, 30_000),
});

/** What is asked for, and now and then what something above comfort decided instead. */
const steps = fc.array(
  fc.record({
    stepMs: fc.constantFrom(100, 1000, 1000, 5000),
    asked: fc.oneof(percents, fc.constantFrom(0, 14, 39, 45, 100)),
    instead: fc.option(percents, { freq: 6 }),
  }),
  { minLength: 1, maxLength: 60 },
);

Deno.test("an output is a percentage, stays out of its ranges and gives a fan that is on enough", () => {
  fc.assert(
    fc.property(policies, steps, (policy, run) => {
      const output = new OutputFilter(policy);
      let nowMs = 0;
      let wasLower = false;
      for (const { stepMs, asked, instead } of run) {
        nowMs += stepMs;
        const percent = output.apply(asked, nowMs);
        ok(percent >= 0 && percent <= 100);
        ok(!policy.keepOut.some(([from, to]) => percent > from && percent < to), `${percent}`);
        if (policy.offBelowPercent === null && policy.risePercentPerS === null) {
          ok(percent >= asked);
        }
        const isOn = policy.offBelowPercent === null || percent > 0;
        // After a lower override it still has to rise there.
        if (isOn && !wasLower) ok(percent >= policy.minimumPercent);
        wasLower = (instead ?? (wasLower ? percent : 100)) < policy.minimumPercent;
        for (const { text } of output.explain(nowMs, 0)) ok(!/NaN|null|undefined/.test(text), text);
        if (instead !== null) output.follow(instead, nowMs);
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("an output never delays a rise beyond its rate and the least time off", () => {
  fc.assert(
    fc.property(policies, steps, fc.integer({ min: 15, max: 100 }), (policy, run, asked) => {
      const output = new OutputFilter(policy);
      let nowMs = 0;
      for (const step of run) output.apply(step.asked, nowMs += step.stepMs);
      const boundMs = policy.minOffMs + 100_000 / (policy.risePercentPerS ?? Infinity) + 1000;
      let percent = 0;
      for (const endMs = nowMs + boundMs; nowMs <= endMs;) {
        percent = output.apply(asked, nowMs += 1000);
      }
      ok(percent >= asked, `${percent} after ${boundMs} ms`);
    }),
    { numRuns: 500 },
  );
});

Deno.test("without anything but rates an output never moves faster than they allow", () => {
  fc.assert(fc.property(steps, (run) => {
    const output = new OutputFilter({
      risePercentPerS: 3,
      fallPercentPerS: 1,
      minimumPercent: 0,
      startPercent: 0,
      offBelowPercent: null,
      minOnMs: 0,
      minOffMs: 0,
      keepOut: [],
      reapplyMs: 30_000,
    });
    let nowMs = 0;
    let before = output.apply(50, 0);
    for (const { stepMs, asked, instead } of run) {
      nowMs += stepMs;
      const percent = output.apply(asked, nowMs);
      ok(percent - before <= 3 * stepMs / 1000 + 1e-9);
      ok(before - percent <= stepMs / 1000 + 1e-9);
      before = percent;
      // After something above comfort it goes on from there.
      if (instead !== null) output.follow(before = instead, nowMs);
    }
  }));
});

Deno.test("an output continues bit by bit the same from its state", () => {
  // Without curves nothing is asked for, and what decides then may come to the duty of before.
  const others = fc.array(fc.record({ isAsked: fc.boolean(), isBefore: fc.boolean() }), {
    minLength: 60,
    maxLength: 60,
  });
  fc.assert(fc.property(policies, steps, others, fc.nat(), (policy, run, ways, cut) => {
    const one = new OutputFilter(policy);
    let other = new OutputFilter(policy);
    let nowMs = 0;
    let given = 0;
    for (const [at, { stepMs, asked, instead }] of run.entries()) {
      nowMs += stepMs;
      const way = ways[at];
      if (at === cut % run.length) {
        other = new OutputFilter(policy, JSON.parse(JSON.stringify(other.state())));
      }
      if (way?.isAsked) {
        given = one.apply(asked, nowMs);
        strictEqual(other.apply(asked, nowMs), given);
      }
      const decided = way?.isBefore ? given : instead;
      if (decided !== null) { for (const output of [one, other]) output.follow(decided, nowMs); }
    }
    strictEqual(JSON.stringify(other.state()), JSON.stringify(one.state()));
  }));
});
