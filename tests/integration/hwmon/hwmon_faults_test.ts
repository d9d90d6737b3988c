/** A motherboard's outputs whose driver, chip or neighbours do what they should not. */

import assert from "node:assert/strict";
import { BoardError } from "../../../src/errors.ts";
import { ChipTree } from "../../support/chip_tree.ts";
import { HwmonDesk } from "../../support/hwmon_desk.ts";

Deno.test("a value that the chip rounds is no alarm", async () => {
  await using tree = await ChipTree.make();
  await using desk = await HwmonDesk.open(tree);
  desk.driver.rounds = (value) => Math.ceil(value / 10) * 10;
  for (let beat = 0; beat < 100; beat++) {
    const { channels } = await desk.drive(400);
    assert.equal(channels[0]?.compare, 110);
    await desk.clock.advance(500);
  }
  const { counters } = await desk.board.status();
  assert.deepEqual([counters.interferences, counters.roundedValues], [0, 1]);
  assert.equal(desk.log.lines.filter((line) => line.startsWith("warn: ")).length, 0);
  // Told once, and once again every half minute.
  assert.equal(desk.driver.writes.filter((write) => write === "pwm1=102").length, 2);
});

Deno.test("somebody else who changes value or mode is named once, counted and overruled", async () => {
  await using tree = await ChipTree.make();
  await using desk = await HwmonDesk.open(tree);
  await desk.drive(400);
  for (let beat = 0; beat < 5; beat++) {
    await tree.write("pwm1", "20");
    const { channels } = await desk.drive(400);
    assert.equal(channels[0]?.compare, 102);
  }
  await tree.write("pwm1_enable", "5");
  const { counters } = await desk.drive(400);
  assert.equal(await tree.show("pwm1", "pwm1_enable"), "102 1");
  assert.equal(counters.interferences, 6);
  const named = desk.log.lines.filter((line) => line.startsWith("warn: "));
  assert.equal(named.length, 1);
  assert.match(named[0] ?? "", /pwm1 of nct6775 .* its value from 102 to 20/);
});

Deno.test("a driver that is busy for a moment is asked again, at once", async () => {
  await using tree = await ChipTree.make();
  await using desk = await HwmonDesk.open(tree);
  desk.driver.refusals.set("pwm1", { times: 2, errno: 16 });
  const { counters, details } = await desk.drive(400);
  assert.equal(await tree.show("pwm1"), "102");
  assert.equal(counters.refusedWrites, 0);
  assert.equal(details?.channels[0]?.problem, undefined);
});

Deno.test("an output that goes on refusing is given back, told, and tried again later", async () => {
  await using tree = await ChipTree.make();
  await using desk = await HwmonDesk.open(tree);
  const both = () =>
    desk.board.set([{ permille: 400, ttlMs: 3000 }, { permille: 400, ttlMs: 3000 }]);
  // The value cannot be written, the mode can.
  desk.driver.refusals.set("pwm1", { times: 1000, errno: 5 });
  for (let beat = 0; beat < 4; beat++) await both();
  const failing = await both();
  assert.equal(await tree.show("pwm1_enable", "pwm2", "pwm2_enable"), "5 102 1");
  assert.match(failing.details?.channels[0]?.problem ?? "", /^Cannot drive pwm1 of nct6775 .* 5/);
  assert.equal(failing.counters.refusedWrites, 3);
  assert.equal(desk.log.lines.filter((line) => line.startsWith("error: ")).length, 1);
  desk.driver.refusals.clear();
  await desk.clock.advance(2500);
  await both();
  assert.equal(await tree.show("pwm1_enable"), "5");
  await desk.clock.advance(2500);
  const well = await both();
  assert.equal(await tree.show("pwm1", "pwm1_enable"), "102 1");
  assert.equal(well.details?.channels[0]?.problem, undefined);
});

