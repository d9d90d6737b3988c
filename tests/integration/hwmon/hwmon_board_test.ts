/** A motherboard's outputs as a board, on a copy of /sys through the real C library. */

import assert from "node:assert/strict";
import { BoardError } from "../../../src/errors.ts";
import { ChipTree } from "../../support/chip_tree.ts";
import { HwmonDesk } from "../../support/hwmon_desk.ts";

Deno.test("a channel that is driven is taken over; the others stay who they are", async () => {
  await using tree = await ChipTree.make();
  await using desk = await HwmonDesk.open(tree);
  assert.deepEqual(desk.board.hello.channels, [
    { name: "pwm1", steps: 255, tach: true },
    { name: "pwm2", steps: 255, tach: true },
  ]);
  const before = await desk.board.status();
  assert.equal(await tree.show("pwm1", "pwm1_enable"), "128 5");
  assert.deepEqual(desk.driver.writes, []);
  assert.equal(before.details?.channels[0]?.mode, "original");
  const status = await desk.drive(400);
  assert.equal(await tree.show("pwm1", "pwm1_enable", "pwm2", "pwm2_enable"), "102 1 77 2");
  assert.deepEqual(desk.driver.writes, ["pwm1_enable=1", "pwm1=102"]);
  const [one, two] = status.channels;
  assert.deepEqual([one?.permille, one?.compare, one?.rpm, one?.ttlLeftMs], [400, 102, 900, 3000]);
  assert.deepEqual([two?.permille, two?.rpm, two?.flags.failsafe], [302, 700, false]);
  assert.deepEqual(status.details?.channels.map(({ mode }) => mode), ["duty", "original"]);
});

Deno.test("what an output was like is on the disk before anything of it is written", async () => {
  await using tree = await ChipTree.make();
  await using desk = await HwmonDesk.open(tree);
  const states: unknown[] = [];
  desk.driver.onWrite = async () => void states.push((await tree.state())?.["outputs"]);
  await desk.drive(400);
  assert.deepEqual(states[0], { 1: { mode: "5", value: "128" } });
});

Deno.test("closing gives every output its duty and its mode back, and forgets them", async () => {
  await using tree = await ChipTree.make();
  await using desk = await HwmonDesk.open(tree);
  await desk.board.set([{ permille: 300, ttlMs: 1000 }, { permille: 900, ttlMs: 1000 }]);
  assert.equal(await tree.show("pwm1", "pwm1_enable", "pwm2", "pwm2_enable"), "77 1 230 1");
  await desk.board.close();
  await desk.board.close();
  assert.equal(await tree.show("pwm1", "pwm1_enable", "pwm2", "pwm2_enable"), "128 5 77 2");
  assert.equal(await tree.state(), null);
  await assert.rejects(desk.drive(100), /it is closed; open it again/);
});

Deno.test("a channel that nobody has any more is given back while the others go on", async () => {
  await using tree = await ChipTree.make();
  await using desk = await HwmonDesk.open(tree);
  await desk.board.set([{ permille: 300, ttlMs: 1000 }, { permille: 900, ttlMs: 1000 }]);
  await desk.drive(300);
  assert.equal(await tree.show("pwm1", "pwm1_enable", "pwm2", "pwm2_enable"), "77 1 77 2");
  assert.deepEqual((await tree.state())?.["outputs"], { 1: { mode: "5", value: "128" } });
});

