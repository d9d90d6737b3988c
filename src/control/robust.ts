/**
 * Statistics that a few odd values do not move.
 *
 * @module
 */

/** The value in the middle; NaN for none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which `share` (0..1) of all lie, linear between neighbours; NaN for none. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = Math.floor(at);
  const below = sorted[low] as number;
  const above = sorted[Math.min(low + 1, sorted.length - 1)] as number;
  return below + (above - below) * (at - low);
}

/** The slopes between all pairs of points, which Theil and Sen take the median of. */
export function pairSlopes(points: readonly (readonly [x: number, y: number])[]): number[] {
  const slopes: number[] = [];
  for (const [index, [x1, y1]] of points.entries()) {
    for (let other = index + 1; other < points.length; other++) {
      const [x2, y2] = points[other] as readonly [number, number];
      if (x2 !== x1) slopes.push((y2 - y1) / (x2 - x1));
    }
  }
  return slopes;
}
