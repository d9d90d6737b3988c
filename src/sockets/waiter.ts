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

/** Those who wait: a `Set`, or a {@link Line}. */
export interface WaitingQueue<W> {
  /** Takes it in, as the last one. */
  add(waiter: W): unknown;
  /** Takes it out, wherever it stands. */
  delete(waiter: W): unknown;
}

/**
 * Those who wait, in order: a list through those who are in it, because the arrays and sets of the
 * runtime cost more than all the rest of a wait where mostly one waits.
 */
export class Line<W extends { ahead: W | null; behind: W | null }> implements WaitingQueue<W> {
  #first: W | null = null;
  #last: W | null = null;

  /** Who waits longest. */
  get first(): W | null {
    return this.#first;
  }

  /** Those who wait now. */
  get all(): readonly W[] {
    const found: W[] = [];
    for (let next = this.#first; next !== null; next = next.behind) found.push(next);
    return found;
  }

  add(waiter: W): void {
    waiter.ahead = this.#last;
    if (this.#last === null) this.#first = waiter;
    else this.#last.behind = waiter;
    this.#last = waiter;
  }

  delete(waiter: W): void {
    const { ahead, behind } = waiter;
    if (ahead === null) this.#first = behind;
    else ahead.behind = behind;
    if (behind === null) this.#last = ahead;
    else behind.ahead = ahead;
    waiter.ahead = waiter.behind = null;
  }
}

/**
 * Somebody who waits for one value. The owner keeps it in a queue and resolves it when the value
 * is there; a time limit or a signal only takes it out of the queue, so nothing is consumed.
 */
export class Waiter<T> {
  /** What the one who waits awaits. */
  readonly promise: Promise<T>;
  /** Its neighbours in a {@link Line}, which alone sets them. */
  ahead: this | null = null;
  behind: this | null = null;
  readonly #queue: WaitingQueue<Waiter<T>>;
  #isOver = false;
  #resolve!: (value: T) => void;
  #reject!: (error: unknown) => void;
  #cancelTimer: (() => void) | null = null;
  #forgetSignal: (() => void) | null = null;

  /**
   * @param queue The waiter is in it until it is settled.
   * @param onTimeout Settles the waiter when its time is up.
   */
  constructor(
    queue: WaitingQueue<Waiter<T>>,
    clock: Clock,
    limits: WaitLimits,
    onTimeout: (waiter: Waiter<T>) => void,
  ) {
    checkTimeout(limits.timeoutMs);
    this.#queue = queue;
    // Cheaper than `withResolvers`, for what is made with every message.
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    queue.add(this);
    const { timeoutMs, signal } = limits;
    if (signal?.aborted) {
      this.reject(signal.reason);
      return;
    }
    if (timeoutMs !== Infinity) {
      this.#cancelTimer = clock.after(timeoutMs, () => onTimeout(this));
    }
    if (signal !== undefined) this.#heed(signal);
  }

  /** Whether it has been settled. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Gives the value; does nothing when the wait is over already. */
  resolve(value: T): void {
    if (this.#leave()) this.#resolve(value);
  }

  /** Ends the wait with an error; does nothing when it is over already. */
  reject(error: unknown): void {
    if (this.#leave()) this.#reject(error);
  }

  #heed(signal: AbortSignal): void {
    const giveUp = (): void => this.reject(signal.reason);
    signal.addEventListener("abort", giveUp);
    this.#forgetSignal = () => signal.removeEventListener("abort", giveUp);
  }

  #leave(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#queue.delete(this);
    this.#cancelTimer?.();
    this.#forgetSignal?.();
    return true;
  }
}

/** @throws {RangeError} If it is neither a time that timers take nor `Infinity`. */
export function checkTimeout(timeoutMs: number): void {
  if (timeoutMs === Infinity || (timeoutMs >= 0 && timeoutMs <= MAX_TIMEOUT_MS)) return;
  throw new RangeError(
    `Cannot wait ${timeoutMs} ms: it is not a time; give 0 to ${MAX_TIMEOUT_MS} or Infinity`,
  );
}
