/**
 * Comes round to everyone of many once a period, a few at a time.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";

/** Whom a wheel visits: it may grow and shrink while the wheel turns. */
export interface Rim {
  readonly size: number;
  /** In a fixed order; an iteration survives what comes and goes meanwhile. */
  keys(): IterableIterator<string>;
}

/** So few are visited in one step that nobody else waits long for the event loop. */
const VISITS_A_STEP = 25;
/** A timer fires no more often than this in a period. */
const MOST_STEPS = 50;

/**
 * One timer for all: a period is divided into steps, and each step visits its share. Whoever stays
 * is visited once a period, always at about the same moment of it.
 */
export class Wheel {
  readonly #clock: Clock;
  readonly #rim: Rim;
  readonly #visit: (name: string) => void;
  #periodMs = 0;
  #startedMs = 0;
  #step = 0;
  #steps = 1;
  #visited = 0;
  #size = 0;
  #round: Iterator<string> | null = null;
  #cancel: () => void = () => {};

  /** A wheel that stands still. */
  constructor(clock: Clock, rim: Rim, visit: (name: string) => void) {
    this.#clock = clock;
    this.#rim = rim;
    this.#visit = visit;
  }

  /** Turns once in `periodMs` from now on; a wheel that does already goes on as it is. */
  turn(periodMs: number): void {
    if (periodMs === this.#periodMs) return;
    this.stop();
    this.#periodMs = periodMs;
    this.#begin(this.#clock.monotonicMs());
  }

  stop(): void {
    this.#cancel();
    this.#periodMs = 0;
  }

  #begin(atMs: number): void {
    this.#startedMs = atMs;
    this.#size = this.#rim.size;
    this.#steps = Math.min(MOST_STEPS, Math.max(1, Math.ceil(this.#size / VISITS_A_STEP)));
    this.#step = 0;
    this.#visited = 0;
    this.#round = this.#rim.keys();
    this.#stepLater();
  }

  #stepLater(): void {
    const dueMs = this.#startedMs + this.#periodMs * (this.#step + 1) / this.#steps;
    const waitMs = Math.max(0, dueMs - this.#clock.monotonicMs());
    this.#cancel = this.#clock.after(waitMs, () => this.#take());
  }

  #take(): void {
    this.#step++;
    const isLast = this.#step === this.#steps;
    // The last step takes those as well who have come meanwhile.
    const upTo = isLast ? Infinity : Math.ceil(this.#size * this.#step / this.#steps);
    while (this.#visited < upTo) {
      const next = this.#round?.next();
      if (next === undefined || next.done) break;
      this.#visited++;
      this.#visit(next.value);
    }
    if (!isLast) return this.#stepLater();
    const endMs = this.#startedMs + this.#periodMs;
    const nowMs = this.#clock.monotonicMs();
    // A step that is late is made up for; a standstill of a whole period is not.
    this.#begin(nowMs - endMs > this.#periodMs ? nowMs : endMs);
  }
}
