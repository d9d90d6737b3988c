/**
 * A recorded run as it would have gone otherwise: under another configuration, and with the
 * temperatures that its duties would have made.
 *
 * @module
 */
import { Engine } from "../engine/engine.ts";
import type { EngineConfig } from "../engine/engine_config.ts";
import type { EngineEvent } from "../engine/event.ts";
import { WouldBe } from "../model/thermal_model.ts";
import { DutyStats } from "./duty_stats.ts";
import { type JournalEntry, outcomeOf } from "./entry.ts";
import type { RunLearner, SensorModel } from "./run_learner.ts";

/** A sensor over a run. */
export interface TempNumbers {
  meanC: number;
  maxC: number;
}

/** Collects what the shelves and the sensors of an engine do. */
export class RunStats {
  readonly #learner: RunLearner;
  readonly #shelves = new Map<string, DutyStats>();
  readonly #temps = new Map<string, { sum: number; count: number; maxC: number }>();

  constructor(learner: RunLearner) {
    this.#learner = learner;
  }

  /** Numbers by shelf. */
  get shelves(): ReadonlyMap<string, DutyStats> {
    return this.#shelves;
  }

  /** Numbers by sensor. */
  temps(): Map<string, TempNumbers> {
    return new Map(
      [...this.#temps].map(([name, { sum, count, maxC }]) => [name, { meanC: sum / count, maxC }]),
    );
  }

  /** What follows is of another run. */
  interrupt(): void {
    for (const stats of this.#shelves.values()) stats.interrupt();
  }

  /** `engine` has ticked. */
  ticked(atMs: number, engine: Engine): void {
    for (const { name } of engine.config.shelves) {
      let stats = this.#shelves.get(name);
      if (stats === undefined) {
        const speed = this.#learner.speed(name);
        this.#shelves.set(name, stats = new DutyStats((percent) => speed.shareOf(percent)));
      }
      stats.at(atMs, outcomeOf(engine.decision(name)));
    }
  }

  /** A sensor reads this. */
  read(sensor: string, tempC: number): void {
    if (!Number.isFinite(tempC)) return;
    const known = this.#temps.get(sensor) ?? { sum: 0, count: 0, maxC: -Infinity };
    known.sum += tempC;
    known.count++;
    known.maxC = Math.max(known.maxC, tempC);
    this.#temps.set(sensor, known);
  }
}

/** Another engine on the same readings, or on those that its own duties would have made. */
export class OtherRun {
  readonly stats: RunStats;
  readonly #config: EngineConfig;
  readonly #models: readonly SensorModel[];
  readonly #wouldBe = new Map<string, { shelf: string; wouldBe: WouldBe }>();
  #engine: Engine | null = null;

  /** @param models none: temperatures stay as they were recorded. */
  constructor(config: EngineConfig, learner: RunLearner, models: readonly SensorModel[]) {
    this.#config = config;
    this.stats = new RunStats(learner);
    this.#models = models;
  }

  /** Goes on from where the recorded engine stands. */
  began(recorded: Engine, atMs: number): void {
    const state = recorded.snapshot();
    this.#engine = new Engine(this.#config, state.bornMs, state);
    this.stats.interrupt();
    this.#wouldBe.clear();
    for (const { sensor, shelf, fit } of this.#models) {
      this.#wouldBe.set(sensor, { shelf, wouldBe: new WouldBe(fit.model, { atMs }) });
    }
  }

  /** What has happened to the recorded engine happens to this one, too. */
  happened(entry: JournalEntry, recorded: Engine, isCounted: boolean): void {
    const engine = this.#engine;
    if (engine === null || entry.type === "decision") return;
    if (entry.type === "event") {
      const event = this.#asItWouldBe(entry.event, recorded);
      engine.apply(event);
      if (isCounted && event.type === "reading") this.stats.read(event.sensor, event.tempC);
      return;
    }
    engine.tick(entry.time);
    if (isCounted) this.stats.ticked(entry.time.atMs, engine);
  }

  #asItWouldBe(event: EngineEvent, recorded: Engine): EngineEvent {
    if (event.type !== "reading") return event;
    const { sensor, atMs } = event;
    const model = this.#wouldBe.get(sensor);
    const percentOf = (engine: Engine | null, shelf: string) =>
      engine?.config.shelves.some(({ name }) => name === shelf)
        ? engine.decision(shelf).percent
        : null;
    const was = model ? percentOf(recorded, model.shelf) : null;
    const would = model ? percentOf(this.#engine, model.shelf) : null;
    const tempC = model && was !== null && would !== null
      ? model.wouldBe.step({ atMs, tempC: event.tempC, percent: was }, would)
      : event.tempC;
    return { ...event, tempC };
  }
}
