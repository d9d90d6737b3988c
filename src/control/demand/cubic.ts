/**
 * A smooth curve through points: piecewise cubic (Hermite), with slopes within Fritsch and
 * Carlson's condition, so that it rises where the points rise and overshoots nowhere.
 *
 * @module
 */

type Point = readonly [x: number, y: number];

/** Points in order with the slope of the curve at each. */
interface Prepared {
  readonly points: readonly Point[];
  readonly slopes: readonly number[];
}

const NARROWEST = 1e-6;

/** The slopes of a table never change, and a table lives as long as its configuration. */
const prepared = new WeakMap<readonly Point[], Prepared>();

/** The value at `x` of the curve through `points` (at least one, in any order); level beyond. */
export function cubicPercent(points: readonly Point[], x: number): number {
  let table = prepared.get(points);
  if (!table) prepared.set(points, table = prepare(points));
  const ordered = table.points;
  // At or below the first point there is no interval, nor at or above the last.
  let low = 0;
  let high = ordered.length - 1;
  const first = ordered[low];
  const last = ordered[high];
  if (!first || !last || x <= first[0]) return first?.[1] ?? NaN;
  if (x >= last[0]) return last[1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((ordered[middle]?.[0] ?? 0) <= x) low = middle;
    else high = middle;
  }
  const [x0, y0] = ordered[low] ?? first;
  const [x1, y1] = ordered[high] ?? last;
  const width = x1 - x0;
  const t = (x - x0) / width;
  const value = hermite(
    t,
    y0,
    y1,
    width * (table.slopes[low] ?? 0),
    width * (table.slopes[high] ?? 0),
  );
  // Rounding must not carry it beyond its neighbours.
  return Math.min(Math.max(value, Math.min(y0, y1)), Math.max(y0, y1));
}

function hermite(t: number, y0: number, y1: number, rise0: number, rise1: number): number {
  const rest = 1 - t;
  return rest * rest * ((1 + 2 * t) * y0 + t * rise0) + t * t * ((3 - 2 * t) * y1 - rest * rise1);
}

/** Sorts the points, keeps of equal temperatures the one with the most air, and finds slopes. */
function prepare(unordered: readonly Point[]): Prepared {
  const points: Point[] = [];
  for (const point of unordered.toSorted((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (points.at(-1)?.[0] !== point[0]) points.push(point);
  }
  const secants = points.slice(1).map(([x, y], index) => {
    const [x0, y0] = points[index] ?? [0, 0];
    // A jump within next to nothing has a steep slope, not an infinite one.
    return (y - y0) / Math.max(x - x0, NARROWEST);
  });
  const slopes = points.map((_, index) => {
    const before = secants[index - 1];
    const after = secants[index];
    if (before === undefined || after === undefined) return before ?? after ?? 0;
    return before * after <= 0 ? 0 : (before + after) / 2;
  });
  for (const [index, secant] of secants.entries()) limitSlopes(slopes, index, secant);
  return { points, slopes };
}

/** Shrinks the slopes at both ends of an interval: up to three secants the cubic is monotone. */
function limitSlopes(slopes: number[], index: number, secant: number): void {
  const most = 3 * Math.abs(secant);
  for (const end of [index, index + 1]) {
    slopes[end] = Math.min(most, Math.max(-most, slopes[end] ?? 0));
  }
}