Deno.test("a board of which no output can be driven has failed", async () => {
  await using tree = await ChipTree.make();
  await using desk = await HwmonDesk.open(tree);
  desk.driver.refusals.set("pwm1_enable", { times: 1000, errno: 5 });
  await desk.drive(400);
  await desk.drive(400);
  await assert.rejects(desk.drive(400), (error) => {
    assert.ok(error instanceof BoardError);
    assert.match(error.message, /^Cannot (drive|give back) pwm1 of nct6775 at devices\/platform/);
    return true;
  });
});

Deno.test("where value and mode can only be written, nothing is compared; the end is automatic", async () => {
  await using tree = await ChipTree.make();
  await using desk = await HwmonDesk.open(tree);
  desk.driver.unreadable.add("pwm1").add("pwm1_enable");
  await desk.drive(400);
  const { channels, counters } = await desk.drive(400);
  assert.equal(channels[0]?.compare, 102);
  assert.equal(counters.interferences, 0);
  await tree.write("pwm1_enable", "2");
  desk.clock.skip(30_000);
  await desk.drive(500);
  assert.equal(await tree.read("pwm1_enable"), "1");
  assert.deepEqual((await tree.state())?.["outputs"], { 1: { mode: null, value: null } });
  await desk.board.close();
  assert.equal(await tree.show("pwm1_enable"), "2");
});

Deno.test("an output that cannot be given back is left at full speed, and stays in the file", async () => {
  await using tree = await ChipTree.make();
  await using desk = await HwmonDesk.open(tree);
  await desk.drive(400);
  desk.driver.refusals.set("pwm1_enable", { times: 3, errno: 22 });
  await desk.board.close();
  assert.equal(await tree.show("pwm1", "pwm1_enable"), "255 1");
  assert.match(
    desk.log.lines.join("\n"),
    /Cannot give back pwm1 of nct6775 .* it is left at full speed/,
  );
  assert.deepEqual((await tree.state())?.["outputs"], { 1: { mode: "5", value: "128" } });
});

Deno.test("a chip whose driver is unloaded is lost, and is itself again when it is back", async () => {
  await using tree = await ChipTree.make();
  await using desk = await HwmonDesk.open(tree);
  await desk.drive(400);
  await tree.remove();
  await assert.rejects(desk.drive(400), /it has gone; load its driver again/);
  await desk.board.close();
  await assert.rejects(
    HwmonDesk.open(tree),
    /Cannot find the outputs of "nct6775": this machine has no/,
  );
  // It comes back with another number, and as it was left: with the duty of the process before.
  await tree.add({
    number: 7,
    attributes: { pwm1: "102", pwm1_enable: "1", pwm2: "77", pwm2_enable: "2" },
  });
  await using next = await HwmonDesk.open(tree);
  await next.drive(500);
  assert.equal(await tree.show("pwm1", "pwm1_enable"), "128 1");
  await next.board.close();
  assert.equal(await tree.show("pwm1", "pwm1_enable"), "128 5");
});

Deno.test("a second process is kept off a chip that is driven, and may look at it", async () => {
  await using tree = await ChipTree.make();
  await using desk = await HwmonDesk.open(tree);
  await using other = await HwmonDesk.open(tree);
  await desk.drive(400);
  await assert.rejects(other.drive(200), new RegExp(`process ${Deno.pid} drives them; end that`));
  assert.equal((await other.board.status()).channels[0]?.compare, 102);
  await desk.board.close();
  await other.drive(200);
  assert.equal(await tree.show("pwm1"), "51");
});

Deno.test("what was saved before the last boot is forgotten", async () => {
  await using tree = await ChipTree.make();
  {
    await using desk = await HwmonDesk.open(tree);
    desk.driver.refusals.set("pwm1_enable", { times: 1000, errno: 22 });
    await desk.drive(400);
  }
  const { stateDir } = tree.places;
  const names = await Array.fromAsync(Deno.readDir(stateDir), ({ name }) => name);
  const name = names.find((name) => name.endsWith(".json"));
  const text = await Deno.readTextFile(`${stateDir}/${name}`);
  await Deno.writeTextFile(
    `${stateDir}/${name}`,
    text.replace(/"boot": "[^"]*"/, '"boot": "another"').replace('"5"', '"3"'),
  );
  await using desk = await HwmonDesk.open(tree);
  await desk.drive(400);
  assert.deepEqual((await tree.state())?.["outputs"], { 1: { mode: "5", value: "128" } });
});

