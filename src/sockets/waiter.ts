/**
 * Waiting for something with a time limit and a signal, without losing what comes too late.
 *
 * @module
 */
import type { Clock } from "../clock.ts";

/** The longest delay that timers take, in milliseconds: almost 25 days. */
export const MAX_TIMEOUT_MS = 0x7fff_ffff;

/** How long to wait, and what else ends the wait. */
export interface WaitLimits {
  /** Milliseconds, or `Infinity` for no limit. */
  timeoutMs: number;
  /** Ends the wait with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/**
 * Somebody who waits for one value. The owner keeps it in a queue and resolves it when the value
 * is there; a time limit or a signal only takes it out of the queue, so nothing is consumed.
 */
export class Waiter<T> {
  /** What the one who waits awaits. */
  readonly promise: Promise<T>;
  readonly #settle: PromiseWithResolvers<T> = Promise.withResolvers<T>();
  readonly #queue: Set<Waiter<T>>;
  #cancelTimer: (() => void) | null = null;
  #signal: AbortSignal | undefined;

  /**
   * @param queue The waiter is in it until it is settled.
   * @param onTimeout Settles the waiter when its time is up.
   */
  constructor(
    queue: Set<Waiter<T>>,
    clock: Clock,
    limits: WaitLimits,
    onTimeout: (waiter: Waiter<T>) => void,
  ) {
    checkTimeout(limits.timeoutMs);
    this.promise = this.#settle.promise;
    this.#queue = queue;
    queue.add(this);
    if (limits.signal?.aborted) {
      this.reject(limits.signal.reason);
      return;
    }
    if (limits.timeoutMs !== Infinity) {
      this.#cancelTimer = clock.after(limits.timeoutMs, () => onTimeout(this));
    }
    this.#signal = limits.signal;
    this.#signal?.addEventListener("abort", this.#onAbort);
  }

  /** Gives the value; does nothing when the wait is over already. */
  resolve(value: T): void {
    if (this.#leave()) this.#settle.resolve(value);
  }

  /** Ends the wait with an error; does nothing when it is over already. */
  reject(error: unknown): void {
    if (this.#leave()) this.#settle.reject(error);
  }

  #onAbort = (): void => this.reject(this.#signal?.reason);

  #leave(): boolean {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#signal?.removeEventListener("abort", this.#onAbort);
    return this.#queue.delete(this);
  }
}

/** @throws {RangeError} If it is neither a time that timers take nor `Infinity`. */
export function checkTimeout(timeoutMs: number): void {
  if (timeoutMs === Infinity || (timeoutMs >= 0 && timeoutMs <= MAX_TIMEOUT_MS)) return;
  throw new RangeError(
    `Cannot wait ${timeoutMs} ms: it is not a time; give 0 to ${MAX_TIMEOUT_MS} or Infinity`,
  );
}
