/**
 * Reads sensors, each at its own pace, and hands on what they say. No sensor holds up another, or
 * throws out of here: what goes wrong is that sensor's miss.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { MissFault, SensorEvent } from "../control/engine/event.ts";
import type { SensorPolicy } from "../control/sensing/sensor_health.ts";
import { withinGrace } from "./grace.ts";
import type { DriveKind, Sensor } from "./sensor.ts";

/** A sensor and what is asked of it. */
export interface PolledSensor {
  sensor: Sensor;
  policy: Pick<SensorPolicy, "intervalMs" | "timeoutMs">;
}

/** Where what a sensor says goes. */
export type SensorSink = (event: SensorEvent) => void;

/** Polls a set of sensors. */
export class Poller {
  readonly #polls: ReadonlyMap<string, Poll>;
  readonly #clock: Clock;

  constructor(sensors: readonly PolledSensor[], clock: Clock, sink: SensorSink) {
    this.#polls = new Map(sensors.map((each) => [each.sensor.name, new Poll(each, clock, sink)]));
    this.#clock = clock;
  }

  /** Begins to read every sensor. */
  start(): void {
    for (const poll of this.#polls.values()) poll.start();
  }

  /** Ends every reading; resolves when nothing is left but what a driver will not let go of. */
  async stop(): Promise<void> {
    await withinGrace(Promise.all(this.#polls.values().map((poll) => poll.stop())), this.#clock);
    for (const { sensor } of this.#polls.values()) sensor.close?.();
  }
}

/** One sensor's readings, one after the other. */
class Poll {
  readonly sensor: Sensor;
  readonly #policy: PolledSensor["policy"];
  readonly #clock: Clock;
  readonly #sink: SensorSink;
  #driveKind: DriveKind | undefined;
  /** The reading under way, which may have outlived its time. */
  #reading: { sinceMs: number; settled: Promise<void>; abort: AbortController } | null = null;
  #timedOut = false;
  #dueMs = 0;
  #stopped = false;
  #cancelNext: () => void = () => {};
  #cancelTimeout: () => void = () => {};

  constructor({ sensor, policy }: PolledSensor, clock: Clock, sink: SensorSink) {
    this.sensor = sensor;
    this.#policy = policy;
    this.#clock = clock;
    this.#sink = sink;
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
      this.#miss(`a reading hangs since ${hangsMs} ms`, "timeout");
    }
  }

  #begin(nowMs: number): void {
    const abort = new AbortController();
    this.#timedOut = false;
    this.#cancelTimeout = this.#clock.after(this.#policy.timeoutMs, () => {
      this.#timedOut = true;
      this.#miss(`timed out after ${this.#policy.timeoutMs} ms`, "timeout");
      abort.abort();
    });
    this.#reading = { sinceMs: nowMs, abort, settled: this.#read(abort.signal) };
  }

  async #read(signal: AbortSignal): Promise<void> {
    let take: () => void;
    try {
      const found = await Promise.try(() => this.sensor.read(signal));
      take = () => this.#take(found);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      take = () => this.#miss(reason, "missing");
    }
    this.#cancelTimeout();
    this.#reading = null;
    // What comes too late has been counted as a miss already, and may be as old as it is late.
    if (!this.#timedOut && !this.#stopped) take();
  }

  #take(found: number | "asleep"): void {
    const [sensor, atMs] = [this.sensor.name, this.#clock.monotonicMs()];
    const kind = this.sensor.driveKind;
    if (kind !== undefined && kind !== this.#driveKind) {
      this.#driveKind = kind;
      this.#sink({ type: "drive", sensor, kind, atMs });
    }
    if (found === "asleep") this.#sink({ type: "asleep", sensor, atMs });
    else if (Number.isFinite(found)) this.#sink({ type: "reading", sensor, tempC: found, atMs });
    else this.#miss(`${found} is not a temperature`, "range");
  }

  #miss(reason: string, fault: MissFault): void {
    const atMs = this.#clock.monotonicMs();
    this.#sink({ type: "miss", sensor: this.sensor.name, reason, fault, atMs });
  }
}
