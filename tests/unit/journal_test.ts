import { deepEqual, equal, ok } from "node:assert/strict";
import { Engine } from "../../src/control/engine/engine.ts";
import { stepFor } from "../../src/server/journal/history_query.ts";
import { HistoryReader } from "../../src/server/journal/history.ts";
import { DEFAULT_JOURNAL, type JournalConfig } from "../../src/config/journal_config.ts";
import { Keeper } from "../../src/server/journal/keeper.ts";
import { Recorder } from "../../src/server/journal/recorder.ts";
import { runConfig } from "../support/engine_runs.ts";
import { tempDir } from "../support/temp_dir.ts";

const START_MS = Date.UTC(2030, 0, 1);
const HOUR_MS = 3_600_000;

/** A journal, and an engine whose seconds go into it. */
class Kept implements Disposable {
  readonly told: string[] = [];
  lost = 0;
  readonly keeper: Keeper;
  readonly engine = new Engine(runConfig(20), 0);
  readonly #recorder: Recorder;
  #nowMs = 0;
  #setMs = 0;

  constructor(config: Partial<JournalConfig> = {}) {
    this.keeper = new Keeper({ ...DEFAULT_JOURNAL, ...config }, {
      tell: (_level, text) => this.told.push(text),
      done: (isKept) => this.lost += isKept ? 0 : 1,
    });
    this.#recorder = new Recorder({
      hasRoom: true,
      wallMs: () => START_MS,
      begin: (engine, wallMs) => {
        const state = engine.snapshot();
        this.keeper.take({ config: engine.config, state, source: "a test", wallMs });
        this.keeper.work();
      },
      chunk: (bytes) => {
        this.keeper.take(bytes);
        this.keeper.work();
      },
    });
    this.#recorder.began(this.engine);
  }

  get wallMs(): number {
    return START_MS + this.#nowMs + this.#setMs;
  }

  /** Somebody sets the wall clock on or back. */
  setWallClock(ms: number): void {
    this.#setMs += ms;
  }

  /** Seconds pass, at each of which both sensors read `tempC`; `everyS` apart. */
  pass(seconds: number, tempC: number | ((second: number) => number), everyS = 1): void {
    for (let second = 0; second < seconds; second += everyS) {
      this.#nowMs += everyS * 1000;
      const value = typeof tempC === "number" ? tempC : tempC(second);
      for (const sensor of ["cpu", "disk"]) {
        const event = { type: "reading" as const, sensor, tempC: value, atMs: this.#nowMs };
        this.engine.apply(event);
        this.#recorder.record(event);
      }
      const time = { atMs: this.#nowMs, wallMs: this.wallMs, lateMs: 0 };
      this.#recorder.ticked(time, this.engine, this.engine.tick(time));
    }
  }

  /** What is known of the shelf `case`, in steps of this length. */
  history(backMs: number, stepMs: number) {
    this.#recorder.flush();
    const { sql } = this.keeper.file.database;
    return new HistoryReader(sql, this.keeper.rollUps).page({
      shelf: "case",
      sensors: ["cpu"],
      fromMs: this.wallMs - backMs,
      toMs: this.wallMs,
      stepMs,
      most: 100_000,
    }).steps;
  }

  count(table: string): number {
    const { sql } = this.keeper.file.database;
    return Number(sql.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.["count"]);
  }

  [Symbol.dispose](): void {
    this.keeper[Symbol.dispose]();
  }
}

Deno.test("a history has the lowest, the mean and the highest of each step, from raw entries", () => {
  using kept = new Kept();
  kept.pass(60, (second) => second % 2 === 0 ? 40 : 50);
  const steps = kept.history(20_000, 10_000);
  deepEqual(steps.map(({ temps }) => temps["cpu"]), [[40, 45, 50], [40, 45, 50]]);
  deepEqual(steps.map(({ atMs }) => atMs - START_MS), [40_000, 50_000]);
  deepEqual(steps[0]?.duty?.[2], 60);
});

Deno.test("a history goes on from hours to minutes to what is not written yet", () => {
  using kept = new Kept();
  kept.pass(3 * 3600, 40, 10);
  kept.pass(130, 50, 10);
  const steps = kept.history(4 * HOUR_MS, HOUR_MS);
  deepEqual(steps.map(({ temps }) => temps["cpu"]), [
    [40, 40, 40],
    [40, 40, 40],
    [40, 40, 40],
    [40, 49.286, 50],
  ]);
  equal(kept.count("hours") > 0, true);
});

Deno.test("raw entries, minutes and hours are kept for their time", () => {
  using kept = new Kept({ rawMs: HOUR_MS, minutesMs: 6 * HOUR_MS, hoursMs: 24 * HOUR_MS });
  kept.pass(30 * 3600, 45, 30);
  const { sql } = kept.keeper.file.database;
  const oldest = (column: string, table: string, unitMs: number) =>
    (kept.wallMs -
      Number(sql.prepare(`SELECT min(${column}) AS at FROM ${table}`).get()?.["at"]) * unitMs) /
    HOUR_MS;
  const within = (hours: number, least: number) =>
    ok(hours >= least && hours < least + 0.5, `${hours}`);
  within(oldest("wall_ms", "segments", 1), 1);
  within(oldest("at", "minutes", 60_000), 6);
  ok(oldest("at", "hours", HOUR_MS) <= 25.5);
  equal(kept.history(30 * HOUR_MS, HOUR_MS).length, 24);
  deepEqual(kept.told, []);
});

Deno.test("a journal stays within its size: the oldest readings go first", async () => {
  await using folder = await tempDir();
  const path = folder.join("journal.db");
  const maxBytes = 4_194_304;
  using kept = new Kept({ path, maxBytes });
  let seed = 1;
  // Numbers that no rounding shortens.
  const noise = () => 40 + 20 * ((seed = seed * 16_807 % 2_147_483_647) / 2_147_483_647);
  kept.pass(60_000, noise);
  const { size } = await Deno.stat(path);
  const log = (await Deno.stat(`${path}-wal`)).size;
  ok(size + log <= maxBytes, `${size} + ${log}`);
  deepEqual({ told: kept.told, lost: kept.lost }, { told: [], lost: 0 });
  equal(kept.history(600_000, 1000).length, 600);
  ok(kept.history(60_000_000, HOUR_MS).length >= 16);
});

Deno.test("an hour that a wall clock had twice is known by its dates, and so is what follows", () => {
  using kept = new Kept();
  kept.pass(1800, 40);
  kept.setWallClock(-HOUR_MS);
  kept.pass(1800, 50);
  const backMs = kept.wallMs - START_MS;
  equal(backMs, 0);
  deepEqual(kept.history(HOUR_MS, 1000).at(-2)?.temps, { cpu: [50, 50, 50] });
  kept.pass(600, 60);
  deepEqual(kept.history(500_000, 100_000).map(({ temps }) => temps["cpu"]), [
    [40, 50, 60],
    [40, 50, 60],
    [40, 50, 60],
    [40, 50, 60],
    [40, 50, 60],
  ]);
});

Deno.test("steps are whole seconds, minutes or hours, and never too short", () => {
  deepEqual([0, 1, 1000, 1001, 59_999, 60_000, 60_001, HOUR_MS, HOUR_MS + 1].map(stepFor), [
    1000,
    1000,
    1000,
    2000,
    60_000,
    60_000,
    120_000,
    HOUR_MS,
    2 * HOUR_MS,
  ]);
});
