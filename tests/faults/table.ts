/**
 * The matrix as the table of docs/safety.md.
 *
 * @module
 */

import { type Cell, nameOf } from "./cells.ts";
import type { CellResult, FanStory } from "./run_cell.ts";

/** Where the table is in the page. */
const BEGIN = "<!-- faults: begin -->";
const END = "<!-- faults: end -->";

/** What of a row does not change from run to run. */
export function rowHead(cell: Cell): string {
  return `| ${nameOf(cell)} | ${cell.done} |`;
}

/** The table, before it is formatted. */
export function tableOf(results: readonly CellResult[]): string {
  const rows = results.map(({ cell, fans: [a, b], backMs }) => {
    const isHeld = a.did === "held" && b.did === "held";
    const back = isHeld ? "" : `within ${seconds(backMs)}`;
    const limit = isHeld ? "" : cell.limit;
    return `${rowHead(cell)} ${storyText(a)} | ${storyText(b)} | ${limit} | ${back} |`;
  });
  return [
    "| fault | what was done | fan of `a` | fan of `b` | limit | duty again |",
    "| ----- | ------------- | ---------- | ---------- | ----- | ---------- |",
    ...rows,
  ].join("\n");
}

/** The page with another table. */
export function withTable(page: string, table: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`No ${BEGIN} in the page`);
  return `${before}${BEGIN}\n\n${table}\n\n${END}${after}`;
}

/** The first cells of the rows that a page has, as {@link rowHead} writes them. */
export function rowHeadsIn(page: string): string[] {
  const table = page.split(BEGIN)[1]?.split(END)[0] ?? "";
  const rows = table.split("\n").filter((line) => line.startsWith("|")).slice(2);
  return rows.map((row) => {
    const [, name = "", done = ""] = row.split("|");
    return `| ${name.trim()} | ${done.trim()} |`;
  });
}

function storyText({ did, afterMs }: FanStory): string {
  if (did === "held" || afterMs === null) return "keeps its duty";
  return did === "dark" ? `told within ${seconds(afterMs)}` : `safe within ${seconds(afterMs)}`;
}

/** A bound, not a figure: the next tenth of a second. */
function seconds(ms: number): string {
  return `${(Math.ceil(ms / 100) / 10).toFixed(1)} s`;
}
