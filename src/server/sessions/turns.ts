/**
 * Keeps clients from holding the event loop: ticks and heartbeats run on it, too.
 *
 * @module
 */

import { clearImmediate, setImmediate } from "node:timers";

/**
 * What all clients together may cost before everything else has its turn: about ten milliseconds
 * of the cheapest requests.
 */
export const TURN_COST = 6000;

/** Shares the event loop among sessions, in the order in which they have asked for more. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #left = TURN_COST;
  #renewal: ReturnType<typeof setImmediate> | null = null;

  /** Whether what may be done in this turn is done. */
  get isOver(): boolean {
    return this.#left <= 0;
  }

  /** Takes the cost of one request from the turn. */
  spend(cost: number): void {
    this.#left -= cost;
  }

  /** Resolves in a later turn, behind those who wait already. */
  next(): Promise<void> {
    this.#renewal ??= setImmediate(() => this.#renew());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** What was to be done is done: who waits first may use the rest of this turn. */
  passOn(): void {
    if (!this.isOver) this.#waiting.shift()?.();
  }

  /** Forgets the turn of now, once nobody works any more. */
  stop(): void {
    if (this.#renewal !== null) clearImmediate(this.#renewal);
    this.#renewal = null;
  }

  /** An immediate runs when the event loop has come round, and that is what a turn is. */
  #renew(): void {
    this.#renewal = null;
    this.#left = TURN_COST;
    this.passOn();
    if (this.#waiting.length > 0) this.#renewal = setImmediate(() => this.#renew());
  }
}
