/**
 * The calibrated fans of one shelf on one board: what each of them is driven with, so that "60 %"
 * is 60 % of the highest speed of every one, and no two of them beat. Pure.
 *
 * @module
 */
import { FULL_PERCENT } from "../../percent.ts";
import type { FanMap } from "./fan_map.ts";

/** A pass lifts a speed over what it must not be; more than these are never needed twice over. */
const MOST_PASSES = 64;

/**
 * Maps a shelf's demand to duties.
 *
 * Speeds only ever go up on the way: a fan that would turn within `detuneRpm` of a sibling turns
 * that much faster instead, and one that would resonate turns at the upper end of its range. So
 * no fan moves less than it was asked to. What that is too much is not taken from its siblings: it
 * costs a little noise, and nothing that is needed can be computed away. Of two siblings the one
 * with the higher top speed is lifted, for it has more to spare. Full speed is full speed: nothing
 * is lifted there, so twins can beat at and just below 100 %.
 */
export class ShelfMap {
  /** By channel, the lowest top speed first. */
  readonly #fans: readonly (readonly [channel: number, map: FanMap])[];
  readonly #detuneRpm: number;

  /** @param detuneRpm how far apart two fans shall turn at least; 0 for no matter. */
  constructor(fans: ReadonlyMap<number, FanMap>, detuneRpm = 0) {
    this.#fans = [...fans].sort(([one, a], [other, b]) => a.maxRpm - b.maxRpm || one - other);
    this.#detuneRpm = detuneRpm;
  }

  /** The duty of each calibrated channel, 0 to 100 percent, for a demand of 0 to 100 percent. */
  duties(percent: number): Map<number, number> {
    const duties = new Map<number, number>();
    const taken: number[] = [];
    for (const [channel, map] of this.#fans) {
      const isFull = percent >= FULL_PERCENT;
      if (isFull || !(percent > 0)) {
        duties.set(channel, isFull ? FULL_PERCENT : map.restPercent);
        continue;
      }
      // A fan that cannot turn that slowly turns faster, and that is what must not beat.
      const askedRpm = map.rpmOf(percent);
      const rpm = this.#lift(map, Math.max(askedRpm, map.rpmAt(map.dutyFor(askedRpm))), taken);
      taken.push(Math.min(rpm, map.maxRpm));
      duties.set(channel, map.dutyFor(rpm));
    }
    return duties;
  }

  /** The least speed from `rpm` on that no sibling has and at which nothing resonates. */
  #lift(map: FanMap, rpm: number, taken: readonly number[]): number {
    let lifted = rpm;
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      const before = lifted;
      for (const [fromRpm, toRpm] of map.keepOutRpm) {
        if (lifted > fromRpm && lifted < toRpm) lifted = toRpm;
      }
      for (const other of taken) {
        if (Math.abs(lifted - other) < this.#detuneRpm) lifted = other + this.#detuneRpm;
      }
      if (lifted === before) break;
    }
    return lifted;
  }
}
