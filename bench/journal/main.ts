/**
 * Measures the journal: what it costs the tick and its own worker, how large a year gets, how
 * fast it is asked and replayed, and whether its file can delay a tick. Run with `deno task
 * bench`, or alone with --allow-read --allow-write.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { systemClock } from "../../src/clock.ts";
import { silentLog } from "../../src/log.ts";
import { replayRecorded } from "../../src/replay/replay.ts";
import { HistoryReader } from "../../src/server/journal/history.ts";
import { stepFor } from "../../src/server/journal/history_query.ts";
import { DEFAULT_JOURNAL } from "../../src/config/journal_config.ts";
import { Journal } from "../../src/server/journal/journal.ts";
import { Retention } from "../../src/server/journal/retention.ts";
import { Keeper } from "../../src/server/journal/keeper.ts";
import { type ChunkSink, Recorder } from "../../src/server/journal/recorder.ts";
import type { EventTap } from "../../src/server/shelves/event_tap.ts";
import { Passing, plan, START_MS, tempC } from "./plan.ts";

const DAY_S = 86_400;
const folder = await Deno.makeTempDir({ prefix: "fand_bench_" });
const encoder = new TextEncoder();

function row(what: string, measured: string, goal = ""): void {
  Deno.stdout.writeSync(encoder.encode(`${what.padEnd(50)} ${measured.padEnd(46)} ${goal}\n`));
}

const whole = (value: number): string => Math.round(value).toLocaleString("en");

function timeMs(work: () => void): number {
  const startMs = performance.now();
  work();
  return performance.now() - startMs;
}

/** Nobody listens. */
const SILENCE: EventTap = { began() {}, record() {}, ticked() {} };

/** Where chunks go that nobody wants. */
function nowhere(): ChunkSink & { bytes: number } {
  return {
    bytes: 0,
    hasRoom: true,
    wallMs: () => START_MS,
    begin() {},
    chunk(chunk) {
      this.bytes += chunk.length;
    },
  };
}

/** What the journal adds to the ticks: the same seconds with and without it. */
function inTheTick(shelves: number, sensors: number, seconds: number): void {
  const bare = new Passing(plan(shelves, sensors), SILENCE);
  const sink = nowhere();
  const kept = new Passing(plan(shelves, sensors), new Recorder(sink));
  for (const each of [bare, kept]) each.pass(seconds);
  const bareMs = timeMs(() => bare.pass(seconds));
  sink.bytes = 0;
  const keptMs = timeMs(() => kept.pass(seconds));
  row(
    `recording ${whole(shelves)} shelves, ${sensors} sensors each`,
    `${((keptMs - bareMs) / seconds).toFixed(2)} ms a second, ` +
      `${whole(sink.bytes / seconds)} bytes a second`,
  );
}

function keeperAt(path: string): { keeper: Keeper; sink: ChunkSink } {
  const keeper = new Keeper({ ...DEFAULT_JOURNAL, path }, { tell: console_, done() {} });
  const sink: ChunkSink = {
    hasRoom: true,
    wallMs: () => START_MS,
    begin: (engine, wallMs) =>
      keeper.take({ config: engine.config, state: engine.snapshot(), source: "bench", wallMs }),
    chunk(bytes) {
      keeper.take(bytes);
      keeper.work();
    },
  };
  return { keeper, sink };
}

function console_(level: string, text: string): void {
  row(level, text);
}

/** How much the worker can write, its own engine and roll-ups included. */
function writes(shelves: number, sensors: number, seconds: number): void {
  const { keeper, sink } = keeperAt(`${folder}/writes${shelves}.db`);
  using _keeper = keeper;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const collected: ChunkSink = { ...sink, chunk: (bytes) => chunks.push(bytes) };
  const passing = new Passing(plan(shelves, sensors), new Recorder(collected));
  passing.pass(seconds);
  const ms = timeMs(() => chunks.forEach((bytes) => sink.chunk(bytes)));
  row(
    `writing ${whole(shelves)} shelves, ${sensors} sensors each`,
    `${whole(passing.entriesPerSecond * seconds / ms * 1000)} entries a second, ` +
      `${whole(seconds * 1000 / ms)} times real time`,
  );
}

/**
 * A year of one shelf: 364 days of samples go through the roll-ups alone, for their raw entries
 * would be gone by now; the last day goes through all of it.
 */
function year(): Keeper {
  const path = `${folder}/year.db`;
  const { keeper, sink } = keeperAt(path);
  const passing = new Passing(plan(1, 1), new Recorder(sink));
  passing.pass(10);
  const { rollUps } = keeper;
  const days = 364;
  for (let second = -days * DAY_S; second < 0; second++) {
    const atMs = START_MS + second * 1000;
    const thousandths = tempC(second, 0) * 1000;
    rollUps.take("temp", "shelf1-1", thousandths, atMs);
    rollUps.take("duty", "shelf1", thousandths, atMs);
    rollUps.take("failsafe", "shelf1", 0, atMs);
    rollUps.take("rpm", "shelf1", thousandths * 20, atMs);
    if (second % 3600 === 0) writeHour(keeper, second % DAY_S === 0 ? atMs : null);
  }
  passing.pass(DAY_S + 600);
  const { size } = Deno.statSync(path);
  row("a year of one shelf", `${(size / 1e6).toFixed(1)} MB`, "goal: under 200 MB");
  return keeper;
}

