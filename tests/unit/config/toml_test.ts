import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { SYSTEM_PLACES } from "../../../src/board/hwmon/places.ts";
import { COMFORT_FILTER, COMFORT_OUTPUT } from "../../../src/control/comfort_defaults.ts";
import { DEFAULT_FANS } from "../../../src/control/fans/fans_policy.ts";
import { DEFAULT_PHYSICS } from "../../../src/control/physics/physics_policy.ts";
import { ConfigError } from "../../../src/errors.ts";
import { NAS_SHELF } from "../../../src/sensors/simulated/plant.ts";
import { DEFAULT_LIMITS } from "../../../src/config/config.ts";
import { DEFAULT_JOURNAL } from "../../../src/config/journal_config.ts";
import { parseToml } from "../../../src/config/toml/toml.ts";
import { DEFAULT_TOOL_PATHS } from "../../../src/sensors/tool_paths.ts";
import { BAD_TOML } from "../../vectors/bad_toml.ts";

const SMALL = `
[[sensor]]
name = "cpu"
type = "cpu"

[[shelf]]
name = "shelf1"
[[shelf.cause]]
name = "cpu"
sensors = ["cpu"]
curve = [[40, 25], [80, 100]]
`;

const WHOLE = `
address = "::1"
port = 0
store = "none"

[limits]
clients = 5
name_bytes = 8

[[sensor]]
name = "water"
type = "hwmon"
chip = "d5next"
label = "Coolant temp"
device = "usb1"
input = 1
kind = "other"
interval_ms = 500
timeout_ms = 400
misses = 0
min_c = 5
max_c = 80.5
failsafe_percent = 80
critical_c = 55
required = false
failsafe = { range = 50, stuck = 60.5 }
failsafe_hold_ms = 0
recover_readings = 1
bogus_c = []
power_on_c = 85
slope_c_per_s = 2.5
stuck_ms = 600000
stuck_moved_c = 4
stuck_with = ["cmd", "disk"]
siblings = ["file"]
sibling_max_c = 12
sibling_ms = 90000
[[sensor]]
name = "file"
type = "file"
path = "/run/t"
scale = 0.001
[[sensor]]
name = "cmd"
type = "command"
argv = ["/usr/local/bin/t", "-x"]
[[sensor]]
name = "disk"
type = "smart"
kind = "ssd"
serial = "S1"
[[sensor]]
name = "sim"
type = "simulated"
plant = "lab"
source = "laser"

[plant.lab]
ambient_c = 20
seed = 7
[[plant.lab.source]]
name = "laser"
load = [[0, 0.5], [10, 1]]
idle_w = 2
full_w = 20

[plant.nas]

[[shelf]]
name = "rack"
floor_percent = 30
[[shelf.cause]]
name = "all"
sensors = ["water", "file", "cmd", "disk", "sim", "sim"]
shape = "step"
curve = [[0, 30]]

[[board]]
name = "b"
line = "sim:42"
safe_percent = 70
channels = { rack = [2, 0] }
`;

function problemsOf(text: string): readonly string[] {
  try {
    parseToml(text, "x.toml");
  } catch (error) {
    ok(error instanceof ConfigError);
    return error.problems;
  }
  return [];
}

Deno.test("parseToml fills in every default", () => {
  deepEqual(parseToml(SMALL, "x.toml"), {
    address: "127.0.0.1",
    port: 9999,
    unix: null,
    tls: null,
    tickMs: 1000,
    heartbeatMs: 1000,
    dutyTtlMs: 5000,
    rpmTtlMs: 10_000,
    store: "fand.db",
    tools: DEFAULT_TOOL_PATHS,
    limits: DEFAULT_LIMITS,
    journal: DEFAULT_JOURNAL,
    localRole: "operate",
    clients: [],
    sensors: [{
      name: "cpu",
      kind: "cpu",
      source: { type: "cpu" },
      intervalMs: 1000,
      timeoutMs: 1000,
      misses: 3,
      minC: -20,
      maxC: 125,
      failsafePercent: 100,
      criticalC: 95,
      required: true,
      holdMs: 30_000,
      recoverReadings: 3,
      bogusC: [127.5, 127.875, 127.9375],
      stuck: { ms: 1_800_000, movedC: 10 },
      group: "shelf1",
    }],
    derived: [],
    shelves: [{
      name: "shelf1",
      floorPercent: 20,
      causes: [{
        name: "cpu",
        sensors: ["cpu"],
        curve: { shape: "linear", points: [[40, 25], [80, 100]] },
        combine: "max",
        filter: COMFORT_FILTER,
      }],
      output: COMFORT_OUTPUT,
      fans: DEFAULT_FANS,
      physics: DEFAULT_PHYSICS,
    }],
    boards: [],
    plants: {},
    profiles: [],
    rig: null,
    alerts: { rules: [], deliveries: [{ type: "log", name: "log" }] },
    source: "x.toml",
    warnings: [],
  });
});

