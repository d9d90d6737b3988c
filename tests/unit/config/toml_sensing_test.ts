import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { ConfigError } from "../../../src/errors.ts";
import type { ServerConfig } from "../../../src/config/config.ts";
import { parseFandIni } from "../../../src/config/ini/ini.ts";
import { parseToml } from "../../../src/config/toml/toml.ts";
import { REPOSITORY } from "../../support/paths.ts";

/** Three processors, and a shelf that follows something. */
function file(rest: string, follows = "a"): string {
  const sensors = ["a", "b", "c"].map((name) => `[[sensor]]\nname = "${name}"\ntype = "cpu"\n`);
  return sensors.join("") + rest + `
[[shelf]]
name = "rack"
[[shelf.cause]]
name = "all"
sensors = ["${follows}"]
curve = [[40, 25]]
`;
}

function problemsOf(text: string): readonly string[] {
  try {
    parseToml(text, "fand.toml");
  } catch (error) {
    ok(error instanceof ConfigError);
    return error.problems;
  }
  return [];
}

function sensor(config: ServerConfig, name: string) {
  return config.sensors.find((each) => each.name === name);
}

Deno.test("parseToml reads every type of derived sensor", () => {
  const { derived } = parseToml(
    file(`
[[derived]]
name = "hottest"
type = "max"
of = ["a", "b"]
kind = "cpu"
critical_c = 80
[[derived]]
name = "w"
type = "weighted"
of = ["a", "b"]
weights = [1, 0.5]
[[derived]]
name = "o"
type = "offset"
of = ["a"]
offset_c = -3
[[derived]]
name = "avg"
type = "average"
of = ["o"]
window_ms = 60000
[[derived]]
name = "e"
type = "ema"
of = ["avg"]
tau_ms = 5000
[[derived]]
name = "p"
type = "peak_hold"
of = ["e"]
hold_ms = 1000
[[derived]]
name = "d"
type = "difference"
of = ["p", "c"]
`),
    "fand.toml",
  );
  deepEqual(derived, [
    { type: "max", name: "hottest", kind: "cpu", of: ["a", "b"], criticalC: 80 },
    { type: "weighted", name: "w", kind: "other", of: ["a", "b"], weights: [1, 0.5] },
    { type: "offset", name: "o", kind: "other", of: ["a"], offsetC: -3 },
    { type: "average", name: "avg", kind: "other", of: ["o"], windowMs: 60_000 },
    { type: "ema", name: "e", kind: "other", of: ["avg"], tauMs: 5000 },
    { type: "peak_hold", name: "p", kind: "other", of: ["e"], holdMs: 1000 },
    { type: "difference", name: "d", kind: "other", of: ["p", "c"] },
  ]);
});

Deno.test("a shelf may follow a derived sensor, and what is behind it belongs to that shelf", () => {
  const config = parseToml(
    file(
      `[[derived]]
name = "hottest"
type = "max"
of = ["b", "c"]
`,
      "hottest",
    ),
    "fand.toml",
  );
  deepEqual(config.shelves[0]?.causes[0]?.sensors, ["hottest"]);
  deepEqual(config.sensors.map(({ group }) => group), [undefined, "rack", "rack"]);
  deepEqual(config.warnings, ['fand.toml:2: sensor[0].name: no shelf follows sensor "a"']);
});

Deno.test("derived sensors that go around in a circle are refused with the way around", () => {
  const found = problemsOf(file(`
[[derived]]
name = "warm"
type = "max"
of = ["a", "smooth"]
[[derived]]
name = "smooth"
type = "ema"
of = ["warm"]
tau_ms = 1000
`));
  deepEqual(found, [
    "fand.toml:14: derived[0].of: found warm <- smooth <- warm, " +
    "allowed sensors that do not depend on this one",
  ]);
  deepEqual(problemsOf(file('[[derived]]\nname = "x"\ntype = "max"\nof = ["x"]\n')), [
    "fand.toml:13: derived[0].of: found x <- x, allowed sensors that do not depend on this one",
  ]);
});

