import assert from "node:assert/strict";
import { type Curve, evaluateCurve, neighbours } from "../../../src/control/demand/curve.ts";

const POINTS = [[30, 20], [50, 30], [60, 80], [80, 100]] as const;
const CUBIC: Curve = { shape: "cubic", points: POINTS };

Deno.test("a cubic curve goes through its points and is level beyond them", () => {
  for (const [tempC, percent] of POINTS) {
    assert.ok(Math.abs(evaluateCurve(CUBIC, tempC) - percent) < 1e-9);
  }
  assert.equal(evaluateCurve(CUBIC, -Infinity), 20);
  assert.equal(evaluateCurve(CUBIC, 200), 100);
  assert.equal(evaluateCurve(CUBIC, NaN), 100);
});

Deno.test("a cubic curve has no corner: its slope left and right of a point is the same", () => {
  for (const [tempC] of POINTS.slice(1, -1)) {
    const slope = (fromC: number, toC: number): number =>
      (evaluateCurve(CUBIC, toC) - evaluateCurve(CUBIC, fromC)) / (toC - fromC);
    const left = slope(tempC - 1e-4, tempC);
    const right = slope(tempC, tempC + 1e-4);
    assert.ok(Math.abs(left - right) < 0.01, `${left} before ${tempC} °C, ${right} after`);
  }
});

Deno.test("a cubic curve through points on a line is that line", () => {
  const points = [[0, 0], [10, 20], [30, 60], [50, 100]] as const;
  for (let tempC = 0; tempC <= 50; tempC += 2.5) {
    assert.ok(Math.abs(evaluateCurve({ shape: "cubic", points }, tempC) - 2 * tempC) < 1e-9);
  }
});

Deno.test("a cubic curve takes points in any order, and of equal temperatures the most air", () => {
  const shuffled = [[80, 100], [50, 30], [30, 20], [60, 80], [50, 10]] as const;
  for (let tempC = 20; tempC < 90; tempC += 0.7) {
    assert.equal(
      evaluateCurve({ shape: "cubic", points: shuffled }, tempC),
      evaluateCurve(CUBIC, tempC),
    );
  }
  assert.equal(evaluateCurve({ shape: "cubic", points: [[40, 33]] }, 41), 33);
});

Deno.test("neighbours are the points around a temperature, null beyond an end", () => {
  assert.deepEqual(neighbours(POINTS, 55), { below: [50, 30], above: [60, 80] });
  assert.deepEqual(neighbours(POINTS, 60), { below: [60, 80], above: [80, 100] });
  assert.deepEqual(neighbours(POINTS, 10), { below: null, above: [30, 20] });
  assert.deepEqual(neighbours(POINTS, 90), { below: [80, 100], above: null });
});
