/**
 * A selection of the fault matrix: each part, each fault. `deno task faults` runs all of it and
 * writes the table of docs/safety.md.
 */

import assert from "node:assert/strict";
import { REPOSITORY } from "../support/paths.ts";
import { testOnSimavr } from "../support/simavr_board.ts";
import { CELLS, COMPONENTS, FAULTS, nameOf } from "./cells.ts";
import { runCells, type Told } from "./run_cell.ts";
import { rowHead, rowHeadsIn } from "./table.ts";

/** Side by side, each in a chain of its own. */
const LANES: readonly (readonly string[])[] = [
  ["sensor partitioned", "server stopped", "network partitioned", "agent killed"],
  ["server restarted", "network stopped", "server corrupt", "serial corrupt", "board restarted"],
];

testOnSimavr("faults: what every fan does, and how fast", async (context) => {
  const told: Told[] = [];
  await Promise.all(LANES.map(async (names, lane) => {
    const cells = CELLS.filter((cell) => names.includes(nameOf(cell)));
    assert.equal(cells.length, names.length);
    await runCells(cells, lane + 1, (result) => told.push(result));
  }));
  for (const result of told) {
    await context.step(nameOf(result.cell), () => {
      if ("error" in result) throw result.error;
    });
  }
});

Deno.test("faults: the matrix has every fault of every part once", () => {
  const wanted = COMPONENTS.flatMap((part) => FAULTS.map((fault) => `${part} ${fault}`));
  assert.deepEqual(CELLS.map(nameOf), wanted);
});

Deno.test("faults: the table of docs/safety.md has the rows of the matrix", async () => {
  const page = await Deno.readTextFile(`${REPOSITORY}docs/safety.md`);
  assert.deepEqual(rowHeadsIn(page), CELLS.map(rowHead));
});
