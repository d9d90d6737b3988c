/**
 * Runs cells of the matrix and tells what every fan did, and how fast.
 *
 * @module
 */

import assert from "node:assert/strict";
import { systemClock } from "../../src/clock.ts";
import { until } from "../support/until.ts";
import { type Cell, type Expected, nameOf } from "./cells.ts";
import { Rig, TIMES } from "./rig.ts";

/** What one fan did: `held` when it kept its duty. */
export interface FanStory {
  readonly did: "safe" | "held" | "dark";
  /** From the fault to the safe level, or until the server told that it is dark; null when held. */
  readonly afterMs: number | null;
}

/** What came of one cell. */
export interface CellResult {
  readonly cell: Cell;
  readonly fans: readonly [a: FanStory, b: FanStory];
  /** From the end of the fault until both fans had their duty again. */
  readonly backMs: number;
}

/** What came of a cell, or why nothing did. */
export type Told = CellResult | { readonly cell: Cell; readonly error: unknown };

/** What a machine with two busy processors may add to a limit. */
const ALLOWANCE_MS = 900;
/** So long a fan is watched that holds its duty: over twice the time of a duty. */
const WATCH_MS = 4500;
const BACK_MS = 25_000;

/**
 * Runs cells one after the other in one rig; one that fails costs the others nothing.
 *
 * @param tell is told of each as it ends.
 */
export async function runCells(
  cells: readonly Cell[],
  seed: number,
  tell: (told: Told) => void,
): Promise<void> {
  let rig: Rig | null = null;
  for (const cell of cells) {
    try {
      rig ??= await Rig.start(seed);
      tell(await runCell(rig, cell));
    } catch (cause) {
      const story = await rig?.story().catch(() => "nothing is known") ?? "";
      tell({ cell, error: new Error(`${cause}\n${story}`, { cause }) });
      await rig?.[Symbol.asyncDispose]();
      rig = null;
    }
  }
  await rig?.[Symbol.asyncDispose]();
}

async function runCell(rig: Rig, cell: Cell): Promise<CellResult> {
  await settle(rig, cell);
  const startMs = systemClock.monotonicMs();
  // Not awaited first: what takes its time to be done is watched while it is.
  const undoing = cell.inject(rig);
  const isDark = cell.expected.includes("dark");
  const fans = isDark ? await untilTold(rig, cell, startMs) : await watch(rig, cell, startMs);
  const undo = await undoing;
  const undoneMs = systemClock.monotonicMs();
  await undo();
  await until(() => rig.isAt("duty"), `${nameOf(cell)}: both fans at their duty again`, BACK_MS);
  return { cell, fans, backMs: systemClock.monotonicMs() - undoneMs };
}

/** Waits until nothing is left of an earlier fault, with whatever was pushed about it. */
async function settle(rig: Rig, cell: Cell): Promise<void> {
  let sinceMs: number | null = null;
  await until(
    async () => {
      const nowMs = systemClock.monotonicMs();
      if (!await rig.isSettled()) sinceMs = null;
      else sinceMs ??= nowMs;
      return sinceMs !== null && nowMs - sinceMs > 2 * TIMES.tickMs;
    },
    `${nameOf(cell)}: a chain without a fault before`,
    BACK_MS,
  );
}

async function untilTold(rig: Rig, cell: Cell, startMs: number): Promise<[FanStory, FanStory]> {
  const limitMs = cell.limitMs + ALLOWANCE_MS;
  await until(() => rig.knowsNoBoard(), `${nameOf(cell)}: told by the server`, limitMs);
  const story: FanStory = { did: "dark", afterMs: systemClock.monotonicMs() - startMs };
  return [story, story];
}

/** Looks at both fans until all is seen that must be. */
async function watch(rig: Rig, cell: Cell, startMs: number): Promise<[FanStory, FanStory]> {
  const safeMs: [number | null, number | null] = [null, null];
  const limitMs = cell.limitMs + ALLOWANCE_MS;
  let chipStartMs: number | null = null;
  const watchMs = cell.expected.every((expected) => expected === "safe") ? limitMs : WATCH_MS;
  await until(
    async () => {
      const { drives, chipMs } = await rig.look();
      const passedMs = systemClock.monotonicMs() - startMs;
      chipStartMs ??= chipMs - passedMs;
      // A chip that a busy machine has held up is not late by its own clock.
      const ownMs = cell.clock === "chip" ? Math.min(passedMs, chipMs - chipStartMs) : passedMs;
      for (const [fan, drive] of drives.entries()) {
        assert.notEqual(
          drive,
          "other",
          `${nameOf(cell)}: fan ${fan} is driven as nobody asked for`,
        );
        if (drive === "safe") safeMs[fan] ??= ownMs;
      }
      const isSeen = cell.expected.every((expected, fan) =>
        expected !== "safe" || safeMs[fan] !== null
      );
      const mustWait = cell.expected.some((expected) => expected !== "safe");
      return passedMs >= watchMs || isSeen && !mustWait;
    },
    `${nameOf(cell)}: the end of the watch`,
    watchMs + 5000,
  );
  return [storyOf(cell, 0, safeMs[0]), storyOf(cell, 1, safeMs[1])];
}

function storyOf(cell: Cell, fan: 0 | 1, safeMs: number | null): FanStory {
  const expected: Expected = cell.expected[fan];
  const limitMs = cell.limitMs + ALLOWANCE_MS;
  const where = `${nameOf(cell)}: fan ${fan}`;
  if (expected === "safe") {
    assert.ok(safeMs !== null && safeMs <= limitMs, `${where}: safe after ${safeMs} ms`);
  }
  if (expected === "holds") assert.equal(safeMs, null, `${where}: left its duty`);
  return safeMs === null ? { did: "held", afterMs: null } : { did: "safe", afterMs: safeMs };
}
