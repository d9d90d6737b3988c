import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { ConfigError } from "../../../src/errors.ts";
import { DEFAULT_LIMITS, DEFAULT_SERVER } from "../../../src/config/config.ts";
import { defaultSensor } from "../../../src/config/sensor_defaults.ts";
import { parseFandIni } from "../../../src/config/ini/ini.ts";
import { parseToml } from "../../../src/config/toml/toml.ts";
import * as schema from "../../../src/config/toml/schema.ts";
import { REPOSITORY } from "../../support/paths.ts";

const DOC = await Deno.readTextFile(`${REPOSITORY}docs/config.md`);

/** What a fragment of the page leaves out. */
const BASE = `
[[sensor]]
name = "base"
type = "cpu"
[[shelf]]
name = "shelf1"
[[shelf.cause]]
name = "base"
sensors = ["base"]
curve = [[40, 25]]
`;

function blocks(language: string): string[] {
  return [...DOC.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"))]
    .map((match) => match[1] ?? "");
}

/** The rows of all tables between a heading and the next one, by the key in the first column. */
function rows(heading: string): Map<string, string[][]> {
  const section = DOC.split(/^#{2,} /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  const found = [...section.matchAll(/^\| `([^`]+)` .*$/gm)].map(([line, key = ""]) => ({
    key,
    cells: line.split("|").slice(1, -1).map((cell) => cell.trim()),
  }));
  return new Map(
    Map.groupBy(found, ({ key }) => key).entries().map((
      [key, all],
    ) => [key, all.map(({ cells }) => cells)]),
  );
}

interface Entry {
  readonly message?: unknown;
  readonly default?: unknown;
  readonly wrapped?: Entry;
  readonly type: string;
}

/** The keys of a table's schema. */
function entriesOf(table: unknown): Record<string, Entry> {
  return (table as { pipe: [unknown, { entries: Record<string, Entry> }] }).pipe[1].entries;
}

const TABLES: readonly [heading: string, table: unknown, type?: string][] = [
  ["At the top", schema.FILE],
  ["`[tools]`", schema.TOOLS],
  ["`[tls]`", schema.TLS],
  ["`[limits]`", schema.LIMITS],
  ["`[journal]`", schema.JOURNAL],
  ...Object.entries(schema.SENSOR).map((
    [type, table],
  ): [string, unknown, string] => ["`[[sensor]]`", table, `\`${type}\``]),
  ["`failsafe`", schema.FAILSAFE],
  ...Object.values(schema.DERIVED).map((table): [string, unknown] => ["`[[derived]]`", table]),
  ["`[[shelf]]`", schema.SHELF],
  ...Object.values(schema.CAUSE).map((table): [string, unknown] => ["`[[shelf.cause]]`", table]),
  ["`[shelf.output]`", schema.OUTPUT],
  ["`[shelf.fans]`", schema.FANS],
  ["`[shelf.physics]`", schema.PHYSICS],
  ["`[[board]]`", schema.BOARD],
  ["`[[alert]]`", schema.ALERT],
  ...Object.values(schema.DELIVERY).map((table): [string, unknown] => ["`[[delivery]]`", table]),
  ["`[[profile]]`", schema.PROFILE],
  ["`[rig]`", schema.RIG],
  ["`[[client]]`", schema.CLIENT],
  ["`[plant.NAME]`", schema.PLANT],
  ["`[[plant.NAME.source]]`", schema.PLANT_SOURCE],
];

