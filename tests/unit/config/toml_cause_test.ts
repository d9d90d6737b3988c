import { deepEqual, equal, ok } from "node:assert/strict";
import { COMFORT_OUTPUT } from "../../../src/control/comfort_defaults.ts";
import { ConfigError } from "../../../src/errors.ts";
import type { ShelfConfig } from "../../../src/config/config.ts";
import { parseToml } from "../../../src/config/toml/toml.ts";

const HEAD = `[[sensor]]
name = "a"
type = "cpu"
[[sensor]]
name = "b"
type = "cpu"
[[shelf]]
name = "s"
`;

/** A cause that follows a sensor by a table. */
const plain = (name: string, more = ""): string =>
  `[[shelf.cause]]\nname = "${name}"\nsensors = ["a", "b"]\ncurve = [[40, 25]]\n${more}`;

function shelfOf(text: string): ShelfConfig {
  const [shelf] = parseToml(HEAD + text, "x.toml").shelves;
  ok(shelf);
  return shelf;
}

function problemsOf(text: string): readonly string[] {
  try {
    parseToml(HEAD + text, "x.toml");
  } catch (error) {
    ok(error instanceof ConfigError);
    return error.problems;
  }
  return [];
}

Deno.test("a table has a filter, whose time to apply again comes from the output", () => {
  const [cause] = shelfOf(
    plain("c", "rise_hysteresis_c = 1\nrise_response_ms = 2000\nfall_response_ms = 0\n") +
      "[shelf.output]\nreapply_ms = 5000\n",
  ).causes;
  deepEqual(cause, {
    name: "c",
    sensors: ["a", "b"],
    combine: "max",
    curve: { shape: "linear", points: [[40, 25]] },
    filter: {
      riseHysteresisC: 1,
      fallHysteresisC: 3,
      riseResponseMs: 2000,
      fallResponseMs: 0,
      reapplyMs: 5000,
    },
  });
});

Deno.test("a filter that holds nothing back is none", () => {
  const [cause] = shelfOf(plain("c", "fall_hysteresis_c = 0\nfall_response_ms = 0\n")).causes;
  ok(cause && !("filter" in cause));
});

Deno.test("a cause may be feedback or a held temperature", () => {
  const { causes } = shelfOf(`[[shelf.cause]]
name = "p"
sensors = ["a"]
shape = "pid"
target_c = 60
kp = 2
ki = 0.05
slew_percent_per_s = 3
[[shelf.cause]]
name = "t"
sensors = ["a", "b"]
combine = "mean"
shape = "target"
target_c = 45
min_percent = 20
max_percent = 80
`);
  deepEqual(causes, [{
    name: "p",
    sensors: ["a"],
    combine: "max",
    curve: {
      shape: "pid",
      targetC: 60,
      kp: 2,
      ki: 0.05,
      kd: 0,
      minPercent: 0,
      maxPercent: 100,
      slewPercentPerS: 3,
    },
  }, {
    name: "t",
    sensors: ["a", "b"],
    combine: "mean",
    curve: { shape: "target", targetC: 45, deadbandC: 1, minPercent: 20, maxPercent: 80 },
  }]);
});

Deno.test("a cause may combine others, also those that come after it", () => {
  const { causes } = shelfOf(
    '[[shelf.cause]]\nname = "all"\nof = ["c", "d"]\ncombine = "sum"\n' + plain("c") + plain("d"),
  );
  deepEqual(causes[0], { name: "all", sensors: [], of: ["c", "d"], combine: "sum" });
});

Deno.test("an output has its defaults and takes every key", () => {
  deepEqual(shelfOf(plain("c")).output, COMFORT_OUTPUT);
  deepEqual(
    shelfOf(`floor_percent = 0
${plain("c")}[shelf.output]
rise_percent_per_s = 4
fall_percent_per_s = 1
minimum_percent = 20
start_percent = 30
off_below_percent = 15
min_on_ms = 1000
min_off_ms = 2000
keep_out = [[30, 40], [50, 60]]
reapply_ms = 10000
`).output,
    {
      risePercentPerS: 4,
      fallPercentPerS: 1,
      minimumPercent: 20,
      startPercent: 30,
      offBelowPercent: 15,
      minOnMs: 1000,
      minOffMs: 2000,
      keepOut: [[30, 40], [50, 60]],
      reapplyMs: 10_000,
    },
  );
});

