/** A calibration that is named by a configuration, or by an agent's command line. */

import assert from "node:assert/strict";
import { loadFanCalibration } from "../../src/agent/calibration_file.ts";
import {
  addPoint,
  type Calibration,
  entryOf,
  newCalibration,
} from "../../src/control/fans/map/calibration.ts";
import { ConfigError } from "../../src/errors.ts";
import { withCalibrations } from "../../src/config/calibrations.ts";
import { parseToml } from "../../src/config/toml/toml.ts";
import { always, fanctl } from "../support/run_fanctl.ts";
import { fileSensorConfig, ServerProcess } from "../support/server_process.ts";
import { tempDir } from "../support/temp_dir.ts";
import { until } from "../support/until.ts";

function calibrated(board: string): Calibration {
  const calibration = newCalibration(board);
  const entry = entryOf(calibration, 0);
  addPoint(entry, { percent: 100, applied: 100, rpm: 1800 });
  addPoint(entry, { percent: 10, applied: 10, rpm: 180 });
  addPoint(entry, { percent: 0, applied: 0, rpm: 0 });
  Object.assign(entry, { minimum_percent: 10, finished_at: "2030-01-01T00:00:00Z" });
  return calibration;
}

function configured(file: string) {
  return parseToml(
    `[[sensor]]
name = "cpu"
type = "cpu"
[[shelf]]
name = "shelf1"
[[shelf.cause]]
name = "cpu"
sensors = ["cpu"]
curve = [[40, 25]]
[[board]]
name = "left"
calibration = '${file}'
channels = { shelf1 = [0, 1] }
`,
    "x.toml",
  );
}

Deno.test("a configuration has what the calibrations of its boards hold", async () => {
  await using dir = await tempDir();
  const file = dir.join("left.json");
  await Deno.writeTextFile(file, JSON.stringify(calibrated("left")));
  const { boards } = await withCalibrations(configured(file));
  assert.deepEqual(boards[0]?.calibration, { file, fans: calibrated("left") });
  const plain = configured(file);
  assert.deepEqual((await withCalibrations({ ...plain, boards: [] })).boards, []);
});

Deno.test("a calibration that cannot be used is a problem of the configuration", async () => {
  await using dir = await tempDir();
  const file = dir.join("left.json");
  const problemOf = async (text: string | null): Promise<string> => {
    if (text !== null) await Deno.writeTextFile(file, text);
    try {
      await withCalibrations(configured(file));
    } catch (error) {
      assert.ok(error instanceof ConfigError);
      assert.equal(error.problems.length, 1);
      return error.problems[0] ?? "";
    }
    return "";
  };
  assert.match(await problemOf(null), /^x\.toml: board "left": calibration: .* it does not exist/);
  assert.match(await problemOf('{\n"format":\n'), /line 3 is not JSON; correct it/);
  assert.match(
    await problemOf(JSON.stringify(calibrated("right"))),
    /it is of board "right", and this is "left"; name the file of this board/,
  );
  const unfinished = calibrated("left");
  entryOf(unfinished, 1);
  assert.match(
    await problemOf(JSON.stringify(unfinished)),
    /channel 1 is not finished; run fanctl board calibrate 1 --out /,
  );
});

Deno.test("a calibration is that of a board, by its name or by its line", async () => {
  await using dir = await tempDir();
  const file = dir.join("left.json");
  await Deno.writeTextFile(file, JSON.stringify(calibrated("/dev/ttyUSB0")));
  const board = { name: "left", line: "/dev/ttyUSB0", channels: [0] };
  assert.equal((await loadFanCalibration(file, board)).channels.length, 1);
});

Deno.test("fanctl agent ends with what is wrong with its calibration", async () => {
  await using dir = await tempDir();
  const file = dir.join("left.json");
  await Deno.writeTextFile(file, "[]");
  const args = ["agent", "nas=0", "--board", "sim:", "--calibration", file];
  const { status, err } = await fanctl(args, always("ack"));
  assert.equal(status, 2);
  assert.match(err, /Cannot use the calibration ".*left\.json": format: found \[\], allowed "fand/);
});

Deno.test("a server drives its own board by the calibration that the board names", async () => {
  await using dir = await tempDir();
  const calibration = calibrated("left");
  const [first] = calibration.channels;
  assert.ok(first);
  calibration.channels.push({ ...first, channel: 1 });
  calibration.detune_rpm = 180;
  const file = await dir.write("left.json", JSON.stringify(calibration));
  const config = await fileSensorConfig(dir);
  await Deno.writeTextFile(
    config,
    `${await Deno.readTextFile(config)}
[[board]]
name = "left"
calibration = "${file}"
channels = { shelf1 = [0, 1] }
`,
  );
  const grants = ["--allow-read=src,deps.ts"];
  await using server = await ServerProcess.start(dir, config, { grants });
  const client = await server.connect();
  const applied = async (): Promise<unknown> => {
    const [, [shelves]] = await client.ask("status", "shelf1");
    const [status] = shelves as { fans: { applied: number }[] }[];
    return status?.fans.map(({ applied }) => applied).join();
  };
  // 42.5 % of 1800 rpm is 765; its twin turns 180 rpm faster, which is 52.5 %.
  await until(async () => await applied() === "42.5,52.5", "duties that are set apart");
});
