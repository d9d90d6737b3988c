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
 * While the event loop always has something to do, Deno asks the system for news only every 61
 * rounds, which are half a second of full turns. It asks whenever nothing is left to do, so after
 * this long a turn waits for a timer, which costs a millisecond.
 */
const NEWS_MS = 25;
/** When so many had their say in one turn, they were heard of in it: no flood keeps it busy. */
const CALM_PASSES = 200;

/**
 * Who goes first when there is more to do than one turn takes: duties that have changed, then what
 * agents say, what others ask, those who are not even in, and last who has been served already and
 * wants more.
 */
export type Rank = "duty" | "agent" | "asker" | "arrival" | "greedy";

/** Shares the event loop among sessions, by rank and then in the order in which they asked. */
export class Turns {
  readonly #waiting: Readonly<Record<Rank, (() => void)[]>> = {
    duty: [],
    agent: [],
    asker: [],
    arrival: [],
    greedy: [],
  };
  /** Turns that somebody had to wait for; only ever grows. */
  waits = 0;
  #left = TURN_COST;
  #cancelRenewal: (() => void) | null = null;
  /** How often somebody was done in this turn. */
  #passes = 0;
  /** When the system was asked for news last, by us. */
  #newsMs = -Infinity;

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
    this.#cancelRenewal ??= this.#renewLater();
    return new Promise((resolve) => this.#waiting[rank].push(resolve));
  }

  /** What was to be done is done: who waits first may use the rest of this turn. */
  passOn(): void {
    this.#passes++;
    if (!this.isOver) this.#first()?.();
  }

  /** Forgets the turn of now, once nobody works any more, and lets go of all who wait. */
  stop(): void {
    this.#cancelRenewal?.();
    this.#cancelRenewal = null;
    for (let next = this.#first(); next !== undefined; next = this.#first()) next();
  }

  #first(): (() => void) | undefined {
    const { duty, agent, asker, arrival, greedy } = this.#waiting;
    return duty.shift() ?? agent.shift() ?? asker.shift() ?? arrival.shift() ?? greedy.shift();
  }

  /** An immediate runs when the event loop has come round, and that is what a turn is. */
  #renewLater(): () => void {
    if (this.#passes > CALM_PASSES || performance.now() - this.#newsMs < NEWS_MS) {
      const immediate = setImmediate(() => this.#renew());
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(() => {
      this.#newsMs = performance.now();
      this.#renew();
    }, 0);
    return () => clearTimeout(timer);
  }

  #renew(): void {
    this.#cancelRenewal = null;
    this.#left = TURN_COST;
    this.#passes = 0;
    // However much there is to do, somebody must be able to come and see why.
    const newcomer = this.#waiting.arrival.shift();
    if (newcomer === undefined) this.passOn();
    else newcomer();
    if (Object.values(this.#waiting).some((each) => each.length > 0)) {
      this.#cancelRenewal = this.#renewLater();
    }
  }
}
