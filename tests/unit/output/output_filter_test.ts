import assert from "node:assert/strict";
import { OutputFilter } from "../../../src/control/output/output_filter.ts";
import { type OutputPolicy, PLAIN_OUTPUT } from "../../../src/control/output/output_policy.ts";

const filter = (changes: Partial<OutputPolicy>): OutputFilter =>
  new OutputFilter({ ...PLAIN_OUTPUT, ...changes });

/** What comes out of demands that are a second apart. */
function run(output: OutputFilter, demands: readonly number[], fromS = 0): number[] {
  return demands.map((percent, index) => output.apply(percent, (fromS + index) * 1000));
}

Deno.test("a plain output is what is asked for, and remembers nothing", () => {
  const output = filter({});
  assert.deepEqual(run(output, [30, 80, 0, 12.5]), [30, 80, 0, 12.5]);
  assert.equal(output.state(), null);
  assert.deepEqual(output.explain(0, 0), []);
});

Deno.test("the duty rises and falls no faster than it may", () => {
  const output = filter({ risePercentPerS: 10, fallPercentPerS: 2 });
  assert.deepEqual(run(output, [30, 80, 80, 35, 35]), [30, 40, 50, 48, 46]);
  assert.deepEqual(output.explain(4000, 9000), [{
    what: "limit",
    text: "35 % asked for, 46 % given: falls by 2 %/s at most",
    value: 46,
    unit: "%",
  }]);
  assert.equal(output.apply(35, 60_000), 35);
});

Deno.test("the first duty is what is asked for", () => {
  assert.deepEqual(run(filter({ risePercentPerS: 1 }), [70, 72]), [70, 71]);
});

Deno.test("a fan that is on gets its least duty", () => {
  const output = filter({ minimumPercent: 25 });
  assert.deepEqual(run(output, [10, 30, 0]), [25, 30, 25]);
  assert.equal(
    output.explain(2000, 0)[0]?.text,
    "0 % asked for, 25 % given: a fan that is on gets 25 % at least",
  );
});

Deno.test("fans are off below a demand, and start with enough", () => {
  const output = filter({ offBelowPercent: 15, minimumPercent: 20, startPercent: 35 });
  assert.deepEqual(run(output, [30, 14, 10, 15, 15, 15, 15, 40]), [30, 0, 0, 35, 35, 35, 20, 40]);
});

Deno.test("fans stay on and off for their least times", () => {
  const output = filter({ offBelowPercent: 15, minimumPercent: 20, minOnMs: 4000, minOffMs: 3000 });
  assert.deepEqual(run(output, [10, 29, 29]), [0, 0, 0]);
  assert.deepEqual(output.explain(2000, 102_000), [{
    what: "limit",
    text: "29 % asked for, 0 % given: off for its least time",
    value: 0,
    unit: "%",
    until: 103_000,
  }]);
  assert.deepEqual(run(output, [50, 10, 10, 10, 10], 3), [50, 20, 20, 20, 0]);
});

Deno.test("twice the demand that switches fans on does so before their least time off is over", () => {
  const output = filter({ offBelowPercent: 15, minimumPercent: 20, minOffMs: 3_600_000 });
  assert.deepEqual(run(output, [10, 20, 29, 30, 30]), [0, 0, 0, 30, 30]);
});

Deno.test("fans that are still running out are switched on at once", () => {
  const output = filter({
    offBelowPercent: 15,
    minimumPercent: 20,
    minOffMs: 60_000,
    fallPercentPerS: 10,
  });
  assert.deepEqual(run(output, [60, 5, 5, 70]), [60, 50, 40, 70]);
});

Deno.test("a ramp to standing ends at the least duty, a ramp from standing begins there", () => {
  const output = filter({
    offBelowPercent: 15,
    minimumPercent: 20,
    risePercentPerS: 5,
    fallPercentPerS: 5,
  });
  assert.deepEqual(run(output, [30, 0, 0, 0, 60, 60]), [30, 25, 0, 0, 25, 30]);
});

Deno.test("a range to keep out of is left upwards", () => {
  const output = filter({ keepOut: [[40, 50], [60, 70]] });
  assert.deepEqual(run(output, [40, 41, 49, 50, 55, 61, 70, 80]), [40, 50, 50, 50, 55, 70, 70, 80]);
  run(output, [45], 20);
  assert.equal(
    output.explain(20_000, 0)[0]?.text,
    "45 % asked for, 50 % given: kept out of 40 % to 50 %",
  );
});

Deno.test("a demand beside a range to keep out of does not hop", () => {
  const output = filter({ keepOut: [[40, 50]] });
  assert.deepEqual(run(output, [45, 39.5, 40.5, 39, 38.1]), [50, 50, 50, 50, 50]);
  assert.equal(output.apply(38, 5000), 38);
});

Deno.test("what only the hysteresis holds is let go after the time to apply it again", () => {
  const output = filter({ keepOut: [[40, 50]], reapplyMs: 30_000 });
  output.apply(45, 0);
  assert.equal(output.apply(39, 1000), 50);
  assert.equal(output.explain(1000, 1000)[0]?.until, 31_000);
  assert.equal(output.apply(39, 30_999), 50);
  assert.equal(output.apply(39, 31_000), 39);
});

Deno.test("a ramp jumps over a range to keep out of", () => {
  const output = filter({ keepOut: [[40, 50]], risePercentPerS: 4, fallPercentPerS: 4 });
  assert.deepEqual(run(output, [36, 60, 60, 60, 60]), [36, 40, 50, 50, 52]);
  assert.deepEqual(run(output, [30, 30, 30, 30], 5), [50, 50, 50, 36]);
});

Deno.test("after something above comfort the duty goes on from what the shelf got", () => {
  const output = filter({ fallPercentPerS: 5, risePercentPerS: 5 });
  output.apply(30, 0);
  output.follow(100, 0);
  assert.equal(output.apply(30, 1000), 95);
  output.follow(95, 1000);
  assert.equal(output.apply(30, 2000), 90);
  output.follow(20, 2000);
  assert.equal(output.apply(30, 3000), 25);
});

Deno.test("what the shelf got before anything was asked for does not count", () => {
  const output = filter({ fallPercentPerS: 1 });
  output.follow(100, 0);
  assert.equal(output.apply(30, 1000), 30);
});

Deno.test("fans that something above comfort turned on are on", () => {
  const output = filter({ offBelowPercent: 15, minOnMs: 10_000, minimumPercent: 20 });
  assert.equal(output.apply(10, 0), 0);
  output.follow(100, 0);
  assert.equal(output.apply(10, 1000), 20);
  assert.equal(output.apply(10, 10_000), 0);
});

Deno.test("an output continues from its state, and under other rules from its duty", () => {
  const policy: OutputPolicy = {
    ...PLAIN_OUTPUT,
    risePercentPerS: 3,
    fallPercentPerS: 1,
    minimumPercent: 20,
    offBelowPercent: 15,
    minOnMs: 5000,
    keepOut: [[40, 50]],
  };
  const one = new OutputFilter(policy);
  run(one, [30, 80, 80, 80, 80]);
  const state = JSON.parse(JSON.stringify(one.state()));
  const other = new OutputFilter(policy, state);
  const demands = [80, 39, 5, 5, 5, 90];
  const changed = new OutputFilter({ ...policy, risePercentPerS: 6 }, state);
  assert.deepEqual(run(changed, [80], 5), [50]);
  assert.deepEqual(run(other, demands, 5), run(one, demands, 5));
});
