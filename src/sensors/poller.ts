/**
 * Reads sensors, each at its own pace, and judges them. No sensor holds up another, or throws
 * out of here: what goes wrong is that sensor's miss.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import {
  SensorHealth,
  type SensorJudgement,
  type SensorPolicy,
} from "../control/sensing/sensor_health.ts";
import type { Log } from "../log.ts";
import { withinGrace } from "./grace.ts";
import type { DriveKind, Sensor } from "./sensor.ts";

/** A sensor and what is asked of it. */
export interface PolledSensor {
  sensor: Sensor;
  policy: SensorPolicy;
}

/** Polls a set of sensors. */
export class Poller {
  readonly #polls: ReadonlyMap<string, Poll>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #lost = new Set<string>();

  constructor(sensors: readonly PolledSensor[], clock: Clock, log: Log) {
    this.#polls = new Map(sensors.map((each) => [each.sensor.name, new Poll(each, clock)]));
    this.#clock = clock;
    this.#log = log;
  }

  /** Begins to read every sensor. */
  start(): void {
    for (const poll of this.#polls.values()) poll.start();
  }

  /** How every sensor stands at `nowMs` (monotonic), by name. Says when one is lost or returns. */
  judge(nowMs: number): ReadonlyMap<string, SensorJudgement> {
    const judgements = new Map<string, SensorJudgement>();
    for (const poll of this.#polls.values()) {
      const judgement = poll.health.judge(nowMs);
      judgements.set(judgement.name, judgement);
      this.#tell(judgement);
    }
    return judgements;
  }

  /** What the drive behind a sensor is, once it has been read. */
  driveKind(name: string): DriveKind | undefined {
    return this.#polls.get(name)?.sensor.driveKind;
  }

  /** Ends every reading; resolves when nothing is left but what a driver will not let go of. */
  async stop(): Promise<void> {
    await withinGrace(Promise.all(this.#polls.values().map((poll) => poll.stop())), this.#clock);
    for (const { sensor } of this.#polls.values()) sensor.close?.();
  }

  #tell({ name, state, reason }: SensorJudgement): void {
    if (state === "failed") {
      if (this.#lost.has(name)) return;
      this.#lost.add(name);
      this.#log.warn(`Sensor "${name}" is lost: ${reason}`);
    } else if (state !== "missed" && this.#lost.delete(name)) {
      this.#log.info(`Sensor "${name}" is back: ${state}`);
    }
  }
}

/** One sensor's readings, one after the other. */
class Poll {
  readonly sensor: Sensor;
  readonly health: SensorHealth;
  readonly #policy: SensorPolicy;
  readonly #clock: Clock;
  /** The reading under way, which may have outlived its time. */
  #reading: { sinceMs: number; settled: Promise<void>; abort: AbortController } | null = null;
  #timedOut = false;
  #dueMs = 0;
  #stopped = false;
  #cancelNext: () => void = () => {};
  #cancelTimeout: () => void = () => {};

  constructor({ sensor, policy }: PolledSensor, clock: Clock) {
    this.sensor = sensor;
    this.#policy = policy;
    this.#clock = clock;
    this.health = new SensorHealth(policy, clock.monotonicMs());
  }

  start(): void {
    this.#dueMs = this.#clock.monotonicMs();
    this.#turn();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelNext();
    this.#cancelTimeout();
    this.#reading?.abort.abort();
    await this.#reading?.settled;
  }

  #turn(): void {
    const nowMs = this.#clock.monotonicMs();
    // Turns that a standstill of the process has swallowed are not made up for.
    this.#dueMs += this.#policy.intervalMs;
    if (this.#dueMs <= nowMs) this.#dueMs = nowMs + this.#policy.intervalMs;
    this.#cancelNext = this.#clock.after(this.#dueMs - nowMs, () => this.#turn());
    if (this.#reading === null) {
      this.#begin(nowMs);
    } else if (this.#timedOut) {
      const hangsMs = Math.round(nowMs - this.#reading.sinceMs);
      this.health.miss(`a reading hangs since ${hangsMs} ms`, nowMs);
    }
  }

  #begin(nowMs: number): void {
    const abort = new AbortController();
    this.#timedOut = false;
    this.#cancelTimeout = this.#clock.after(this.#policy.timeoutMs, () => {
      this.#timedOut = true;
      this.health.miss(
        `timed out after ${this.#policy.timeoutMs} ms`,
        this.#clock.monotonicMs(),
      );
      abort.abort();
    });
    this.#reading = { sinceMs: nowMs, abort, settled: this.#read(abort.signal) };
  }

  async #read(signal: AbortSignal): Promise<void> {
    let take: () => void;
    try {
      const found = await Promise.try(() => this.sensor.read(signal));
      take = () => {
        const nowMs = this.#clock.monotonicMs();
        if (found === "asleep") this.health.asleep(nowMs);
        else this.health.reading(found, nowMs);
      };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      take = () => this.health.miss(reason, this.#clock.monotonicMs());
    }
    this.#cancelTimeout();
    this.#reading = null;
    // What comes too late has been counted as a miss already, and may be as old as it is late.
    if (!this.#timedOut && !this.#stopped) take();
  }
}
