/**
 * A wait that can be cut short.
 *
 * @module
 */

import type { Clock } from "../clock.ts";

/** One waiter and anybody who wakes it; a wake between two waits ends the next one at once. */
export class Wakeup {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #isDue = false;
  #end: (() => void) | null = null;

  /** @param signal wakes for good once it is aborted. */
  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
    signal.addEventListener("abort", () => this.wake(), { once: true });
  }

  /** Ends the wait of now, or the next one. */
  wake(): void {
    this.#isDue = true;
    this.#end?.();
  }

  /** Waits for `ms` or until woken. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        cancel();
        this.#end = null;
        this.#isDue = false;
        resolve();
      };
      const cancel = this.#clock.after(ms, finish);
      this.#end = finish;
      if (this.#isDue || this.#signal.aborted) finish();
    });
  }
}
