/**
 * Keeps simulated time in step with real time: how far to run now and when to come back. Pure.
 *
 * @module
 */

/** Longest stretch of simulated time that is run without looking at the clock. */
const SLICE_MS = 5;
/** While bytes are on the line: as short as timers are, which is a millisecond or two. */
const BUSY_NAP_MS = 0;
/** Otherwise; whoever sends bytes wakes the simulation at once. */
const IDLE_NAP_MS = 20;
/**
 * Simulated time that is caught up at most; what is more is lost. A process that was stopped this
 * long finds every TTL expired, and a machine that is too slow does not fall behind for ever.
 */
const LAG_LIMIT_MS = 20_000;

/** Simulated time as a line over real time; the slope can be changed. */
export class Pacer {
  #speed: number;
  #baseRealMs: number;
  #baseSimulatedMs: number;

  /** @param speed how many times faster than real time; `Infinity` for no limit */
  constructor(speed: number, realMs: number, simulatedMs: number) {
    this.#speed = speed;
    this.#baseRealMs = realMs;
    this.#baseSimulatedMs = simulatedMs;
  }

  /** From now on with another speed. */
  setSpeed(speed: number, realMs: number, simulatedMs: number): void {
    this.#speed = speed;
    this.#baseRealMs = realMs;
    this.#baseSimulatedMs = simulatedMs;
  }

  /** Whether simulated time has a place where it belongs. */
  get keepsStep(): boolean {
    return this.#speed !== Infinity;
  }

  /** How many milliseconds to simulate next; 0 when simulated time is where it belongs. */
  sliceMs(realMs: number, simulatedMs: number): number {
    if (this.#speed === Infinity) return SLICE_MS;
    const lagMs = this.#baseSimulatedMs + (realMs - this.#baseRealMs) * this.#speed - simulatedMs;
    if (lagMs > LAG_LIMIT_MS) this.setSpeed(this.#speed, realMs, simulatedMs + LAG_LIMIT_MS);
    return Math.min(SLICE_MS, Math.max(0, lagMs));
  }

  /** How long to rest once there is nothing to simulate, in milliseconds. */
  napMs(lineBusy: boolean): number {
    if (this.#speed === Infinity) return 0;
    return lineBusy ? BUSY_NAP_MS : IDLE_NAP_MS;
  }
}
