/**
 * The experiment that the fans are quiet for: one at a time, and never for longer than allowed.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { RigConfig } from "../../config/rig_config.ts";
import { LimitError } from "../../errors.ts";
import { ExpStatus } from "../../rig/exp_status.ts";
import { quoted } from "../../rig/quoted.ts";

/** Why an experiment is over although nobody has said so. */
type OverBecause = "its time is up" | "a temperature is critical";

/** What is known of one experiment. */
interface Running {
  readonly reference: string | null;
  readonly endMs: number;
  isInterrupted: boolean;
}

/**
 * What the rig has said about its experiment. One that has been over for itself stays known until
 * the rig ends it, so that it cannot be begun again by repeating its start.
 */
export class Experiment {
  readonly #clock: Clock;
  #running: Running | null = null;
  #isInitialized = false;
  #hasStopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How the fans stand, as rigs tell each other. */
  get status(): ExpStatus {
    if (this.isRunning) return ExpStatus.RUNNING;
    if (this.#running !== null || this.#hasStopped) return ExpStatus.STOPPED;
    return this.#isInitialized ? ExpStatus.INITIALIZED : ExpStatus.CONNECTED;
  }

  /** What it is called; null when it has no name, or none runs. */
  get reference(): string | null {
    return this.isRunning ? this.#running?.reference ?? null : null;
  }

  /** Whether the fans are to be quiet for it. */
  get isRunning(): boolean {
    return this.#running !== null && this.#overBecause(this.#running) === null;
  }

  /** Milliseconds until its time is up; null when none runs. */
  get leftMs(): number | null {
    if (this.#running === null || !this.isRunning) return null;
    return this.#running.endMs - this.#clock.monotonicMs();
  }

  /** One is being prepared. */
  initialize(): void {
    this.#isInitialized = true;
    if (this.#running === null) this.#hasStopped = false;
  }

  /**
   * One begins; while one runs this is a repetition, which changes nothing.
   *
   * @returns Whether it is a new one.
   * @throws {LimitError} If it is over already, and nobody has ended it.
   */
  start(reference: string | null, { maxMs }: RigConfig): boolean {
    if (this.isRunning) return false;
    const before = this.#running;
    if (before !== null && before.reference === reference) {
      throw new LimitError(
        `Cannot be quiet for ${reference === null ? "this experiment" : quoted(reference)}: ` +
          `${this.#overBecause(before)}; end it before another one begins`,
      );
    }
    const endMs = this.#clock.monotonicMs() + maxMs;
    this.#running = { reference, endMs, isInterrupted: false };
    return true;
  }

  /** The fans cannot be quiet any longer. */
  interrupt(): void {
    if (this.#running !== null) this.#running.isInterrupted = true;
  }

  /** It has ended, whatever of it there was. */
  end(): void {
    this.#running = null;
    this.#hasStopped = true;
  }

  #overBecause({ isInterrupted, endMs }: Running): OverBecause | null {
    if (isInterrupted) return "a temperature is critical";
    return this.#clock.monotonicMs() < endMs ? null : "its time is up";
  }
}
