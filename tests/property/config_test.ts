import { deepEqual, equal, match, ok } from "node:assert/strict";
import { loadToml } from "../../deps.ts";
import { ConfigError } from "../../src/errors.ts";
import { parseFandIni } from "../../src/config/ini/ini.ts";
import { parseToml } from "../../src/config/toml/toml.ts";
import { TomlLines } from "../../src/config/toml/lines.ts";
import { fc } from "../deps.ts";

const { stringify } = await loadToml();

const KEYS = [
  ..."address port tick_ms duty_ttl_ms store limits sensor shelf board plant".split(" "),
  ..."name type kind interval_ms misses min_c max_c critical_c chip argv serial".split(" "),
  ..."derived of weights tau_ms failsafe bogus_c stuck_with siblings sibling_max_c".split(" "),
  ..."cause sensors shape curve line channels source load idle_w full_w seed".split(" "),
  ..."__proto__ constructor toString".split(" "),
];
const WORDS = [
  "max",
  "ema",
  "weighted",
  "cpu",
  "smart",
  "hwmon",
  "simulated",
  "hdd",
  "sim:",
  "linear",
  "none",
  "a",
  "",
];

const key = fc.oneof(fc.constantFrom(...KEYS), fc.string({ maxLength: 4 }));
const leaf = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.integer({ min: -10, max: 200 }),
  fc.double(),
  fc.boolean(),
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }),
);
/** Tables that look like a configuration from afar. */
const { table } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.array(leaf, { maxLength: 3 }),
    fc.array(fc.array(fc.integer(), { maxLength: 3 }), { maxLength: 3 }),
    fc.array(tie("table"), { maxLength: 3 }),
    tie("table"),
  ),
  table: fc.dictionary(key, tie("value"), { maxKeys: 6 }),
}));

/** Reads a text; what is refused is refused with problems that carry the file and a real line. */
function check(read: (text: string, file: string) => unknown, text: string): void {
  try {
    read(text, "x.conf");
  } catch (error) {
    ok(error instanceof ConfigError, `${error}`);
    ok(error.problems.length > 0);
    const lines = text.split(/\r\n|\r|\n/).length;
    for (const problem of error.problems) {
      if (/^x\.conf: and \d+ more$/.test(problem)) continue;
      match(problem, /^x\.conf:\d+: .+: found .+, allowed .+$/);
      const line = Number(problem.split(":")[1]);
      ok(line >= 1 && line <= lines, `${problem} of ${lines} lines`);
    }
  }
}

Deno.test("parseToml reads or refuses any table, and never fails otherwise", () => {
  fc.assert(fc.property(table, (value) => check(parseToml, stringify(value))), { numRuns: 500 });
});

Deno.test("parseToml reads or refuses any text, and never fails otherwise", () => {
  const pieces = fc.constantFrom(
    ..."[]{}\"'=.,#\n\\ ".split(""),
    "[[shelf]]\n",
    "'''",
    '"""',
    "a=1\n",
  );
  const text = fc.oneof(fc.string(), fc.array(fc.oneof(pieces, key)).map((all) => all.join("")));
  fc.assert(fc.property(text, (value) => check(parseToml, value)), { numRuns: 1000 });
});

Deno.test("parseFandIni reads or refuses any text, and never fails otherwise", () => {
  const pieces = fc.constantFrom(
    "[DEFAULT]\n",
    "[a]\n",
    "shelves = a\n",
    "devices = D; x\n",
    "hdd_temps = 0: 25\n",
    "ssd_temps = 0: 25\n",
    "cpu_temps = 0: 25\n",
    "  more; x\n",
    "%(a)s",
    "%",
    "\n",
  );
  const text = fc.array(fc.oneof(pieces, fc.string({ maxLength: 3 }))).map((all) => all.join(""));
  fc.assert(fc.property(text, (value) => check(parseFandIni, value)), { numRuns: 1000 });
});

/** Every leaf of `value` that is a number, with its path. */
function* numbers(
  value: unknown,
  path: (string | number)[] = [],
): Generator<[typeof path, number]> {
  if (typeof value === "number") yield [path, value];
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* numbers(item, [...path, index]);
  } else if (typeof value === "object" && value !== null && !(value instanceof Date)) {
    for (const [name, item] of Object.entries(value)) yield* numbers(item, [...path, name]);
  }
}

Deno.test("TomlLines finds the line of every key in what stringify wrote", () => {
  fc.assert(
    fc.property(table, (value) => {
      let next = 1000;
      const numbered = JSON.parse(
        JSON.stringify(
          value,
          (_, item) => typeof item === "number" || item === null ? next++ : item,
        ),
      );
      const text = stringify(numbered);
      const lines = text.split("\n");
      const locator = new TomlLines(text);
      for (const [path, wanted] of numbers(numbered)) {
        match(lines[locator.lineOf(path) - 1] ?? "", new RegExp(`\\b${wanted}\\b`));
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("TomlLines finds its way through everything that TOML can write", () => {
  const text = [
    "# comment [not] = a # table", //          1
    'a = """', //                             2
    "[fake]",
    'b = 1 \\""" # no end"""', //             4
    "c = '''x", //                            5
    "'''",
    "\"quoted.key\".'b' . d = 1 # x", //      7
    "[t . 'u']", //                           8
    "arr = [ # c", //                         9
    '  [1, "]"], # ] c', //                   10
    "  { x = 1, y = [ 2,", //                 11
    "    3 ] },", //                          12
    "]",
    "[[t.u.list]]", //                        14
    "k = inf",
    "[[t.u.list]]", //                        16
    "[t.u.list.sub]", //                      17
    "deep = {}",
    '"\\u0065sc" = 1', //                     19
  ].join("\n");
  const lines = new TomlLines(text);
  const at = (...path: (string | number)[]): number => lines.lineOf(path);
  deepEqual([at("a"), at("b"), at("c"), at("quoted.key", "b", "d")], [2, 1, 5, 7]);
  deepEqual([at("t", "u"), at("t", "u", "arr", 0, 1), at("t", "u", "arr", 1, "x")], [8, 10, 11]);
  deepEqual([at("t", "u", "arr", 1, "y", 0), at("t", "u", "arr", 1, "y", 1)], [11, 12]);
  deepEqual([at("t", "u", "list", 0, "k"), at("t", "u", "list", 1)], [15, 16]);
  deepEqual([at("t", "u", "list", 1, "sub", "deep"), at("t", "u", "list", 1, "sub")], [18, 17]);
  equal(at("t", "u", "list", 1, "sub", "esc"), 19);
});