Deno.test.each([
  [
    "a circle of causes",
    plain("c") + '[[shelf.cause]]\nname = "x"\nof = ["c", "y"]\n' +
    '[[shelf.cause]]\nname = "y"\nof = ["z"]\n[[shelf.cause]]\nname = "z"\nof = ["y"]\n',
    [
      'x.toml:18: shelf[0].cause[2].of: found a circle: "y" -> "z" -> "y", allowed causes that do ' +
      "not combine themselves, directly or through others",
    ],
  ],
  [
    "a cause that combines what does not exist",
    plain("c") + '[[shelf.cause]]\nname = "x"\nof = ["d"]\n',
    [
      'x.toml:15: shelf[0].cause[1].of[0]: found "d", allowed a cause of this shelf: "c", "x"; ' +
      'did you mean "c"?',
    ],
  ],
  [
    "a combination with sensors",
    plain("c") + '[[shelf.cause]]\nname = "x"\nof = ["c"]\nsensors = ["a"]\n',
    ["x.toml:16: shelf[0].cause[1].sensors: found an unknown key, allowed name, of, combine"],
  ],
  [
    "a sum of temperatures",
    plain("c", 'combine = "sum"\n'),
    ['x.toml:13: shelf[0].cause[0].combine: found "sum", allowed "max", "mean"'],
  ],
  [
    "feedback without a gain and with a filter",
    '[[shelf.cause]]\nname = "p"\nsensors = ["a"]\nshape = "pid"\ntarget_c = 50\n' +
    "fall_hysteresis_c = 1\n",
    [
      "x.toml:9: shelf[0].cause[0].kp: found nothing, allowed a number from 0 to 1000 %/°C",
      "x.toml:14: shelf[0].cause[0].fall_hysteresis_c: found an unknown key, allowed name, sensors, " +
      "combine, shape, target_c, min_percent, max_percent, kp, ki, kd, slew_percent_per_s",
    ],
  ],
  [
    "a range whose ends are exchanged",
    '[[shelf.cause]]\nname = "t"\nsensors = ["a"]\nshape = "target"\ntarget_c = 50\n' +
    "min_percent = 80\nmax_percent = 20\n",
    ["x.toml:14: shelf[0].cause[0].min_percent: found 80, allowed at most max_percent (20)"],
  ],
  [
    "fans that the floor keeps on",
    plain("c") + "[shelf.output]\noff_below_percent = 15\n",
    [
      "x.toml:14: shelf[0].output.off_below_percent: found 15 with floor_percent = 20, allowed only " +
      "beside floor_percent = 0, as the floor keeps the fans on",
    ],
  ],
  [
    "ranges to keep out of that meet or are turned round",
    plain("c") + "[shelf.output]\nkeep_out = [[50, 40], [45, 60], [60, 70]]\n",
    [
      "x.toml:14: shelf[0].output.keep_out[0]: found [50, 40], allowed a range whose end is above its beginning",
      "x.toml:14: shelf[0].output.keep_out[2]: found [60, 70] after 60 %, allowed ranges that rise and lie apart from each other",
    ],
  ],
  [
    "outputs out of range",
    plain("c") + "[shelf.output]\nfall_percent_per_s = 0\nkeep_out = [[1, 200]]\nfall = 3\n",
    [
      "x.toml:14: shelf[0].output.fall_percent_per_s: found 0, allowed a number from 0.01 to 1000 %/s",
      "x.toml:15: shelf[0].output.keep_out: found [[1, 200]], allowed an array of at most 16 ranges [from %, to %]",
      "x.toml:16: shelf[0].output.fall: found an unknown key, allowed rise_percent_per_s, fall_percent_per_s, minimum_percent, start_percent, off_below_percent, min_on_ms, min_off_ms, keep_out, reapply_ms",
    ],
  ],
])("parseToml refuses %s", (_name: string, text: string, problems: readonly string[]) => {
  deepEqual(problemsOf(text), problems);
});

Deno.test("the built-in default and a fand.toml that says nothing move alike", () => {
  equal(shelfOf(plain("c")).output?.fallPercentPerS, 0.5);
});
