/**
 * `deno task faults [PART [FAULT]]`: runs the fault matrix, or some of it, in real processes and
 * prints it; all of it is also written into docs/safety.md.
 *
 * @module
 */

import { REPOSITORY } from "../support/paths.ts";
import { CELLS, nameOf } from "./cells.ts";
import { type CellResult, runCells, type Told } from "./run_cell.ts";
import { tableOf, withTable } from "./table.ts";

const encoder = new TextEncoder();

function say(text: string): void {
  Deno.stdout.writeSync(encoder.encode(`${text}\n`));
}

function sayTold(told: Told): void {
  if ("error" in told) return say(`FAILED ${nameOf(told.cell)}: ${told.error}`);
  const did = told.fans.map(({ did, afterMs }) =>
    afterMs === null ? did : `${did} after ${Math.ceil(afterMs)} ms`
  );
  say(`ok ${nameOf(told.cell)}: ${did.join(", ")}; back after ${Math.ceil(told.backMs)} ms`);
}

const [part, fault] = Deno.args;
const wanted = CELLS.filter((cell) =>
  (part === undefined || cell.component === part) && (fault === undefined || cell.fault === fault)
);
const results: CellResult[] = [];
await runCells(wanted, 1, (told) => {
  sayTold(told);
  if (!("error" in told)) results.push(told);
});
const table = tableOf(results);
say(`\n${table}`);
if (results.length === CELLS.length) {
  const path = `${REPOSITORY}docs/safety.md`;
  await Deno.writeTextFile(path, withTable(await Deno.readTextFile(path), table));
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "-q", path] }).output();
}
Deno.exit(results.length === wanted.length ? 0 : 1);
