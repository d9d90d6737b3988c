/**
 * One run of a tool for all the sensors that it tells about.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import { SensorError } from "../../errors.ts";
import { withinGrace } from "../grace.ts";

/** How a run went. */
type Outcome<T> = { value: T } | { error: unknown };

/**
 * Runs when somebody asks, hands the result to everybody who asks meanwhile and for a while after,
 * and is called off when nobody waits for it any more. A failure is shared like a result.
 */
export class SharedRun<T> {
  readonly #work: (signal: AbortSignal) => Promise<T>;
  readonly #clock: Clock;
  readonly #keepMs: number;
  #running: { outcome: Promise<Outcome<T>>; abort: AbortController; waiting: number } | null = null;
  #last: { outcome: Outcome<T>; atMs: number } | null = null;
  #closed = false;

  /** @param keepMs How long after its end a result is handed out: readings are older by that. */
  constructor(work: (signal: AbortSignal) => Promise<T>, clock: Clock, keepMs: number) {
    this.#work = work;
    this.#clock = clock;
    this.#keepMs = keepMs;
  }

  /**
   * The result of the run under way, of the last one if that is fresh, or else of a new one.
   *
   * @throws what the run throws, or {@link SensorError} when `signal` ends the waiting before
   */
  async get(signal: AbortSignal): Promise<T> {
    const outcome = this.#fresh() ?? await this.#wait(signal);
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  }

  /** Calls off what runs, and begins nothing any more. */
  async close(): Promise<void> {
    this.#closed = true;
    const running = this.#running;
    running?.abort.abort();
    if (running) await withinGrace(running.outcome, this.#clock);
  }

  #fresh(): Outcome<T> | null {
    if (this.#running || !this.#last) return null;
    const ageMs = this.#clock.monotonicMs() - this.#last.atMs;
    return ageMs < this.#keepMs ? this.#last.outcome : null;
  }

  async #wait(signal: AbortSignal): Promise<Outcome<T>> {
    if (this.#closed || signal.aborted) return { error: calledOff() };
    const running = this.#running ??= this.#begin();
    running.waiting++;
    const { promise: over, resolve } = Promise.withResolvers<Outcome<T>>();
    const leave = (): void => {
      // The last one who leaves ends the run, and sees to it that nothing of it is left behind.
      if (--running.waiting > 0) return resolve({ error: calledOff() });
      if (this.#running === running) this.#running = null;
      running.abort.abort();
    };
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await Promise.race([running.outcome, over]);
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  #begin(): { outcome: Promise<Outcome<T>>; abort: AbortController; waiting: number } {
    const abort = new AbortController();
    const outcome = this.#work(abort.signal).then(
      (value): Outcome<T> => ({ value }),
      (error): Outcome<T> => ({ error }),
    );
    const running = { outcome, abort, waiting: 0 };
    void outcome.then((ended) => {
      if (this.#running !== running) return;
      this.#running = null;
      this.#last = { outcome: ended, atMs: this.#clock.monotonicMs() };
    });
    return running;
  }
}

function calledOff(): SensorError {
  return new SensorError("Cannot wait any longer: a shared run is under way; allow it more time");
}