Deno.test("a tachometer that reports a fault or nonsense is told as that, not as a speed", async () => {
  await using tree = await ChipTree.make({
    attributes: {
      pwm1: "90",
      fan1_input: "1350000",
      pwm2: "90",
      fan2_input: "900",
      fan2_fault: "1",
      pwm3: "90",
      fan3_input: "",
    },
  });
  await using desk = await HwmonDesk.open(tree);
  const { channels, details } = await desk.board.status();
  assert.deepEqual(channels.map(({ rpm }) => rpm), [null, null, null]);
  const states = details?.channels.map(({ state }) => state);
  assert.deepEqual(states, ["implausible", "implausible", "unknown"]);
});

Deno.test("what a motherboard cannot do is refused with the reason", async () => {
  await using tree = await ChipTree.make();
  await using desk = await HwmonDesk.open(tree);
  const two = (permille: number, ttlMs: number) => [{ permille, ttlMs }, { permille, ttlMs }];
  await assert.rejects(desk.board.config(), /a motherboard's outputs keep none; declare its chan/);
  await assert.rejects(desk.board.saveConfig(), /outputs keep none/);
  await assert.rejects(desk.board.set([]), /0 channels are given and it has 2; give one command/);
  await assert.rejects(desk.board.set(two(1001, 1000)), /1001 permille for 1000 ms is asked for/);
  await assert.rejects(desk.board.set(two(100, 10_001)), /give a duty of 0 to 1000 for at most/);
  await assert.rejects(desk.board.set([{ rpm: 500, ttlMs: 1 }, { rpm: 500, ttlMs: 1 }]), /no perm/);
  assert.deepEqual(desk.driver.writes, []);
});

Deno.test("after a sleep an output is taken over again, and nobody is suspected", async () => {
  await using tree = await ChipTree.make();
  await using desk = await HwmonDesk.open(tree);
  await desk.drive(400);
  // A firmware that sets its chips up anew when the machine wakes; the monotonic clock stood still.
  await tree.write("pwm1", "60");
  await tree.write("pwm1_enable", "5");
  desk.clock.stepWall(3_600_000);
  const { counters } = await desk.drive(400);
  assert.equal(await tree.show("pwm1", "pwm1_enable"), "102 1");
  assert.equal(counters.interferences, 0);
  await desk.board.close();
  assert.equal(await tree.show("pwm1", "pwm1_enable"), "128 5");
});

Deno.test("what a killed process has left is given back, also where this one drives another", async () => {
  await using tree = await ChipTree.make();
  {
    await using killed = await HwmonDesk.open(tree);
    await killed.board.set([{ permille: 300, ttlMs: 1000 }, { permille: 900, ttlMs: 1000 }]);
    // It gives nothing back: no write of a mode succeeds any more.
    for (const mode of ["pwm1_enable", "pwm2_enable"]) {
      killed.driver.refusals.set(mode, { times: 1000, errno: 5 });
    }
  }
  assert.equal(await tree.show("pwm1_enable", "pwm2_enable"), "1 1");
  await using desk = await HwmonDesk.open(tree, "hwmon:nct6775:pwm1");
  await desk.drive(400);
  assert.equal(await tree.show("pwm1", "pwm1_enable", "pwm2", "pwm2_enable"), "102 1 77 2");
  assert.deepEqual(desk.driver.writes, ["pwm2=77", "pwm2_enable=2", "pwm1_enable=1", "pwm1=102"]);
  assert.deepEqual((await tree.state())?.["outputs"], { 1: { mode: "5", value: "128" } });
});
