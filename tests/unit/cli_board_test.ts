import assert from "node:assert/strict";
import { checkPulses, sweepOf } from "../../src/control/fans/map/calibration.ts";
import { plotLines } from "../../src/cli/board/plot.ts";
import { sparkline } from "../../src/cli/board/sparkline.ts";

Deno.test("sparkline() has a bar for each value, and a blank for what is not known", () => {
  assert.equal(sparkline([0, 1000, null, 500, 2000, -5], 1000), "▁█ ▅█▁");
  assert.equal(sparkline([0, 0], 0), "▁▁");
  assert.equal(sparkline([], 100), "");
});

Deno.test("plotLines() puts every point where it belongs", () => {
  const lines = plotLines([
    { percent: 0, rpm: 0 },
    { percent: 50, rpm: 900 },
    { percent: 100, rpm: 1800 },
  ]);
  assert.equal(lines[1], `1800 │${" ".repeat(50)}•`);
  assert.equal(lines[10], "   0 │•");
  assert.equal(lines.join("").match(/•/g)?.length, 3);
  assert.match(lines.at(-1) ?? "", /^ {6}0 +50 +100 %$/);
  assert.ok(plotLines([]).every((line) => !line.includes("NaN")));
});

Deno.test("checkPulses() finds what fits a rated speed, and doubts what no fan does", () => {
  const assumed = 2;
  assert.deepEqual(checkPulses(1790, 1800), { assumed, fitting: 2, plausible: true });
  assert.deepEqual(checkPulses(3600, 1800), { assumed, fitting: 4, plausible: false });
  assert.deepEqual(checkPulses(900, 1800), { assumed, fitting: 1, plausible: false });
  assert.deepEqual(checkPulses(1300, 1800), { assumed, fitting: 1, plausible: false });
  assert.deepEqual(checkPulses(1500, null), { assumed, fitting: null, plausible: true });
  assert.deepEqual(checkPulses(30_000, null), { assumed, fitting: null, plausible: false });
});

Deno.test("sweepOf() goes from full duty to none", () => {
  assert.deepEqual(sweepOf(25), [100, 75, 50, 25, 0]);
  assert.deepEqual(sweepOf(40), [100, 60, 20, 0]);
  assert.deepEqual(sweepOf(100), [100, 0]);
});
