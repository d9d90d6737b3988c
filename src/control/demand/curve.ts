/**
 * From a temperature to a demand, by a table.
 *
 * @module
 */
import { clampPercent, FULL_PERCENT } from "../percent.ts";
import { cubicPercent } from "./cubic.ts";

/** One point of a curve: from this temperature (°C) on, or at it, this duty (percent). */
export type CurvePoint = readonly [tempC: number, percent: number];

/**
 * A table of points, in any order.
 *
 * - `step`: the highest of all duties whose temperature is reached. Below the lowest point, the
 *   duty of the point at 0 °C, or of the lowest point when there is none at 0 °C.
 * - `linear`: straight lines between neighbours, level beyond both ends.
 * - `cubic`: a smooth line through the points that rises where they rise and never leaves the
 *   range of two neighbours, level beyond both ends.
 */
export interface Curve {
  shape: "step" | "linear" | "cubic";
  points: readonly CurvePoint[];
}

/**
 * The duty (0 to 100 percent) that `curve` asks for at `tempC`. A curve without points and a
 * temperature that is not a number ask for everything.
 *
 * @example
 * ```ts
 * import { evaluateCurve } from "./curve.ts";
 *
 * const points = [[0, 25], [37, 30], [40, 75]] as const;
 * evaluateCurve({ shape: "step", points }, 38.5); // 30
 * evaluateCurve({ shape: "linear", points }, 38.5); // 52.5
 * ```
 */
export function evaluateCurve(curve: Curve, tempC: number): number {
  const { shape, points } = curve;
  if (points.length === 0 || Number.isNaN(tempC)) return FULL_PERCENT;
  if (shape === "step") return clampPercent(stepPercent(points, tempC));
  if (shape === "cubic") return clampPercent(cubicPercent(points, tempC));
  return clampPercent(linearPercent(points, tempC));
}

/** The points of a curve between which a temperature lies; null beyond an end. */
export interface Neighbours {
  below: CurvePoint | null;
  above: CurvePoint | null;
}

/** The nearest points at or below and above `tempC`; of equal ones those with the most air. */
export function neighbours(points: readonly CurvePoint[], tempC: number): Neighbours {
  let below: CurvePoint | null = null;
  let above: CurvePoint | null = null;
  for (const point of points) {
    const [atC, percent] = point;
    if (atC <= tempC) {
      if (!below || atC > below[0] || (atC === below[0] && percent > below[1])) below = point;
    } else if (!above || atC < above[0] || (atC === above[0] && percent > above[1])) {
      above = point;
    }
  }
  return { below, above };
}

function stepPercent(points: readonly CurvePoint[], tempC: number): number {
  let reached = -Infinity;
  for (const [fromC, percent] of points) {
    if (fromC <= tempC) reached = Math.max(reached, percent);
  }
  return reached === -Infinity ? restingPercent(points) : reached;
}

/** What a step table says below its lowest point. Of several equal points, the most air. */
function restingPercent(points: readonly CurvePoint[]): number {
  const hasZero = points.some(([atC]) => atC === 0);
  const restC = hasZero ? 0 : Math.min(...points.map(([atC]) => atC));
  return Math.max(...points.filter(([atC]) => atC === restC).map(([, percent]) => percent));
}

function linearPercent(points: readonly CurvePoint[], tempC: number): number {
  const { below, above } = neighbours(points, tempC);
  if (!below || !above) return (below ?? above)?.[1] ?? FULL_PERCENT;
  const share = (tempC - below[0]) / (above[0] - below[0]);
  const percent = below[1] + (above[1] - below[1]) * share;
  // Rounding must not carry the line beyond its ends, or it would not be monotone across a point.
  return Math.min(Math.max(percent, Math.min(below[1], above[1])), Math.max(below[1], above[1]));
}
