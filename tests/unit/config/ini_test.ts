import { deepEqual, equal, ok } from "node:assert/strict";
import { evaluateCurve } from "../../../src/control/demand/curve.ts";
import { ConfigError } from "../../../src/errors.ts";
import type { ServerConfig } from "../../../src/config/config.ts";
import { resolveDrives } from "../../../src/control/engine/drives.ts";
import { parseFandIni } from "../../../src/config/ini/ini.ts";

const SAMPLE = `[DEFAULT]
shelves = shelf1, shelf2
hdd_temps = 0: 25, 37: 30, 38: 40, 39: 50, 40: 75, 41: 100
ssd_temps = 0: 20, 60: 40, 62.5: 50, 65: 70, 67.5: 90, 70: 100
cpu_temps = 0: 15, 75: 40, 80: 60, 85: 80, 90: 100

[shelf1]
devices =
    cpu; host
    WD-1; bay 1; whatever
    # pulled: WD-9; bay 9
    SAM-2; bay 2

[shelf2]
devices = WD-1; the same drive
cpu_temps: 0: 30
`;

const TABLES = "hdd_temps = 0: 25\nssd_temps = 0: 25\ncpu_temps = 0: 25\n";

/** What a shelf asks for by name of cause when its sensors are this warm. */
function demand(config: ServerConfig, shelf: number, temps: Record<string, number>): number[] {
  return (config.shelves[shelf]?.causes ?? []).map((cause) => {
    ok("curve" in cause && "points" in cause.curve && !cause.filter, "a table as fand had it");
    const known = cause.sensors.map((name) => temps[name]).filter((tempC) => tempC !== undefined);
    return known.length === 0 ? NaN : evaluateCurve(cause.curve, Math.max(...known));
  });
}

function problemsOf(text: string): readonly string[] {
  try {
    parseFandIni(text, "x.ini");
  } catch (error) {
    ok(error instanceof ConfigError);
    return error.problems;
  }
  return [];
}

Deno.test("parseFandIni makes each device one sensor, however many shelves name it", () => {
  const { sensors, shelves, boards } = parseFandIni(SAMPLE, "x.ini");
  deepEqual(sensors.map(({ name, kind, source }) => ({ name, kind, source })), [
    { name: "cpu", kind: "cpu", source: { type: "cpu" } },
    { name: "WD-1", kind: "drive", source: { type: "smart", serial: "WD-1" } },
    { name: "SAM-2", kind: "drive", source: { type: "smart", serial: "SAM-2" } },
  ]);
  deepEqual(shelves.map(({ name, floorPercent }) => ({ name, floorPercent })), [
    { name: "shelf1", floorPercent: 20 },
    { name: "shelf2", floorPercent: 20 },
  ]);
  deepEqual(boards, []);
  deepEqual(
    sensors.map(({ misses, failsafePercent, required }) => [
      misses,
      failsafePercent,
      required,
    ]),
    [[3, 100, true], [3, 100, true], [3, 100, true]],
  );
});

Deno.test("resolveDrives puts each drive at the table and critical temperature of its kind", () => {
  const config = resolveDrives(
    parseFandIni(SAMPLE, "x.ini"),
    (name) => name === "SAM-2" ? "ssd" : "hdd",
  );
  deepEqual(config.sensors.map(({ kind, criticalC }) => [kind, criticalC]), [
    ["cpu", 95],
    ["hdd", 60],
    ["ssd", 75],
  ]);
  deepEqual(config.shelves[0]?.causes.map(({ name, sensors }) => [name, sensors]), [
    ["hdd", ["WD-1"]],
    ["ssd", ["SAM-2"]],
    ["cpu", ["cpu"]],
  ]);
  deepEqual(demand(config, 0, { cpu: 86, "WD-1": 40, "SAM-2": 63 }), [75, 50, 80]);
});

Deno.test("fand's vectors: a drive's duty over its temperature", () => {
  const config = resolveDrives(parseFandIni(SAMPLE, "x.ini"), () => "hdd");
  const at = (tempC: number): number | undefined => demand(config, 1, { "WD-1": tempC })[0];
  deepEqual([36.9, 37, 40, 41, 200, -10].map(at), [25, 30, 75, 100, 100, 25]);
});

Deno.test("a kind of which a shelf has no device asks for what its table says at 0 °C", () => {
  const config = resolveDrives(parseFandIni(SAMPLE, "x.ini"), () => "hdd");
  deepEqual(demand(config, 1, { "WD-1": 45 }), [100, 20, 30]);
});

Deno.test("a drive that has not been found stays a member of its shelf", () => {
  const config = resolveDrives(parseFandIni(SAMPLE, "x.ini"), () => undefined);
  deepEqual(config.sensors[1]?.kind, "drive");
  deepEqual(config.shelves[1]?.causes[0]?.sensors, ["WD-1"]);
  deepEqual(config.shelves, parseFandIni(SAMPLE, "x.ini").shelves);
});

Deno.test("resolveDrives starts from the file each time", () => {
  const read = parseFandIni(SAMPLE, "x.ini");
  const once = resolveDrives(read, () => "ssd");
  deepEqual(once.shelves, resolveDrives(resolveDrives(read, () => "hdd"), () => "ssd").shelves);
});

Deno.test("parseFandIni clamps a speed that no fan has and says so once", () => {
  const config = parseFandIni(
    `[DEFAULT]\nshelves = a, b, a\ndevices = D; x\n${TABLES.replace("0: 25", "0: -5, 50: 250")}` +
      "[a]\n[b]\n",
    "x.ini",
  );
  deepEqual(config.shelves[0]?.drives?.hdd.points, [[0, 0], [50, 100]]);
  equal(config.shelves.length, 2);
  deepEqual(config.warnings, [
    'x.ini:2: DEFAULT.shelves: shelf "a" is listed twice and counts once',
    "x.ini:4: DEFAULT.hdd_temps: a speed of -5 % at 0 °C counts as 0 %",
    "x.ini:4: DEFAULT.hdd_temps: a speed of 250 % at 50 °C counts as 100 %",
  ]);
});

