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

/**
 * Who goes first when there is more to do than one turn takes: duties that have changed, then what
 * agents say, then what others ask, and last those who are not even in.
 */
export type Rank = "duty" | "agent" | "asker" | "arrival";

/** Shares the event loop among sessions, by rank and then in the order in which they asked. */
export class Turns {
  readonly #waiting: Readonly<Record<Rank, (() => void)[]>> = {
    duty: [],
    agent: [],
    asker: [],
    arrival: [],
  };
  /** Turns that somebody had to wait for; only ever grows. */
  waits = 0;
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

  /** Resolves in a later turn, behind those who wait already and come no later in rank. */
  next(rank: Rank = "asker"): Promise<void> {
    this.waits++;
    this.#renewal ??= setImmediate(() => this.#renew());
    return new Promise((resolve) => this.#waiting[rank].push(resolve));
  }

  /** What was to be done is done: who waits first may use the rest of this turn. */
  passOn(): void {
    if (!this.isOver) this.#first()?.();
  }

  /** Forgets the turn of now, once nobody works any more, and lets go of all who wait. */
  stop(): void {
    if (this.#renewal !== null) clearImmediate(this.#renewal);
    this.#renewal = null;
    for (let next = this.#first(); next !== undefined; next = this.#first()) next();
  }

  #first(): (() => void) | undefined {
    const { duty, agent, asker, arrival } = this.#waiting;
    return duty.shift() ?? agent.shift() ?? asker.shift() ?? arrival.shift();
  }

  /** An immediate runs when the event loop has come round, and that is what a turn is. */
  #renew(): void {
    this.#renewal = null;
    this.#left = TURN_COST;
    // However much there is to do, somebody must be able to come and see why.
    const newcomer = this.#waiting.arrival.shift();
    if (newcomer === undefined) this.passOn();
    else newcomer();
    const { duty, agent, asker, arrival } = this.#waiting;
    if (duty.length + agent.length + asker.length + arrival.length > 0) {
      this.#renewal = setImmediate(() => this.#renew());
    }
  }
}