Deno.test("docs/config.md has every key with the range and default that is in force", () => {
  for (const [heading, table, type] of TABLES) {
    const documented = rows(heading);
    for (const [key, entry] of Object.entries(entriesOf(table))) {
      const all = documented.get(key);
      // A key that several types of sensors have has a row for each.
      const row = all?.find((cells) => cells[1] === type) ?? all?.at(-1);
      ok(row, `${heading} ${key}: no row`);
      const allowed = String((entry.wrapped ?? entry).message);
      const range = /^a (?:whole )?number from (.*)$/.exec(allowed)?.[1];
      if (range) ok(row.some((cell) => cell.includes(range)), `${heading} ${key}: ${range}`);
      for (const word of allowed.match(/^"\w+"(, "\w+")*$/) ? allowed.split(", ") : []) {
        ok(row.some((cell) => cell.includes(`\`${word}\``)), `${heading} ${key}: ${word}`);
      }
      const preset = entry.default;
      if (["string", "number", "boolean"].includes(typeof preset)) {
        ok(row.includes(`\`${JSON.stringify(preset)}\``), `${heading} ${key}: default ${preset}`);
      }
    }
  }
});

Deno.test("docs/config.md has no key that does not exist", () => {
  for (const heading of new Set(TABLES.map(([name]) => name))) {
    const real = new Set(
      TABLES.filter(([name]) => name === heading).flatMap(([, table]) =>
        Object.keys(entriesOf(table))
      ),
    );
    const others = heading === "`[[sensor]]`"
      ? [...Object.keys(schema.SENSOR), "hdd", "ssd", "cpu", "other"]
      : [];
    deepEqual(
      [...rows(heading).keys()].filter((key) => !real.has(key) && !others.includes(key)),
      [],
    );
  }
});

Deno.test("docs/config.md has the defaults of each type and kind of sensor", () => {
  const documented = rows("`[[sensor]]`");
  for (const [type, source] of Object.entries(schema.SOURCES)) {
    const { intervalMs, timeoutMs } = defaultSensor("x", "other", { type } as { type: "cpu" });
    const own = Object.keys(source).map((key) => `\`${key}\``).join(", ") || "none";
    const row = documented.get(type)?.find(({ length }) => length === 4);
    deepEqual(row?.slice(1), [own, `\`${intervalMs}\``, `\`${timeoutMs}\``]);
  }
  for (const kind of ["hdd", "ssd", "cpu", "other"] as const) {
    const { criticalC, maxC } = defaultSensor("x", kind, { type: "cpu" });
    const row = documented.get(kind)?.find(({ length }) => length === 3);
    deepEqual(row?.slice(1), [`\`${criticalC}\``, `\`${maxC}\``]);
  }
});

Deno.test("docs/config.md shows problems as they are told", () => {
  const shown = blocks("text")[0]?.trim().split("\n") ?? [];
  const file = [
    "",
    "",
    "port = 70000",
    "[[sensor]]",
    'name = "cpu"',
    'type = "cpu"',
    "[[sensor]]",
    'name = "disk"',
    'type = "smrt"',
    ...Array(6).fill(""),
    "[[shelf]]",
    'name = "shelf1"',
    "[[shelf.cause]]",
    'name = "all"',
    "curve = [[40, 25]]",
    'sensors = ["cpu", "dsik"]',
  ];
  throws(() => parseToml(file.join("\n"), "fand.toml"), (error) => {
    ok(error instanceof ConfigError);
    deepEqual(error.problems, shown);
    return true;
  });
});

Deno.test("docs/config.md: every TOML example is accepted, alone or with the least beside it", () => {
  const examples = blocks("toml");
  ok(examples.length >= 4);
  for (const text of examples) {
    const config = parseToml(text.includes("[[shelf]]") ? text : text + BASE, "docs/config.md");
    ok(config.shelves.length > 0);
  }
});

Deno.test("docs/config.md: every INI example is accepted without a warning", () => {
  const examples = blocks("ini");
  equal(examples.length, 1);
  for (const text of examples) deepEqual(parseFandIni(text, "docs/config.md").warnings, []);
});

Deno.test("the sample configuration is accepted without a warning", async () => {
  const text = await Deno.readTextFile(`${REPOSITORY}config/fand.toml`);
  const config = parseToml(text, "config/fand.toml");
  deepEqual(config.warnings, []);
  equal(config.port, DEFAULT_SERVER.port);
  deepEqual(config.limits, DEFAULT_LIMITS);
});
