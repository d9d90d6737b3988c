/**
 * Keeps clients from holding the event loop: ticks and heartbeats run on it, too.
 *
 * @module
 */

import type { Clock } from "../clock.ts";

/** How long all clients together may work before everything else has its turn. */
const TURN_MS = 10;

/** Shares the event loop among sessions, in the order in which they have asked for more. */
export class Turns {
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  /** When the turn of now began, or null while nobody has worked since the last one. */
  #startMs: number | null = null;
  #cancel: () => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the time of this turn is used up at `nowMs`; begins one when there is none. */
  isOver(nowMs: number): boolean {
    if (this.#startMs === null) this.#begin(nowMs);
    return nowMs - (this.#startMs ?? nowMs) > TURN_MS;
  }

  /** Resolves in a later turn, behind those who wait already. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** What was to be done is done: who waits first may use the rest of this turn. */
  passOn(): void {
    if (this.#waiting.length === 0 || this.isOver(this.#clock.monotonicMs())) return;
    this.#waiting.shift()?.();
  }

  /** Forgets the turn of now, once nobody works any more. */
  stop(): void {
    this.#cancel();
  }

  #begin(nowMs: number): void {
    this.#startMs = nowMs;
    // A timer runs only when the event loop comes round, and that is what a turn is.
    this.#cancel = this.#clock.after(0, () => {
      this.#startMs = null;
      this.passOn();
    });
  }
}
