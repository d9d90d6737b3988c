/**
 * One fan as its calibration knows it: from a share of its highest speed to a duty, and back.
 * Pure.
 *
 * @module
 */
import { FULL_PERCENT } from "../../percent.ts";
import type { ChannelCalibration } from "./calibration.ts";

/** Lets every fan start, by the specification of those with four wires. */
const STARTS_AT_PERCENT = 30;

/** A duty in percent, and a speed that the fan has at least from there on. */
type MapPoint = readonly [percent: number, rpm: number];

/**
 * The map of a fan that was calibrated to the end. Where its measurements contradict one another
 * (a speed that falls as the duty rises) it believes the lower speed, so that it asks for more air
 * rather than less.
 *
 * @example
 * ```ts
 * import { entryOf, newCalibration } from "./calibration.ts";
 * import { FanMap } from "./fan_map.ts";
 *
 * const entry = entryOf(newCalibration("left"), 0);
 * entry.points = [[100, 2000], [50, 1500], [0, 0]]
 *   .map(([percent = 0, rpm = 0]) => ({ percent, applied: percent, rpm }));
 * entry.minimum_percent = 10;
 * const map = new FanMap(entry);
 * map.dutyFor(map.rpmOf(80)); // 60: that duty gives 1600 rpm
 * ```
 */
export class FanMap {
  /** At full duty. */
  readonly maxRpm: number;
  /** The least duty that keeps it turning, in percent; 0 for a fan that never stops. */
  readonly minimumPercent: number;
  /** What it gets for a demand of 0: nothing when it stands then, else what keeps it turning. */
  readonly restPercent: number;
  /** The least duty that starts it, in percent. */
  readonly startPercent: number;
  /** How long a start takes at that duty; null when nobody has measured it. */
  readonly startMs: number | null;
  /** Speeds that it is not held at. */
  readonly keepOutRpm: readonly (readonly [fromRpm: number, toRpm: number])[];
  /** Rising duty, never falling speed; the fan turns at each of them. */
  readonly #points: readonly MapPoint[];

  /** @param entry of a channel whose `finished_at` is not null. */
  constructor(entry: ChannelCalibration) {
    this.minimumPercent = entry.minimum_percent ?? 0;
    const stops = entry.points.some(({ percent, rpm }) => percent === 0 && rpm === 0);
    this.restPercent = stops ? 0 : this.minimumPercent;
    this.startPercent = Math.max(this.minimumPercent, entry.start_percent ?? STARTS_AT_PERCENT);
    this.startMs = entry.start_ms ?? null;
    this.keepOutRpm = (entry.keep_out_rpm ?? []).toSorted(([one], [other]) => one - other);
    this.#points = pointsOf(entry);
    this.maxRpm = this.#points.at(-1)?.[1] ?? 0;
  }

  /** The speed that `percent` of this fan means; 0 is to stand, where it can. */
  rpmOf(percent: number): number {
    return this.maxRpm * Math.min(percent, FULL_PERCENT) / FULL_PERCENT;
  }

  /** The least duty, 0 to 100 percent, at which a turning fan has at least this speed. */
  dutyFor(rpm: number): number {
    if (!(rpm > 0)) return 0;
    if (!(rpm < this.maxRpm)) return FULL_PERCENT;
    const points = this.#points;
    const above = points.findIndex(([, known]) => known >= rpm);
    const [highPercent, highRpm] = points[above] as MapPoint;
    const below = points[above - 1];
    if (below === undefined) return Math.max(highPercent, this.minimumPercent);
    const [lowPercent, lowRpm] = below;
    const share = (rpm - lowRpm) / (highRpm - lowRpm);
    return Math.max(lowPercent + (highPercent - lowPercent) * share, this.minimumPercent);
  }

  /** The speed that a turning fan has at a duty of 0 to 100 percent; 0 where it stands. */
  rpmAt(percent: number): number {
    if (percent < this.minimumPercent) return 0;
    const points = this.#points;
    const above = points.findIndex(([known]) => known >= percent);
    const [highPercent, highRpm] = points[above] ?? [FULL_PERCENT, this.maxRpm];
    const below = points[above - 1];
    if (below === undefined || highPercent === below[0]) return highRpm;
    const share = (percent - below[0]) / (highPercent - below[0]);
    return below[1] + (highRpm - below[1]) * share;
  }
}

function pointsOf(entry: ChannelCalibration): MapPoint[] {
  const turning = entry.points.filter(({ rpm }) => rpm > 0);
  const points = turning.map(({ percent, applied, rpm }): [number, number] => [
    percent === FULL_PERCENT ? FULL_PERCENT : applied,
    rpm,
  ]);
  const { minimum_percent: minimum, minimum_rpm: minimumRpm = 0 } = entry;
  const isNew = minimum !== null && points.every(([percent]) => percent > minimum);
  if (isNew && minimumRpm > 0) points.push([minimum, minimumRpm]);
  points.sort(([one], [other]) => other - one);
  let lowest = Infinity;
  for (const point of points) {
    lowest = Math.min(lowest, point[1]);
    point[1] = lowest;
  }
  return points.reverse();
}
