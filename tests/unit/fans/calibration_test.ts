import assert from "node:assert/strict";
import {
  addPoint,
  checkPulses,
  entryOf,
  newCalibration,
} from "../../../src/control/fans/map/calibration.ts";
import { readCalibration } from "../../../src/control/fans/map/calibration_reader.ts";

function whole() {
  const calibration = newCalibration("board1");
  const entry = entryOf(calibration, 2);
  addPoint(entry, { percent: 50, applied: 50, rpm: 900 });
  addPoint(entry, { percent: 100, applied: 100, rpm: 1800 });
  addPoint(entry, { percent: 50, applied: 50, rpm: 910 });
  Object.assign(entry, { minimum_percent: 12, start_percent: 18, max_rpm: 1800 });
  entry.pulses = checkPulses(1800, 1800);
  entry.finished_at = "2030-01-01T00:00:00.000Z";
  return { calibration, entry };
}

Deno.test("readCalibration() reads what was written, with what was added by hand", () => {
  const { calibration, entry } = whole();
  assert.deepEqual(entry.points.map(({ rpm }) => rpm), [1800, 910]);
  assert.deepEqual(readCalibration(JSON.stringify(calibration), "f"), calibration);
  Object.assign(entry, { minimum_rpm: 250, start_ms: 900, keep_out_rpm: [[700, 800]] });
  calibration.detune_rpm = 60;
  entryOf(calibration, 0);
  assert.deepEqual(readCalibration(JSON.stringify(calibration), "f"), calibration);
});

const DAMAGED: [
  change: (file: Record<string, unknown>, channel: Record<string, unknown>) => void,
  RegExp,
][] = [
  [
    (file) => file.format = "fand calibration 2",
    /"f": format: found "fand calibration 2", allowed/,
  ],
  [(file) => file.board = 7, /board: found 7, allowed a text/],
  [(file) => file.channels = {}, /channels: found \{\}, allowed an array of at most 16/],
  [(file) => file.detune_rpm = -1, /detune_rpm: found -1, allowed a number from 0 to 1000/],
  [(_, channel) => channel.channel = "x", /channels\[0\]\.channel: found "x", allowed a whole/],
  [
    (_, channel) => channel.points = [{ percent: 101 }],
    /channels\[0\]\.points\[0\]\.percent: found 101/,
  ],
  [
    (_, channel) => channel.points = [],
    /channels\[0\]\.points: found nothing, allowed a point at 100/,
  ],
  [(_, channel) => channel.minimum_percent = null, /channels\[0\]\.minimum_percent: found null/],
  [(_, channel) => channel.keep_out_rpm = [[800, 700]], /keep_out_rpm\[0\]: found "\[800, 700\]"/],
  [(_, channel) => channel.keep_out_rpm = [[1, "a"]], /keep_out_rpm\[0\]: found "a", allowed/],
  [
    (file, channel) => file.channels = [channel, channel],
    /channels\[1\]\.channel: found 2, allowed each/,
  ],
];

Deno.test("readCalibration() names the key of whatever is wrong", () => {
  for (const [change, text] of DAMAGED) {
    const file = JSON.parse(JSON.stringify(whole().calibration));
    change(file, file.channels[0]);
    assert.throws(() => readCalibration(JSON.stringify(file), "f"), text);
  }
});

Deno.test("readCalibration() names the line of what is not JSON", () => {
  const text = JSON.stringify(whole().calibration, null, 2);
  assert.throws(() => readCalibration(text.replace('"rpm": 910', '"rpm": 91O'), "f"), /line 16 is/);
  assert.throws(() => readCalibration(text.slice(0, 60), "f"), /"f": line 4 is not JSON/);
  assert.throws(() => readCalibration("", "f"), /line 1 is not JSON/);
  for (const other of ["[]", "null", "3"]) {
    assert.throws(() => readCalibration(other, "f"), /format: found/);
  }
});