Deno.test("a duty that nobody renews ends in the safe level, which is counted and seen to", async () => {
  await using tree = await ChipTree.make();
  await using desk = await HwmonDesk.open(tree, "hwmon:nct6775", 80);
  await desk.board.set([{ permille: 300, ttlMs: 1000 }, { permille: 300, ttlMs: 3000 }]);
  await desk.advance(999, async () => await tree.show("pwm1") === "77", "the duty");
  await desk.advance(1, async () => await tree.show("pwm1") === "204", "the safe level");
  const lapsed = await desk.board.status();
  assert.deepEqual(lapsed.channels.map(({ flags }) => flags.failsafe), [true, false]);
  assert.equal(lapsed.counters.ttlExpired, 1);
  assert.equal(lapsed.details?.channels[0]?.mode, "safe");
  assert.equal(await tree.show("pwm2"), "77");
  await tree.write("pwm1", "20");
  await desk.advance(1000, async () => await tree.show("pwm1") === "204", "the safe level again");
  const renewed = await desk.drive(500);
  assert.deepEqual(
    [renewed.channels[0]?.flags.failsafe, renewed.channels[0]?.flags.latched],
    [false, true],
  );
  assert.equal((await desk.board.clear(1)).channels[0]?.flags.latched, false);
});

Deno.test("an output without a mode is driven, and gets its value back", async () => {
  await using tree = await ChipTree.make({ attributes: { pwm1: "90", fan1_input: "1200" } });
  await using desk = await HwmonDesk.open(tree);
  await desk.drive(1000);
  assert.deepEqual(desk.driver.writes, ["pwm1=255"]);
  assert.match(
    desk.log.lines.join("\n"),
    /nothing regulated it before, and nothing will after fand has ended/,
  );
  await desk.board.close();
  assert.equal(await tree.show("pwm1"), "90");
});

Deno.test("a mode beyond manual and automatic is kept as it is", async () => {
  for (const mode of ["0", "3", "5", "17"]) {
    await using tree = await ChipTree.make({ attributes: { pwm1: "90", pwm1_enable: mode } });
    await using desk = await HwmonDesk.open(tree);
    const { channels } = await desk.drive(1000);
    assert.equal(channels[0]?.rpm, null);
    await desk.board.close();
    assert.equal(await tree.show("pwm1", "pwm1_enable"), `90 ${mode}`);
  }
});

Deno.test("the output's kind of current is left alone", async () => {
  await using tree = await ChipTree.make({
    attributes: { pwm1: "90", pwm1_enable: "2", pwm1_mode: "0", fan1_input: "0" },
  });
  await using desk = await HwmonDesk.open(tree);
  await desk.drive(400);
  await desk.board.close();
  assert.ok(!desk.driver.writes.some((write) => write.startsWith("pwm1_mode")));
  assert.equal(await tree.show("pwm1_mode"), "0");
});

Deno.test("outputs are named in the line, each with its tachometer", async () => {
  await using tree = await ChipTree.make();
  await using desk = await HwmonDesk.open(tree, "hwmon:nct6775@nct6775.656:pwm2=fan1,pwm1=fan9");
  const status = await desk.drive(1000);
  assert.equal(await tree.show("pwm2", "pwm1"), "255 128");
  assert.deepEqual(desk.board.hello.channels.map(({ name, tach }) => [name, tach]), [
    ["pwm2", true],
    ["pwm1", false],
  ]);
  assert.deepEqual(status.channels.map(({ rpm }) => rpm), [900, null]);
  await assert.rejects(
    HwmonDesk.open(tree, "hwmon:nct6775:pwm3"),
    /Cannot drive pwm3 of nct6775 at devices\/platform\/nct6775\.656: it has pwm1, pwm2; name some/,
  );
});

Deno.test("several chips of a name are an error that lists them and tells what to write", async () => {
  await using tree = await ChipTree.make();
  await tree.add({ device: "devices/platform/nct6775.2592", number: 4 });
  await assert.rejects(HwmonDesk.open(tree), (error) => {
    assert.ok(error instanceof BoardError);
    assert.match(
      error.message,
      /2 match, nct6775 at \S+2592, nct6775 at \S+656; name the device of/,
    );
    assert.match(error.message, /as "hwmon:nct6775@nct6775\.2592"$/);
    return true;
  });
  await using desk = await HwmonDesk.open(tree, "hwmon:nct6775@nct6775.2592");
  assert.equal(desk.board.hello.device, "devices/platform/nct6775.2592");
});
