import type { Clock } from "../../src/clock.ts";

/** A clock that moves only when told to, running what is due in order. */
export class VirtualClock implements Clock {
  #nowMs = 0;
  #epochMs: number;
  #timers: { dueMs: number; action: () => void }[] = [];

  constructor(epochMs = Date.UTC(2030, 0, 1)) {
    this.#epochMs = epochMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#epochMs + this.#nowMs;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** How many timers wait: what was started must be cancelled. */
  get waiting(): number {
    return this.#timers.length;
  }

  /** Moves time on, letting promises settle after every timer that runs. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settle();
    for (let timer = this.#nextDue(endMs); timer; timer = this.#nextDue(endMs)) {
      this.#timers = this.#timers.filter((other) => other !== timer);
      this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
      timer.action();
      await settle();
    }
    this.#nowMs = endMs;
  }

  /** Lets time pass while nothing runs, as when the process stands still. */
  skip(ms: number): void {
    this.#nowMs += ms;
  }

  /** Sets the wall clock on or back, as somebody may do; no time passes. */
  stepWall(ms: number): void {
    this.#epochMs += ms;
  }

  #nextDue(endMs: number): { dueMs: number; action: () => void } | undefined {
    return this.#timers.filter((timer) => timer.dueMs <= endMs)
      .sort((a, b) => a.dueMs - b.dueMs)[0];
  }
}

/** Lets everything that is already resolved run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
