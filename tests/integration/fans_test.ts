/** The fans of a shelf, from the temperature to the rotor and back, with the real firmware. */

import assert from "node:assert/strict";
import { loadFanCalibration } from "../../src/agent/calibration_file.ts";
import { CASE_FAN, type FanSpec } from "../../src/board/sim/fan_model.ts";
import { FanDesk } from "../support/fan_desk.ts";
import { tempDir } from "../support/temp_dir.ts";

/** One that is fast early: 60 % of its duty is 76 % of its speed. */
const BENT_FAN: FanSpec = { ...CASE_FAN, maxRpm: 2600, minRpm: 500, bend: 0.55 };

/** A shelf that may stand still. */
const ZERO = {
  floorPercent: 0,
  causes: [{
    name: "curve",
    sensors: ["nas"],
    combine: "max" as const,
    curve: { shape: "linear" as const, points: [[20, 0], [70, 100]] as const },
  }],
};

Deno.test("a fan that stalls is found, its sibling does its share, and it is believed again", async () => {
  await using desk = new FanDesk([{ name: "left", channels: [0, 1] }]);
  await desk.until(() => desk.driven(0) === 400 && desk.rpm(1) > 600, "both fans at 40 %");
  desk.board("left").machine.setFault(1, "stalled");
  await desk.until(() => desk.findings.length > 0, "the finding");
  assert.deepEqual(desk.findings, ['stall: fan 1 of board "left"']);
  await desk.until(() => desk.driven(0) === 800, "the sibling's share");
  await desk.pass(1500);
  const { out } = await desk.fanctl("status", "nas", "--json");
  const { shelves: [{ causes, fans }] } = JSON.parse(out);
  assert.equal(
    causes[0].text,
    'failsafe: fan 1 of board "left" failed; the other fan does its share -> 80 %',
  );
  assert.deepEqual(
    fans.map(({ channel, state }: { channel: number; state: string }) => [channel, state]),
    [[0, "spinning"], [1, "stalled"]],
  );
  const block = (await desk.fanctl("status", "nas")).out;
  assert.match(block, /^ {2}each +0 of left: spinning at 80 %, \d+ rpm$/m);
  assert.match(block, /^ +1 of left: stalled at 80 %, 0 rpm$/m);
  desk.board("left").machine.setFault(1, "none");
  await desk.until(() => desk.rpm(1) > 1300, "the repaired fan");
  const turnsMs = desk.clock.monotonicMs();
  await desk.until(() => desk.driven(0) === 400, "its own share again");
  assert.deepEqual(desk.findings, []);
  assert.ok(desk.clock.monotonicMs() - turnsMs > 25_000, "not before it has proved itself");
});

Deno.test("a shelf whose only fan does not turn runs at full speed, whatever was ordered", async () => {
  await using desk = new FanDesk([{ name: "left", channels: [2] }]);
  await desk.until(() => desk.rpm(2) > 600, "the fan at 40 %");
  assert.equal((await desk.fanctl("set-pwm-override", "nas", "30")).status, 0);
  await desk.until(() => desk.percent === 30, "the override");
  desk.board("left").machine.setFault(2, "stalled");
  await desk.until(() => desk.driven(2) === "released", "full speed");
  assert.equal(desk.percent, 100);
});

Deno.test("a fan in a hand is not alarmed, and one without a tachometer never is", async () => {
  await using desk = new FanDesk([{ name: "left", channels: [0, 1] }]);
  await desk.until(() => desk.rpm(1) > 600, "both fans at 40 %");
  assert.equal((await desk.fanctl("board", "config", "set", "0.tach", "false")).status, 0);
  desk.board("left").machine.setFault(0, "stalled");
  assert.equal((await desk.fanctl("board", "set", "1", "5", "--for", "40s")).status, 0);
  await desk.until(() => desk.rpm(1) === 0, "the fan in a hand");
  await desk.pass(12_000);
  assert.deepEqual(desk.findings, []);
  await desk.until(() => desk.rpm(1) > 600, "the shelf again");
  await desk.pass(8000);
  assert.deepEqual(desk.findings, []);
});

Deno.test("calibrated fans: 60 % is 60 % of the speed of each, and 0 stops them", async () => {
  await using desk = new FanDesk(
    [{ name: "left", channels: [0, 1], fans: [CASE_FAN, BENT_FAN] }],
    ZERO,
    50,
  );
  await using dir = await tempDir();
  const file = dir.join("left.json");
  await desk.until(() => desk.driven(1) === 600, "60 % as a duty");
  await desk.pass(6000);
  const maxRpms = desk.board("left").machine.fans.map(({ spec }) => spec.maxRpm);
  assert.ok(desk.rpm(1) > (maxRpms[1] ?? 0) * 0.74, "a duty is not a speed");
  desk.tempC = 25;
  await desk.until(() => desk.percent === 10, "a shelf that is cool");
  const { status, err } = await desk.fanctl("board", "calibrate", "0", "1", "--out", file);
  assert.equal(status, 0, err);
  await desk.agents.get("left")?.stop();
  const board = { name: "left", line: "test:", channels: [0, 1] };
  desk.drive("left", await loadFanCalibration(file, board));
  for (const percent of [60, 35, 85]) {
    desk.tempC = 20 + percent / 2;
    await desk.until(() => desk.percent === percent, `${percent} %`);
    await desk.pass(8000);
    for (const channel of [0, 1]) {
      const share = desk.rpm(channel) / (maxRpms[channel] ?? 0) * 100;
      assert.ok(Math.abs(share - percent) < 1.5, `channel ${channel}: ${share} for ${percent}`);
    }
  }
  desk.tempC = 20;
  await desk.until(() => desk.rpm(0) === 0 && desk.rpm(1) === 0, "fans at rest");
  await desk.pass(10_000);
  assert.deepEqual(desk.findings, []);
  // 2 % is less than keeps them turning, and less than starts them.
  desk.tempC = 21;
  await desk.until(() => desk.rpm(0) > 250 && desk.rpm(1) > 450, "fans that have started");
  await desk.pass(10_000);
  assert.ok(desk.rpm(0) > 250 && desk.rpm(0) < 400, `${desk.rpm(0)}`);
  assert.deepEqual(desk.findings, []);
  const details = desk.agents.get("left")?.samples.at(-1)?.details.fans as { start: unknown }[];
  assert.ok(details[0]?.start, "the start was measured");
});

Deno.test("two boards blow for one shelf; what becomes of one is told of that one", async () => {
  await using desk = new FanDesk([
    { name: "left", channels: [0] },
    { name: "right", channels: [0, 1] },
  ]);
  const all = () => [desk.rpm(0), desk.rpm(0, "right"), desk.rpm(1, "right")];
  await desk.until(() => all().every((rpm) => rpm > 600), "all fans at 40 %");
  await desk.pass(6000);
  const slowest = Math.min(...all());
  const told = Number((await desk.fanctl("get-rpm", "nas")).out);
  assert.ok(Math.abs(told - slowest) < 10, `${told} of ${slowest}`);
  desk.board("right").machine.setFault(0, "stalled");
  await desk.until(() => desk.driven(0) === 600, "the share of two others");
  assert.deepEqual(desk.findings, ['stall: fan 0 of board "right"']);
  await desk.agents.get("left")?.stop();
  await desk.until(() => desk.findings.includes('no board: board "left"'), "the board that left");
  assert.equal(desk.driven(0), "released");
  const { out } = await desk.fanctl("status", "nas", "--json");
  assert.deepEqual(
    JSON.parse(out).shelves[0].fans.map(({ board }: { board: string }) => board),
    ["right", "right"],
  );
});