Deno.test("a table that falls counts as fand counted it: its running maximum", () => {
  const text = `[DEFAULT]\nshelves = a\n${TABLES.replace("0: 25", "0: 80, 50: 20")}` +
    "[a]\ndevices = D; x\n";
  const config = resolveDrives(parseFandIni(text, "x.ini"), () => "hdd");
  equal(demand(config, 0, { D: 50 })[0], 80);
});

const BAD: readonly [name: string, text: string, problems: readonly string[]][] = [
  ["an empty file", "", [
    "x.ini:1: DEFAULT.shelves: found nothing, allowed a comma-separated list of shelves",
  ]],
  ["no header", "shelves = a\n", [
    'x.ini:1: syntax: found "shelves = a", allowed a section header such as [DEFAULT] before it',
  ]],
  ["lines that say nothing", "[DEFAULT]\nshelves\n= a\n[]\n", [
    'x.ini:2: syntax: found "shelves", allowed NAME = VALUE',
    'x.ini:3: syntax: found "= a", allowed NAME = VALUE',
    'x.ini:4: syntax: found "[]", allowed NAME = VALUE',
  ]],
  ["a section and an option twice", "[a]\nx = 1\nX = 2\n[b]\n[a]\n", [
    'x.ini:3: syntax: found option "x" again, allowed each option of a section once',
    "x.ini:5: syntax: found section [a] again, allowed each section once",
  ]],
  ["a shelf without a section, and a stray comma", "[DEFAULT]\nshelves = a, b,\n[c]\n", [
    'x.ini:2: DEFAULT.shelves: found "a", allowed shelves that have a section; sections: "c"',
    'x.ini:2: DEFAULT.shelves: found "b", allowed shelves that have a section; sections: "c"',
    'x.ini:2: DEFAULT.shelves: found "", allowed shelves that have a section; sections: "c"',
  ]],
  ["a shelf without options", "[DEFAULT]\nshelves = a\n[a]\n", [
    'x.ini:3: a.devices: found nothing, allowed lines of "serial; position"',
    'x.ini:3: a.hdd_temps: found nothing, allowed "temperature: speed, …" with a speed for 0',
    'x.ini:3: a.ssd_temps: found nothing, allowed "temperature: speed, …" with a speed for 0',
    'x.ini:3: a.cpu_temps: found nothing, allowed "temperature: speed, …" with a speed for 0',
  ]],
  [
    "devices without a position, and a blank line among them",
    `[DEFAULT]\nshelves = a\n${TABLES}[a]\ndevices =\n  D; x\n\n  E\n`,
    [
      'x.ini:9: a.devices[1]: found "", allowed "serial; position" or "cpu; host"',
      'x.ini:10: a.devices[2]: found "E", allowed "serial; position" or "cpu; host"',
    ],
  ],
  ["no device", `[DEFAULT]\nshelves = a\n${TABLES}[a]\ndevices =\n`, [
    'x.ini:7: a.devices[0]: found "", allowed "serial; position" or "cpu; host"',
  ]],
  [
    "tables that are none",
    "[DEFAULT]\nshelves = a\nhdd_temps = 0: 25, 30; 40\nssd_temps = 10: 20\n" +
    "cpu_temps = 0: nan,\n[a]\ndevices = D; x\n",
    [
      'x.ini:3: DEFAULT.hdd_temps: found "30; 40", allowed "temperature: speed" in °C and percent',
      'x.ini:4: DEFAULT.ssd_temps: found no speed for 0 °C, allowed a table with an entry "0: SPEED"',
      'x.ini:5: DEFAULT.cpu_temps: found "0: nan", allowed "temperature: speed" in °C and percent',
      'x.ini:5: DEFAULT.cpu_temps: found "", allowed "temperature: speed" in °C and percent',
      'x.ini:5: DEFAULT.cpu_temps: found no speed for 0 °C, allowed a table with an entry "0: SPEED"',
    ],
  ],
  [
    "percent signs",
    `[DEFAULT]\nshelves = a\n${TABLES.replace("0: 25", "0: 25%")}[a]\ndevices = %(x)s; %(a)\n`,
    [
      'x.ini:3: DEFAULT.hdd_temps: found a lone "%", allowed "%%" for a percent sign, or %(OPTION)s',
      "x.ini:7: a.devices: found %(x)s, " +
      "allowed the name of an option of this section or of [DEFAULT]",
    ],
  ],
  ["values that refer in a circle", "[DEFAULT]\nshelves = %(shelves)s\n", [
    "x.ini:2: DEFAULT.shelves: found %(…)s more than 10 deep, " +
    "allowed values that do not refer in a circle",
  ]],
  [
    "values that blow up",
    `[DEFAULT]\nx0 = ${"x".repeat(1000)}%%\n` +
    Array.from({ length: 8 }, (_, i) => `x${i + 1} = ${`%(x${i})s`.repeat(10)}\n`).join("") +
    "shelves = %(x8)s\n",
    [
      "x.ini:11: DEFAULT.shelves: found more than 1048576 characters, " +
      "allowed a value that %(…)s does not blow up",
    ],
  ],
];

for (const [name, text, problems] of BAD) {
  Deno.test(`parseFandIni names each problem with its line: ${name}`, () => {
    deepEqual(problemsOf(text), problems);
  });
}