Deno.test("parseToml takes every key of a sensor and every type of source", () => {
  const config = parseToml(WHOLE, "x.toml");
  equal(config.address, "::1");
  equal(config.store, null);
  deepEqual(config.limits, { ...DEFAULT_LIMITS, clients: 5, nameBytes: 8 });
  deepEqual(config.sensors[0], {
    name: "water",
    kind: "other",
    source: { type: "hwmon", chip: "d5next", label: "Coolant temp", device: "usb1", input: 1 },
    intervalMs: 500,
    timeoutMs: 400,
    misses: 0,
    minC: 5,
    maxC: 80.5,
    failsafePercent: 80,
    criticalC: 55,
    required: false,
    failsafe: { range: 50, stuck: 60.5 },
    holdMs: 0,
    recoverReadings: 1,
    bogusC: [],
    powerOnC: 85,
    slopeCPerS: 2.5,
    stuck: { ms: 600_000, movedC: 4, with: ["cmd", "disk"] },
    siblings: { maxC: 12, ms: 90_000, names: ["file"] },
    group: "rack",
  });
  deepEqual(config.sensors.slice(1).map(({ source }) => source), [
    { type: "file", path: "/run/t", scale: 0.001, maxAgeMs: 60_000 },
    { type: "command", argv: ["/usr/local/bin/t", "-x"] },
    { type: "smart", serial: "S1" },
    { type: "simulated", plant: "lab", source: "laser" },
  ]);
  equal(config.sensors[3]?.criticalC, 75);
  deepEqual(config.plants["lab"]?.sources, [{
    name: "laser",
    load: [[0, 0.5], [10, 1]],
    idleW: 2,
    fullW: 20,
    capacityJPerK: 10,
    stillWPerK: 0.3,
    flowWPerK: 1.2,
  }]);
  deepEqual(config.plants["nas"], { ...NAS_SHELF, seed: 1 });
  deepEqual(config.shelves[0]?.causes[0]?.sensors, ["water", "file", "cmd", "disk", "sim"]);
  deepEqual(config.boards, [{
    name: "b",
    line: "sim:42",
    safePercent: 70,
    channels: [{ shelf: "rack", channel: 2 }, { shelf: "rack", channel: 0 }],
    places: SYSTEM_PLACES,
  }]);
});

for (const { name, text, problems } of BAD_TOML) {
  Deno.test(`parseToml names each problem with its line: ${name}`, () => {
    deepEqual(problemsOf(text.replace("SMALL", SMALL)), problems);
  });
}

Deno.test("parseToml counts what is beyond the first hundred problems", () => {
  const text = Array.from({ length: 120 }, (_, index) => `key${index} = 1\n`).join("") + SMALL;
  const problems = problemsOf(text);
  equal(problems.length, 101);
  equal(problems.at(-1), "x.toml: and 20 more");
});

Deno.test("parseToml warns of a sensor that no shelf follows", () => {
  const { warnings } = parseToml(`${SMALL}[[sensor]]\nname = "gpu"\ntype = "cpu"\n`, "x.toml");
  deepEqual(warnings, ['x.toml:13: sensor[1].name: no shelf follows sensor "gpu"']);
});

Deno.test("parseToml says in its message how many problems there are", () => {
  throws(() => parseToml(`port = -1\n${SMALL}`, "x.toml"), {
    name: "ConfigError",
    message: 'Cannot use the configuration "x.toml": 1 problem found; ' +
      "correct what is listed and try again",
  });
});

Deno.test("parseToml reads a byte order mark and Windows line ends", () => {
  equal(parseToml(`\uFEFFport = 1${SMALL}`.replaceAll("\n", "\r\n"), "x.toml").port, 1);
  deepEqual(problemsOf(`\uFEFFport = -1${SMALL}`.replaceAll("\n", "\r\n")), [
    "x.toml:1: port: found -1, allowed a whole number from 0 to 65535",
  ]);
});

Deno.test("parseToml takes how fans and their physics are watched, and the name of a calibration", () => {
  const config = parseToml(
    `${SMALL}[shelf.fans]
stall_ms = 4000
recover_ms = 60000
share = false
wear_percent = 20
[shelf.physics]
check = false
weaker_percent = 50
colder_k = 10
[[board]]
name = "left"
calibration = "left.json"
channels = { shelf1 = [0] }
[[board]]
name = "right"
channels = { shelf1 = [1] }
`,
    "x.toml",
  );
  deepEqual(config.shelves[0]?.fans, {
    stallMs: 4000,
    recoverMs: 60_000,
    share: false,
    wearPercent: 20,
  });
  deepEqual(config.shelves[0]?.physics, { check: false, weakerPercent: 50, colderK: 10 });
  deepEqual(config.boards.map(({ calibration }) => calibration), [
    { file: "left.json", fans: null },
    undefined,
  ]);
});
