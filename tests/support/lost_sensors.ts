/**
 * What lost sensors ask for by the policy alone, from what happened to them: an account of its own
 * beside the engine's. Where it cannot know (whether a reading is believed) it asks for less.
 *
 * @module
 */

import type { EngineEvent } from "../../src/control/engine/event.ts";
import type { FaultKind, SensorPolicy } from "../../src/control/sensing/sensor_policy.ts";

interface Fault {
  lastMs: number;
  readings: number;
}

/** Follows the events of one sensor since its birth at 0. */
export class LostSensor {
  readonly #policy: SensorPolicy;
  #heardMs = 0;
  /** What was last read for sure; NaN when that is nothing. */
  #lastC = NaN;
  /** The misses since anything else was heard. */
  #misses: FaultKind[] = [];
  readonly #faults = new Map<FaultKind, Fault>();

  constructor(policy: SensorPolicy) {
    this.#policy = policy;
  }

  /** Takes an event, of this sensor or not. */
  take(event: EngineEvent, atMs: number): void {
    if (!("sensor" in event) || event.sensor !== this.#policy.name) return;
    if (event.type === "miss") this.#misses.push(event.fault);
    if (event.type !== "reading" && event.type !== "asleep") return;
    this.#heardMs = atMs;
    this.#misses = [];
    for (const fault of this.#faults.values()) fault.readings++;
    this.#lastC = event.type === "asleep" ? NaN : this.#believed(event.tempC);
  }

  /** The least duty at a tick, 0 to 100. */
  tick(nowMs: number): number {
    const { criticalC, holdMs = 0, recoverReadings = 1 } = this.#policy;
    const lost = this.#lostBy(nowMs);
    for (const kind of lost) this.#faults.set(kind, { lastMs: nowMs, readings: 0 });
    if (lost.length > 0 && this.#lastC >= criticalC) return 100;
    let percent = 0;
    for (const [kind, { lastMs, readings }] of this.#faults) {
      const isOver = readings >= recoverReadings && nowMs >= lastMs + holdMs;
      if (isOver) this.#faults.delete(kind);
      else percent = Math.max(percent, percentFor(this.#policy, kind));
    }
    return percent;
  }

  #lostBy(nowMs: number): FaultKind[] {
    const { intervalMs, misses, timeoutMs } = this.#policy;
    if (this.#misses.length > misses) {
      const asks = (kind: FaultKind) => percentFor(this.#policy, kind);
      return [this.#misses.reduce((most, kind) => asks(kind) > asks(most) ? kind : most)];
    }
    return nowMs - this.#heardMs >= intervalMs * (misses + 1) + timeoutMs ? ["timeout"] : [];
  }

  /** With a limit for jumps, what is believed depends on more than this account keeps. */
  #believed(tempC: number): number {
    const { minC, maxC, slopeCPerS } = this.#policy;
    if (slopeCPerS !== undefined) return NaN;
    return tempC >= minC && tempC <= maxC ? tempC : this.#lastC;
  }
}

/** As the documentation has it: the kind's own duty, or the one for all. */
export function percentFor(policy: SensorPolicy, kind: FaultKind): number {
  const { failsafe = {}, failsafePercent } = policy;
  return kind in failsafe ? failsafe[kind] ?? NaN : failsafePercent;
}
