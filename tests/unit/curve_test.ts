import { strictEqual } from "node:assert/strict";
import { type Curve, type CurvePoint, evaluateCurve } from "../../src/control/demand/curve.ts";

const step = (...points: CurvePoint[]): Curve => ({ shape: "step", points });
const linear = (...points: CurvePoint[]): Curve => ({ shape: "linear", points });

const HDD = step([0, 25], [37, 30], [38, 40], [39, 50], [40, 75], [41, 100]);
const SSD = step([0, 25], [60, 40], [62.5, 50], [65, 70], [67.5, 90], [70, 100]);
const CPU = step([0, 25], [75, 40], [80, 60], [85, 80], [90, 100]);

for (
  const [name, curve, tempC, percent] of [
    ["hdd", HDD, 36.9, 25],
    ["hdd", HDD, 37, 30],
    ["hdd", HDD, 40, 75],
    ["hdd", HDD, 41, 100],
    ["hdd", HDD, 200, 100],
    ["hdd", HDD, -10, 25],
    ["ssd", SSD, 62.4, 40],
    ["ssd", SSD, 62.5, 50],
    ["cpu", CPU, 86, 80],
    ["cpu", CPU, 90, 100],
    ["falling", step([0, 80], [50, 20]), 50, 80],
    ["unsorted", step([50, 60], [0, 20], [40, 30]), 45, 30],
    ["negative duty", step([0, -5], [50, 20]), 10, 0],
    ["duty over 100", step([0, 250]), 10, 100],
    ["point below zero reached", step([-10, 15], [0, 25]), -5, 15],
    ["point at zero is the rest", step([-10, 15], [0, 25]), -20, 25],
    ["no point at zero", step([30, 40], [50, 90]), 20, 40],
    ["two points at one place", step([30, 40], [30, 60]), 20, 60],
    ["no points", step(), 20, 100],
    ["not a temperature", HDD, NaN, 100],
  ] as const
) {
  Deno.test(`step curve: ${name} at ${tempC} °C gives ${percent} %`, () => {
    strictEqual(evaluateCurve(curve, tempC), percent);
  });
}

for (
  const [name, curve, tempC, percent] of [
    ["below the first point", linear([30, 20], [50, 60]), 10, 20],
    ["at a point", linear([30, 20], [50, 60]), 30, 20],
    ["between points", linear([30, 20], [50, 60]), 45, 50],
    ["above the last point", linear([30, 20], [50, 60]), 90, 60],
    ["unsorted", linear([50, 60], [30, 20]), 40, 40],
    ["a jump takes the higher side", linear([30, 20], [40, 30], [40, 70], [50, 80]), 40, 70],
    ["clamped", linear([30, -50], [50, 150]), 30, 0],
    ["one point", linear([30, 45]), 80, 45],
    ["no points", linear(), 20, 100],
    ["without a temperature", linear([30, 20], [50, 60]), -Infinity, 20],
  ] as const
) {
  Deno.test(`linear curve: ${name} gives ${percent} %`, () => {
    strictEqual(evaluateCurve(curve, tempC), percent);
  });
}