Deno.test("docs/config.md shows a circle as it is told", async () => {
  const page = await Deno.readTextFile(`${REPOSITORY}docs/config.md`);
  const shown = /^fand\.toml:\d+: (derived.*)$/m.exec(page)?.[1];
  const derived = (name: string, of: string) =>
    `[[derived]]\nname = "${name}"\ntype = "max"\nof = ["${of}"]\n`;
  const [found] = problemsOf(file(derived("warm", "smooth") + derived("smooth", "warm")));
  equal(found?.replace(/^fand\.toml:\d+: /, ""), shown);
});

for (
  const [what, keys, problems] of [
    [
      "an unknown sensor",
      'type = "max"\nof = ["a", "bb"]',
      [
        '13: derived[0].of[1]: found "bb", allowed a sensor of this file: "a", "b", "c", "x"; ' +
        'did you mean "b"?',
      ],
    ],
    [
      "an unknown type",
      'type = "maxx"\nof = ["a"]',
      [
        '12: derived[0].type: found "maxx", allowed "max", "min", "mean", "weighted", ' +
        '"difference", "offset", "average", "ema", "peak_hold"; did you mean "max"?',
      ],
    ],
    [
      "a sensor twice",
      'type = "mean"\nof = ["a", "a"]',
      ['13: derived[0].of[1]: found "a" again, allowed each sensor once'],
    ],
    [
      "too few",
      'type = "difference"\nof = ["a"]',
      ["13: derived[0].of: found 1 sensor, allowed 2 sensors for this type"],
    ],
    [
      "too many",
      'type = "ema"\nof = ["a", "b"]\ntau_ms = 1000',
      ["13: derived[0].of: found 2 sensors, allowed 1 sensor for this type"],
    ],
    [
      "a weight too few",
      'type = "weighted"\nof = ["a", "b"]\nweights = [1]',
      ["14: derived[0].weights: found 1 for 2 sensors, allowed one for each sensor"],
    ],
    [
      "a weight of nothing",
      'type = "weighted"\nof = ["a", "b"]\nweights = [1, 0]',
      [
        "14: derived[0].weights: found [1, 0], allowed an array of numbers from 0.001 to 1000000, " +
        "one for each sensor",
      ],
    ],
    [
      "a key of another type",
      'type = "max"\nof = ["a"]\ntau_ms = 1000',
      ["14: derived[0].tau_ms: found an unknown key, allowed name, type, kind, of, critical_c"],
    ],
    [
      "a missing key",
      'type = "ema"\nof = ["a"]',
      ["10: derived[0].tau_ms: found nothing, allowed a whole number from 1000 to 86400000 ms"],
    ],
    [
      "a name that a measured one has",
      'type = "max"\nof = ["b"]\n[[derived]]\nname = "a"\ntype = "max"\nof = ["b"]',
      ['15: derived[1].name: found "a" again, allowed a name that no other sensor has'],
    ],
  ] as const
) {
  Deno.test(`parseToml refuses a derived sensor with ${what}`, () => {
    deepEqual(
      problemsOf(file(`[[derived]]\nname = "x"\n${keys}\n`)),
      problems.map((problem) => `fand.toml:${problem}`),
    );
  });
}

