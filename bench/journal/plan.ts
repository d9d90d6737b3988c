/** What the journal's figures are measured on: shelves, and a day of them. */

import type { EngineConfig } from "../../src/control/engine/engine_config.ts";
import { Engine } from "../../src/control/engine/engine.ts";
import type { EventTap } from "../../src/server/shelves/event_tap.ts";

/** The wall clock when all of this begins: midnight. */
export const START_MS = Date.UTC(2030, 0, 1);

/** Shelves with as many sensors each, whose curves are plain. */
export function plan(shelves: number, sensorsOfShelf: number): EngineConfig {
  const names = Array.from({ length: shelves }, (_, index) => `shelf${index + 1}`);
  const sensors = names.map((name) =>
    Array.from({ length: sensorsOfShelf }, (_, index) => `${name}-${index + 1}`)
  );
  return {
    tickMs: 1000,
    rpmTtlMs: 10_000,
    sensors: sensors.flat().map((name) => ({
      name,
      kind: "cpu",
      intervalMs: 1000,
      timeoutMs: 500,
      misses: 3,
      minC: -20,
      maxC: 125,
      failsafePercent: 100,
      criticalC: 95,
      required: true,
    })),
    derived: [],
    shelves: names.map((name, index) => ({
      name,
      floorPercent: 20,
      causes: [{
        name: "warmth",
        curve: { shape: "linear", points: [[35, 25], [60, 50], [85, 100]] },
        sensors: sensors[index] ?? [],
        combine: "max",
      }],
    })),
    profiles: [],
  };
}

/** A day's temperature: warm at noon, with the steps of a sensor that tells eighths of a degree. */
export function tempC(second: number, which: number): number {
  const day = Math.sin((second / 86_400) * 2 * Math.PI - Math.PI / 2);
  const minutes = Math.sin(second / 97 + which);
  return Math.round((48 + 8 * day + 3 * minutes) * 8) / 8;
}

/** Lets seconds pass: every sensor reads, every shelf's fan tells its speed, the engine ticks. */
export class Passing {
  readonly engine: Engine;
  #second = 0;
  readonly #tap: EventTap;

  constructor(config: EngineConfig, tap: EventTap) {
    this.engine = new Engine(config, 0);
    this.#tap = tap;
    tap.began(this.engine);
  }

  /** How many things happen in a second. */
  get entriesPerSecond(): number {
    const { sensors, shelves } = this.engine.config;
    return sensors.length + shelves.length + 1;
  }

  pass(seconds: number): void {
    const { sensors, shelves } = this.engine.config;
    for (const end = this.#second + seconds; this.#second < end; this.#second++) {
      const startMs = this.#second * 1000;
      for (const [index, { name: sensor }] of sensors.entries()) {
        const atMs = startMs + 0.137 + index * 0.004;
        const event = { type: "reading", sensor, tempC: tempC(this.#second, index), atMs } as const;
        this.engine.apply(event);
        this.#tap.record(event);
      }
      for (const { name: shelf } of shelves) this.#tellSpeed(shelf, startMs + 500.021);
      const jitterMs = (this.#second * 7 % 13) / 16;
      const time = {
        atMs: startMs + 900 + jitterMs,
        wallMs: START_MS + startMs + 900,
        lateMs: jitterMs,
      };
      this.#tap.ticked(time, this.engine, this.engine.tick(time));
    }
  }

  #tellSpeed(shelf: string, atMs: number): void {
    const { percent } = this.engine.decision(shelf);
    const rpm = Math.round(18 * percent + this.#second % 5);
    const fan = { channel: 0, rpm, state: "spinning", appliedPercent: percent } as const;
    const event = { type: "fans" as const, shelf, board: "main", fans: [fan], atMs };
    this.engine.apply(event);
    this.#tap.record(event);
  }
}
