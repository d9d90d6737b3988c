/**
 * A journal run once more: as it was, and as it would have been.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import type { EngineConfig } from "../control/engine/engine_config.ts";
import type { DutyNumbers } from "../control/replay/duty_stats.ts";
import { OtherRun, RunStats, type TempNumbers } from "../control/replay/other_run.ts";
import { RunLearner, type SensorModel } from "../control/replay/run_learner.ts";
import type { StoreError } from "../errors.ts";
import { type ReplayedRun, replayRecorded, type Stretch } from "./replay.ts";

/** One way that a run went, or would have gone. */
export interface Course {
  /** By shelf. */
  readonly shelves: ReadonlyMap<string, DutyNumbers>;
  /** By sensor. */
  readonly temps: ReadonlyMap<string, TempNumbers>;
}

/** A run and what would have become of it. */
export interface Comparison {
  readonly run: ReplayedRun;
  /** The first thing that did not come out as it was recorded; only with another configuration. */
  readonly difference: StoreError | null;
  readonly recorded: Course;
  /** Under the other configuration, with the temperatures that were recorded; null without one. */
  readonly other: Course | null;
  /** With the temperatures that its duties would have made; null when no model explains them. */
  readonly predicted: Course | null;
  /** What `predicted` rests on. */
  readonly models: readonly SensorModel[];
  /** Shelves whose fans told how fast they turn; the speed of others is taken for their duty. */
  readonly measuredShelves: readonly string[];
}

/**
 * Replays a stretch of a journal, and compares.
 *
 * @param config another configuration, or null to see only whether everything comes out the same.
 * @throws {StoreError} Without another one, when something does not come out as it was recorded.
 */
export function compareRuns(
  sql: DatabaseSync,
  stretch: Stretch,
  config: EngineConfig | null,
): Comparison {
  const learner = new RunLearner();
  let difference: StoreError | null = null;
  const differs = (error: StoreError): void => {
    if (config === null) throw error;
    difference = error;
  };
  const run = replayRecorded(sql, stretch, {
    began: (engine) => learner.began(engine),
    happened: (entry, engine) => learner.happened(entry, engine),
    differs,
  });
  const models = config === null ? [] : learner.models();
  const recorded = new RunStats(learner);
  const others = config === null ? [] : [new OtherRun(config, learner, [])];
  if (config !== null && models.length > 0) others.push(new OtherRun(config, learner, models));
  replayRecorded(sql, stretch, {
    differs,
    began(engine) {
      recorded.interrupt();
      const { lastTick, bornMs } = engine.snapshot();
      for (const other of others) other.began(engine, lastTick?.atMs ?? bornMs);
    },
    happened(entry, engine, isWithin) {
      for (const other of others) other.happened(entry, engine, isWithin);
      if (!isWithin) return;
      if (entry.type === "tick") recorded.ticked(entry.time.atMs, engine);
      else if (entry.type === "event" && entry.event.type === "reading") {
        recorded.read(entry.event.sensor, entry.event.tempC);
      }
    },
  });
  const [other, predicted] = others;
  return {
    run,
    difference,
    recorded: courseOf(recorded),
    other: other ? courseOf(other.stats) : null,
    predicted: predicted ? courseOf(predicted.stats) : null,
    models,
    measuredShelves: [...recorded.shelves.keys()].filter((name) => learner.speed(name).isKnown),
  };
}

function courseOf(stats: RunStats): Course {
  const shelves = [...stats.shelves].map(([name, each]) => [name, each.numbers()] as const);
  return { shelves: new Map(shelves), temps: stats.temps() };
}
