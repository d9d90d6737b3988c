/**
 * Runs what a journal holds once more.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import type { Engine } from "../control/engine/engine.ts";
import { ChunkReader } from "../control/replay/chunk_reader.ts";
import type { JournalEntry } from "../control/replay/entry.ts";
import { engineFrom, Follower } from "../control/replay/follow.ts";
import { StoreError } from "../errors.ts";
import { VERSION } from "../version.ts";
import { type Segment, Segments } from "./segments.ts";

/** Which part of a journal, in ms since the Unix epoch. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What has been run. */
export interface ReplayedRun {
  /** Dates of the first and the last tick; null without any. */
  fromMs: number | null;
  toMs: number | null;
  ticks: number;
  events: number;
  /** Decisions that were compared with what was recorded. */
  decisions: number;
  /** States of the engine that were compared with what was recorded. */
  states: number;
  /** Stretches between which something is missing, or the server was started anew. */
  runs: number;
}

/** Who listens to a replay. */
export interface ReplayListener {
  /** Another engine goes on; nothing is known of the time since the one before. */
  began(recorded: Engine): void;
  /**
   * An entry has happened to the engine that was recorded.
   *
   * @param isWithin it belongs to the stretch; what does not leads up to that.
   */
  happened(entry: JournalEntry, recorded: Engine, isWithin: boolean): void;
  /** Something does not come out as it was recorded; throws unless it may. Told once. */
  differs(error: StoreError): void;
}

/** A listener that wants nothing. */
const NOBODY: ReplayListener = {
  began() {},
  happened() {},
  differs(error) {
    throw error;
  },
};

/**
 * Runs a journal through the engine that was recorded, and compares every decision and every
 * state with what was written down.
 *
 * @throws {StoreError} At the first difference, unless the listener takes it: the journal is of
 * another version of the engine, or damaged.
 */
export function replayRecorded(
  sql: DatabaseSync,
  stretch: Stretch,
  listener: ReplayListener = NOBODY,
): ReplayedRun {
  const run: ReplayedRun = {
    fromMs: null,
    toMs: null,
    ticks: 0,
    events: 0,
    decisions: 0,
    states: 0,
    runs: 0,
  };
  const segments = new Segments(sql);
  let hasDiffered = false;
  const differ = (error: StoreError): void => {
    if (!hasDiffered) listener.differs(error);
    hasDiffered = true;
  };
  let follower: Follower | null = null;
  for (const segment of segmentsWithin(segments, stretch)) {
    const { config, names, version } = segments.config(segment);
    if (follower !== null && segment.follows) {
      const difference = stateDifference(segments, segment, follower, version);
      if (difference !== null) differ(difference);
      run.states++;
    } else {
      follower = new Follower(engineFrom(config, segments.state(segment)), segment.wallMs);
      run.runs++;
      listener.began(follower.engine);
    }
    for (const { bytes } of segments.chunks(segment)) {
      const reader = new ChunkReader(bytes, names);
      for (let entry = reader.next(); entry !== null; entry = reader.next()) {
        if (entry.type === "tick" && entry.time.wallMs >= stretch.toMs) return run;
        follower.follow(entry);
        if (follower.difference !== null) differ(decisionDifference(follower, version));
        const isWithin = follower.wallMs >= stretch.fromMs;
        if (isWithin) countIn(run, entry);
        listener.happened(entry, follower.engine, isWithin);
      }
    }
  }
  return run;
}

/** From the last state before the stretch on. */
function segmentsWithin(segments: Segments, { fromMs, toMs }: Stretch): Segment[] {
  const all = segments.list();
  const first = all.findLastIndex(({ wallMs }) => wallMs <= fromMs);
  return all.slice(Math.max(0, first)).filter(({ wallMs }) => wallMs < toMs);
}

function countIn(run: ReplayedRun, entry: JournalEntry): void {
  if (entry.type === "event") run.events++;
  else if (entry.type === "decision") run.decisions++;
  else {
    run.ticks++;
    run.fromMs ??= entry.time.wallMs;
    run.toMs = entry.time.wallMs;
  }
}

function stateDifference(
  segments: Segments,
  segment: Segment,
  { engine, wallMs }: Follower,
  version: string,
): StoreError | null {
  const recorded = JSON.stringify(segments.state(segment));
  const replayed = JSON.stringify(engine.snapshot());
  if (recorded === replayed) return null;
  let at = 0;
  while (recorded[at] === replayed[at]) at++;
  const part = (text: string) => text.slice(Math.max(0, at - 60), at + 40);
  return new StoreError(
    `Cannot replay the journal: the engine's state of ${dateText(wallMs)} is not what was ` +
      `recorded: …${part(replayed)}… in the place of …${part(recorded)}…; ${advice(version)}`,
  );
}

function decisionDifference({ difference }: Follower, version: string): StoreError {
  const { shelf, wallMs, recorded, replayed } = difference ?? {};
  const told = (outcome: typeof recorded) =>
    `${outcome?.percent} % by ${outcome?.kind} "${outcome?.name}"` +
    (outcome?.pending ? ", pending" : "");
  return new StoreError(
    `Cannot replay the journal: shelf "${shelf}" comes to ${told(replayed)} at ` +
      `${dateText(wallMs ?? 0)}, and ${told(recorded)} was recorded; ${advice(version)}`,
  );
}

function advice(version: string): string {
  return `fand ${version} wrote the journal and this is ${VERSION}, use the one that wrote it`;
}

function dateText(wallMs: number): string {
  return new Date(wallMs).toISOString();
}
