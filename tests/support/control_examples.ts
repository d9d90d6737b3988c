/**
 * The examples of docs/control.md: a piece of configuration, and what the engine makes of it.
 *
 * @module
 */

import { Engine } from "../../src/control/engine/engine.ts";
import { engineConfig } from "../../src/config/engine_config.ts";
import { parseToml } from "../../src/config/toml/toml.ts";

/** One line of an example's table. */
export interface ExampleRow {
  readonly second: number;
  /** By sensor: degrees, or `asleep`. */
  readonly readings: ReadonlyMap<string, string>;
  /** As it is shown. */
  readonly duty: string;
}

/** A configuration and its table. */
export interface Example {
  readonly toml: string;
  readonly rows: readonly ExampleRow[];
}

/** The examples of a page, in order: each `toml` block that a table follows. */
export function examplesOf(page: string): Example[] {
  const pairs = page.matchAll(/^```toml\n([^]*?)^```\n\n```text\n(second [^]*?)^```$/gm);
  return [...pairs].map(([, toml = "", text = ""]) => ({ toml, rows: rowsOf(text) }));
}

function rowsOf(text: string): ExampleRow[] {
  const [head, ...lines] = text.trimEnd().split("\n").map((line) => line.trim().split(/\s+/));
  const names = head?.slice(1, -1) ?? [];
  return lines.map(([second, ...cells]) => ({
    second: Number(second),
    readings: new Map(names.map((name, at) => [name, cells[at] ?? ""])),
    duty: cells.slice(names.length).join(" "),
  }));
}

/** Runs an example second by second; the duty at each of its rows, as it would be shown. */
export function runExample({ toml, rows }: Example): string[] {
  const names = [...rows[0]?.readings.keys() ?? []];
  const sensors = names.map((name) => `[[sensor]]\nname = "${name}"\ntype = "cpu"\n`).join("");
  const config = parseToml(sensors + toml, "docs/control.md");
  const shelf = config.shelves[0]?.name ?? "";
  const engine = new Engine(engineConfig(config), 0);
  const duties: string[] = [];
  let row: ExampleRow | undefined;
  for (let second = 0; second <= (rows.at(-1)?.second ?? 0); second++) {
    const atMs = second * 1000;
    const next = rows.find((each) => each.second === second);
    row = next ?? row;
    for (const [sensor, shown] of row?.readings ?? []) {
      if (shown === "asleep") engine.apply({ type: "asleep", sensor, atMs });
      else engine.apply({ type: "reading", sensor, tempC: Number(shown), atMs });
    }
    engine.tick({ atMs, wallMs: Date.UTC(2030, 0, 1) + atMs, lateMs: 0 });
    const { percent } = engine.decision(shelf);
    if (next) duties.push(`${Math.round(percent * 10) / 10} %`);
  }
  return duties;
}
