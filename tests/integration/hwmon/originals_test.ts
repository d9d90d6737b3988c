/** The files in which it is kept what outputs were like: what they withstand and need. */

import assert from "node:assert/strict";
import { Originals, savedFiles } from "../../../src/board/hwmon/originals.ts";
import { restoreAll } from "../../../src/board/hwmon/restore.ts";
import { BoardError } from "../../../src/errors.ts";
import { Libc } from "../../../src/libc/libc.ts";
import { ChipTree } from "../../support/chip_tree.ts";
import { HwmonDesk } from "../../support/hwmon_desk.ts";
import { LIBC } from "../../support/permissions_page.ts";
import { runDeno } from "../../support/process.ts";
import { tempDir } from "../../support/temp_dir.ts";

const CHIP = { sysfsRoot: "/sys", chip: "nct6775", device: "devices/platform/nct6775.656" };

/** Drives pwm1 and leaves it behind, as a process that is killed does. */
async function abandon(tree: ChipTree): Promise<string> {
  await using desk = await HwmonDesk.open(tree);
  await desk.drive(400);
  desk.driver.refusals.set("pwm1_enable", { times: 1000, errno: 5 });
  await desk.board.close();
  const [path = ""] = await savedFiles(tree.places.stateDir);
  return path;
}

Deno.test("what is known of an output stays until it is dropped, whoever asks", async () => {
  await using dir = await tempDir();
  using libc = new Libc();
  {
    using first = await Originals.open(dir.path, CHIP, libc);
    await first.save(1, { mode: "5", value: "128" });
    await first.save(1, { mode: "1", value: "10" });
    await first.save(2, { mode: null, value: "90" });
    await assert.rejects(Originals.open(dir.path, CHIP, libc), /process \d+ drives them; end that/);
  }
  using second = await Originals.open(dir.path, CHIP, libc);
  assert.deepEqual([...second.outputs], [
    [1, { mode: "5", value: "128" }],
    [2, { mode: null, value: "90" }],
  ]);
  await second.drop(1);
  assert.equal((await savedFiles(dir.path)).length, 1);
  await second.drop(2);
  await second.drop(2);
  assert.deepEqual(await savedFiles(dir.path), []);
});

Deno.test("a file that is damaged, or another program's, is as good as none", async () => {
  await using tree = await ChipTree.make();
  const path = await abandon(tree);
  for (const text of ["{", '{"format": "another"}']) {
    await Deno.writeTextFile(path, text);
    assert.deepEqual(await restoreAll(tree.places.stateDir), { outputs: [], errors: [] });
  }
  await using desk = await HwmonDesk.open(tree);
  await desk.drive(400);
  assert.match(JSON.stringify(await tree.state()), /"format":"fand hwmon state 1"/);
});

Deno.test("what is of another boot is not given back, and forgotten", async () => {
  await using tree = await ChipTree.make();
  const path = await abandon(tree);
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, text.replace(/"boot": "[^"]*"/, '"boot": "another"'));
  await tree.write("pwm1_enable", "3");
  assert.deepEqual(await restoreAll(tree.places.stateDir), { outputs: [], errors: [] });
  assert.equal(await tree.read("pwm1_enable"), "3");
  assert.deepEqual(await savedFiles(tree.places.stateDir), []);
});

Deno.test("an output that the chip has not any more is told, and kept", async () => {
  await using tree = await ChipTree.make();
  await abandon(tree);
  await Deno.remove(tree.path("pwm1"));
  const { outputs: [found], errors } = await restoreAll(tree.places.stateDir);
  assert.deepEqual(errors, []);
  assert.equal(found?.result.kind, "failed");
  assert.match(JSON.stringify(found), /Cannot drive pwm1 of nct6775 .*: it has pwm2; name some/);
  assert.equal((await savedFiles(tree.places.stateDir)).length, 1);
});

Deno.test("where nothing can be kept, nothing is written", async () => {
  await using tree = await ChipTree.make();
  await Deno.writeTextFile(tree.places.stateDir, "in the way");
  await using desk = await HwmonDesk.open(tree);
  await assert.rejects(desk.drive(400), (error) => {
    assert.ok(error instanceof BoardError);
    assert.match(error.message, /^Cannot keep what outputs were like before in ".*": .*; use a fo/);
    return true;
  });
  await assert.rejects(savedFiles(tree.places.stateDir), /Cannot keep what outputs were like/);
  assert.deepEqual(desk.driver.writes, []);
  assert.equal(await tree.show("pwm1", "pwm1_enable"), "128 5");
});

Deno.test("an output whose original is not on the disk is not driven, and tried again", async () => {
  await using tree = await ChipTree.make();
  await using desk = await HwmonDesk.open(tree);
  await Deno.mkdir(tree.places.stateDir);
  // The draft's name is taken by a folder.
  const draft = `${tree.places.stateDir}/nct6775@devices_platform_nct6775.656.json.new`;
  await Deno.mkdir(draft);
  await assert.rejects(desk.drive(400), /Cannot keep what outputs were like before in ".*\.json"/);
  assert.deepEqual(desk.driver.writes, []);
  await Deno.remove(draft);
  await desk.drive(400);
  assert.equal(await tree.show("pwm1", "pwm1_enable"), "102 1");
});

Deno.test("without its permissions it names them and does not ask", async () => {
  const command = ["client.ts", "board", "restore", "--state", "/run/fand"];
  const run = await runDeno(["run", `--allow-ffi=${LIBC}`, ...command]);
  assert.equal(run.code, 1);
  assert.match(
    run.stderr,
    /may not be used; run with --allow-read=\/run\/fand --allow-write=\/run/,
  );
});

Deno.test("a driver of the old kind has its outputs beside its device's files", async () => {
  await using tree = await ChipTree.make({ old: true });
  await using desk = await HwmonDesk.open(tree);
  await desk.drive(400);
  assert.equal(await tree.show("pwm1", "pwm1_enable"), "102 1");
  assert.equal(desk.board.hello.device, "devices/platform/nct6775.656");
});

Deno.test("a controller on USB that was plugged in anew is the same, in the same socket", async () => {
  const usb = (socket: string, number: string) => ({
    chip: "nzxtsmart2",
    device: `devices/pci0000:00/usb1/${socket}/${socket}:1.0/0003:1E71:2010.${number}`,
  });
  await using tree = await ChipTree.make({ ...usb("1-5", "0005"), number: 1 });
  await tree.add({ ...usb("1-6", "0006"), number: 2 });
  {
    await using desk = await HwmonDesk.open(tree, "hwmon:nzxtsmart2@1-6:1.0");
    await desk.drive(400);
    await tree.remove();
    await assert.rejects(desk.drive(400), /it has gone/);
  }
  const left = { pwm1: "102", pwm1_enable: "1", pwm2: "77", pwm2_enable: "2" };
  await tree.add({ ...usb("1-6", "0007"), number: 3, attributes: left });
  const { outputs: [found] } = await restoreAll(tree.places.stateDir);
  assert.equal(found?.result.kind, "restored");
  assert.equal(await tree.show("pwm1", "pwm1_enable"), "128 5");
});
