/**
 * The fans of a board as far as they are calibrated: what each is driven with, and what there is
 * to compare it with. A channel without a map gets the percentage as its duty. Pure.
 *
 * @module
 */

import type { FanState } from "../control/engine/event.ts";
import type { Calibration } from "../control/fans/map/calibration.ts";
import { FanMap } from "../control/fans/map/fan_map.ts";
import { FanStarter } from "../control/fans/map/fan_start.ts";
import { ShelfMap } from "../control/fans/map/shelf_map.ts";
import type { WireMap } from "../wire/value.ts";

/** The channels of one shelf. */
interface ShelfChannels {
  readonly channels: readonly number[];
}

interface Mapped {
  readonly map: FanMap;
  readonly starter: FanStarter;
  readonly shelf: ShelfMap;
}

/** Knows the calibrated fans of one board. */
export class CalibratedFans {
  readonly #fans = new Map<number, Mapped>();

  /** @param calibration of the whole board, or null without one. */
  constructor(calibration: Calibration | null, shelves: readonly ShelfChannels[]) {
    const entries = new Map(calibration?.channels.map((entry) => [entry.channel, entry]));
    for (const { channels } of shelves) {
      const maps = new Map<number, FanMap>();
      for (const channel of channels) {
        const entry = entries.get(channel);
        if (entry !== undefined) maps.set(channel, new FanMap(entry));
      }
      const shelf = new ShelfMap(maps, calibration?.detune_rpm);
      for (const [channel, map] of maps) {
        this.#fans.set(channel, { map, starter: new FanStarter(map), shelf });
      }
    }
  }

  /** The duty of a turning fan for a percentage of its shelf, in permille. */
  permille(channel: number, percent: number): number {
    const fan = this.#fans.get(channel);
    if (fan === undefined) return Math.round(percent * 10);
    return permilleOf(fan.shelf.duties(percent).get(channel) ?? percent);
  }

  /** As {@link CalibratedFans.permille}, and what starts the fan while it stands. */
  drive(channel: number, percent: number, nowMs: number): number {
    const fan = this.#fans.get(channel);
    if (fan === undefined) return this.permille(channel, percent);
    const duty = fan.shelf.duties(percent).get(channel) ?? percent;
    return permilleOf(fan.starter.drive(duty, nowMs));
  }

  /** Takes how a fan stands, and the duty that its board applies, in percent. */
  take(channel: number, state: FanState, appliedPercent: number, nowMs: number): void {
    this.#fans.get(channel)?.starter.take(state, appliedPercent, nowMs);
  }

  /** What a server is told beside a fan's speed, so that it can see it wear. */
  baseline(channel: number, appliedPercent: number): WireMap {
    const fan = this.#fans.get(channel);
    if (fan === undefined) return {};
    const { last } = fan.starter;
    return {
      expected_rpm: Math.round(fan.map.rpmAt(appliedPercent)),
      ...last && {
        start: {
          count: last.count,
          percent: last.percent,
          ms: Math.round(last.ms),
          expected_percent: last.expectedPercent,
          expected_ms: last.expectedMs,
        },
      },
    };
  }
}

/** Rounded up, for more air. */
function permilleOf(percent: number): number {
  return Math.min(1000, Math.ceil(percent * 10 - 1e-9));
}