for (
  const [what, keys, problem] of [
    [
      "an unknown companion",
      'stuck_with = ["outlet"]',
      '13: sensor[3].stuck_with[0]: found "outlet", allowed a sensor of this file: ' +
      '"a", "b", "c", "s"',
    ],
    [
      "a misspelled sibling",
      'siblings = ["aa"]\nsibling_max_c = 10',
      '13: sensor[3].siblings[0]: found "aa", allowed a sensor of this file: ' +
      '"a", "b", "c", "s"; did you mean "a"?',
    ],
    [
      "itself for company",
      'stuck_with = ["s"]',
      "13: sensor[3].stuck_with[0]: found the sensor itself, allowed other sensors",
    ],
    [
      "siblings without a limit",
      'siblings = ["a"]',
      "13: sensor[3].siblings: found no limit, allowed siblings beside sibling_max_c",
    ],
    [
      "a limit for siblings that it has not",
      'kind = "other"\nsibling_max_c = 10',
      "14: sensor[3].sibling_max_c: found no siblings, " +
      'allowed siblings beside it, because kind "other" has none by itself',
    ],
    [
      "a kind of fault that there is not",
      "failsafe = { stucck = 50 }",
      "13: sensor[3].failsafe.stucck: found an unknown key, " +
      'allowed missing, timeout, range, slope, stuck, disagree; did you mean "stuck"?',
    ],
    [
      "more than everything",
      "failsafe = { stuck = 101 }",
      "13: sensor[3].failsafe.stuck: found 101, allowed a number from 0 to 100 %",
    ],
    [
      "a failsafe that is no table",
      "failsafe = 50",
      "13: sensor[3].failsafe: found 50, allowed a table { FAULT = PERCENT, … }",
    ],
    [
      "no readings to recover with",
      "recover_readings = 0",
      "13: sensor[3].recover_readings: found 0, allowed a whole number from 1 to 100",
    ],
    [
      "a bogus value that is none",
      'bogus_c = ["hot"]',
      '13: sensor[3].bogus_c: found ["hot"], allowed an array of at most 16 numbers from -100 ' +
      "to 300 °C",
    ],
  ] as const
) {
  Deno.test(`parseToml refuses a sensor with ${what}`, () => {
    const text = file(`[[sensor]]\nname = "s"\ntype = "cpu"\n${keys}\n`);
    deepEqual(problemsOf(text), [`fand.toml:${problem}`]);
  });
}

Deno.test("a sensor that is compared with a derived one is refused: only measured ones count", () => {
  const text = file(`[[sensor]]
name = "s"
type = "cpu"
stuck_with = ["d"]
[[derived]]
name = "d"
type = "max"
of = ["a"]
`);
  deepEqual(problemsOf(text).length, 1);
});

Deno.test("stuck_ms = 0 looks for nothing", () => {
  const config = parseToml(
    file('[[sensor]]\nname = "s"\ntype = "cpu"\nstuck_ms = 0\n'),
    "fand.toml",
  );
  equal(sensor(config, "s")?.stuck, undefined);
  ok(sensor(config, "a")?.stuck);
});

Deno.test("a sensor that others are compared with is not read in vain", () => {
  const config = parseToml(
    file('[[sensor]]\nname = "s"\ntype = "cpu"\nstuck_with = ["b", "c"]\n', "s"),
    "fand.toml",
  );
  deepEqual(config.warnings, ['fand.toml:2: sensor[0].name: no shelf follows sensor "a"']);
});

Deno.test("a fand.ini has the same health defaults, and its shelf's devices are siblings", () => {
  const config = parseFandIni(
    `[DEFAULT]
shelves = one, two
hdd_temps = 0: 25, 40: 75
ssd_temps = 0: 25
cpu_temps = 0: 25
[one]
devices = A; 1
  B; 2
[two]
devices = B; 1
  cpu; host
`,
    "fand.ini",
  );
  deepEqual(
    config.sensors.map(({ name, group, stuck, holdMs, recoverReadings, bogusC }) => {
      return { name, group, stuck, holdMs, recoverReadings, bogusC };
    }),
    [["A", "one"], ["B", "one"], ["cpu", "two"]].map(([name, group]) => ({
      name,
      group,
      stuck: { ms: 1_800_000, movedC: 10 },
      holdMs: 30_000,
      recoverReadings: 3,
      bogusC: [127.5, 127.875, 127.9375],
    })),
  );
  throws(() => parseFandIni("", "fand.ini"), ConfigError);
});
