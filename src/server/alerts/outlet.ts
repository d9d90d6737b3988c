/**
 * One place that alerts are told to: one message at a time, tried again when it fails, with a
 * queue that is bounded.
 *
 * @module
 */
import { type Backoff, backoffMs } from "../../backoff.ts";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Notice } from "./notice.ts";

/** Messages that wait for one outlet; the oldest that is not critical makes room. */
export const MOST_QUEUED = 100;
/** How often one message is tried. */
export const MOST_TRIES = 4;
const RETRY: Backoff = { firstMs: 1000, mostMs: 30_000 };

/** Tells one message, or throws. */
export type Deliver = (notice: Notice, signal: AbortSignal) => Promise<void>;

/** What has become of the messages of one outlet. */
export interface OutletCounters {
  delivered: number;
  /** Given up after {@link MOST_TRIES} tries. */
  failed: number;
  /** Had to make room in the queue. */
  dropped: number;
}

/** What an outlet needs from around it. */
export interface OutletParts {
  readonly clock: Clock;
  readonly log: Log;
  /** 0 up to but not including 1. */
  random(): number;
}

/** One outlet and what waits for it. */
export class Outlet {
  readonly name: string;
  readonly counters: OutletCounters = { delivered: 0, failed: 0, dropped: 0 };
  readonly #deliver: Deliver;
  readonly #timeoutMs: number;
  readonly #parts: OutletParts;
  readonly #queue: Notice[] = [];
  /** What is being told. */
  #current: Notice | null = null;
  readonly #stop = new AbortController();
  #working: Promise<void> | null = null;

  /** @param timeoutMs How long one try may take. */
  constructor(name: string, deliver: Deliver, timeoutMs: number, parts: OutletParts) {
    this.name = name;
    this.#deliver = deliver;
    this.#timeoutMs = timeoutMs;
    this.#parts = parts;
  }

  /** Queues a message; it is told after those before it. */
  tell(notice: Notice): void {
    if (this.#stop.signal.aborted) return;
    if (this.#queue.length >= MOST_QUEUED) this.#makeRoom();
    this.#queue.push(notice);
    this.#working ??= this.#work();
  }

  /** Ends here what is not told yet, and gives it to an outlet that is to tell it in its way. */
  handOver(heir: Outlet): void {
    const untold = [...this.#current === null ? [] : [this.#current], ...this.#queue.splice(0)];
    void this.stop();
    for (const notice of untold) heir.tell(notice);
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.#working;
  }

  /** Ends what is under way; what waits is not told. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#working;
  }

  #makeRoom(): void {
    const minor = this.#queue.findIndex(({ severity }) => severity !== "critical");
    this.#queue.splice(Math.max(0, minor), 1);
    this.counters.dropped++;
    if (this.counters.dropped === 1) {
      this.#parts.log.warn(
        `Alerts come faster than "${this.name}" takes them; the oldest of ${MOST_QUEUED} are not told`,
      );
    }
  }

  async #work(): Promise<void> {
    let notice: Notice | undefined;
    while (!this.#stop.signal.aborted && (notice = this.#queue.shift()) !== undefined) {
      this.#current = notice;
      await this.#try(notice);
      this.#current = null;
    }
    this.#working = null;
  }

  async #try(notice: Notice): Promise<void> {
    for (let tries = 1;; tries++) {
      const failure = await this.#once(notice);
      if (failure === null) {
        this.counters.delivered++;
        return;
      }
      if (this.#stop.signal.aborted) return;
      if (tries === MOST_TRIES) {
        this.counters.failed++;
        this.#parts.log.error(
          `Alert "${notice.rule}" could not be told to "${this.name}" in ${tries} tries: ${failure}`,
        );
        return;
      }
      this.#parts.log.debug(`Alert "${notice.rule}" to "${this.name}": ${failure}; trying again`);
      await this.#wait(backoffMs(tries, this.#parts.random(), RETRY));
    }
  }

  /** One try; the reason when it fails. */
  async #once(notice: Notice): Promise<string | null> {
    const over = new AbortController();
    const cancel = this.#parts.clock.after(this.#timeoutMs, () => over.abort());
    try {
      await this.#deliver(notice, AbortSignal.any([over.signal, this.#stop.signal]));
      return null;
    } catch (error) {
      if (over.signal.aborted) return `it took longer than ${this.#timeoutMs} ms`;
      return error instanceof Error ? error.message : String(error);
    } finally {
      cancel();
    }
  }

  async #wait(delayMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#parts.clock.after(delayMs, resolve);
    this.#stop.signal.addEventListener("abort", () => resolve(), { once: true });
    await promise;
    cancel();
  }
}