/** What a chunk brings with it, and once a day what a checkpoint does. */
function writeHour({ file, rollUps }: Keeper, trimMs: number | null): void {
  file.database.transaction(() => {
    rollUps.write();
    if (trimMs !== null) new Retention(file.database, DEFAULT_JOURNAL).trim(trimMs);
  });
  rollUps.written();
}

function history({ file, rollUps }: Keeper): void {
  const { sql } = file.database;
  const ask = (days: number, points: number): void => {
    const toMs = START_MS + DAY_S * 1000;
    const stepMs = stepFor(days * DAY_S * 1000 / points);
    const times: number[] = [];
    let steps = 0;
    for (let round = 0; round < 5; round++) {
      steps = 0;
      times.push(timeMs(() => {
        let fromMs: number | null = toMs - days * DAY_S * 1000;
        while (fromMs !== null) {
          const query = { shelf: "shelf1", sensors: ["shelf1-1"], fromMs, toMs, stepMs, most: 90 };
          const page = new HistoryReader(sql, rollUps).page(query);
          steps += page.steps.length;
          fromMs = page.nextMs;
        }
      }));
    }
    const median = times.toSorted((a, b) => a - b)[2] ?? NaN;
    const goal = days === 365 ? "goal: under 300 ms" : "";
    row(
      days < 1 ? "history of an hour" : `history of ${days} days`,
      `${steps} steps in ${median.toFixed(0)} ms`,
      goal,
    );
  };
  ask(365, 240);
  ask(30, 240);
  ask(1, 240);
  ask(1 / 24, 240);
}

function replay({ file }: Keeper): void {
  const { sql } = file.database;
  const stretch = { fromMs: START_MS, toMs: START_MS + DAY_S * 1000 };
  const times: number[] = [];
  let told = "";
  for (let round = 0; round < 3; round++) {
    times.push(timeMs(() => {
      const run = replayRecorded(sql, stretch);
      told = `${whole(run.ticks)} ticks, ${run.decisions} decisions, ${run.states} states`;
    }));
  }
  const ms = times.toSorted((a, b) => a - b)[1] ?? NaN;
  row(
    "replay of a day",
    `${ms.toFixed(0)} ms, ${whole(DAY_S * 1000 / ms)} times real time`,
    "goal: under 1,000 ms",
  );
  row("  in it", told);
}

/** Ticks of 100 shelves with 10 sensors each, ten a second, while the journal has its troubles. */
async function lateness(): Promise<void> {
  const path = `${folder}/late.db`;
  await using journal = Journal.start({ ...DEFAULT_JOURNAL, path }, {
    log: silentLog,
    wallMs: systemClock.wallMs,
    source: () => "bench",
  });
  if (journal === null) return row("ticks", "the worker may not be loaded");
  const measured = async (
    what: string,
    trouble: () => void | Promise<void>,
    tap: EventTap = journal.tap,
  ): Promise<void> => {
    const passing = new Passing(plan(100, 10), tap);
    passing.pass(100);
    const late: number[] = [];
    const startMs = performance.now();
    const pending = trouble();
    for (let tick = 1; tick <= 50; tick++) {
      const dueMs = startMs + tick * 100;
      await new Promise<void>((next) =>
        systemClock.after(Math.max(0, dueMs - performance.now()), next)
      );
      late.push(performance.now() - dueMs);
      passing.pass(1);
    }
    await pending;
    late.sort((a, b) => a - b);
    const at = (share: number) => (late[Math.floor(share * (late.length - 1))] ?? NaN).toFixed(1);
    row(`tick lateness ${what}`, `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`);
  };
  await measured("without a journal", () => {}, SILENCE);
  await measured("with a journal", () => {});
  await measured("while its file is locked", async () => {
    using other = new DatabaseSync(path, { timeout: 5000 });
    other.exec("BEGIN IMMEDIATE");
    await new Promise<void>((next) => systemClock.after(4000, next));
    other.exec("ROLLBACK");
  });
  await measured("while long histories are asked", async () => {
    const toMs = START_MS + 3_600_000;
    const shelf = { shelf: "shelf1", sensors: ["shelf1-1"], stepMs: 1000, most: 4000 };
    for (let round = 0; round < 20; round++) {
      const query = { ...shelf, fromMs: START_MS, toMs };
      await journal.ask({ about: "history", query });
    }
  });
  row("  chunks kept and lost", `${journal.counters.kept} and ${journal.counters.lost}`);
}

try {
  inTheTick(1, 1, 5000);
  inTheTick(100, 10, 100);
  inTheTick(10_000, 10, 3);
  writes(1, 1, 20_000);
  writes(100, 10, 200);
  writes(10_000, 10, 20);
  using keeper = year();
  history(keeper);
  replay(keeper);
  await lateness();
} finally {
  await Deno.remove(folder, { recursive: true });
}
