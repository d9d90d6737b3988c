/** The units for systemd: what it thinks of them, and what they run. */

import assert from "node:assert/strict";
import { ChipTree } from "../../support/chip_tree.ts";
import { freePort } from "../../support/free_port.ts";
import { NotifySocket, testOnNotifySocket } from "../../support/notify_socket.ts";
import { REPOSITORY } from "../../support/paths.ts";
import { runProcess, startProcess, type TestProcess } from "../../support/process.ts";
import { fileSensorConfig } from "../../support/server_process.ts";
import { type TempDir, tempDir } from "../../support/temp_dir.ts";
import { testNeeding } from "../../support/test_with.ts";
import { until } from "../../support/until.ts";

const FOLDER = `${REPOSITORY}packaging/systemd/`;
const UNITS = ["fand.service", "fand-agent.service"];
/** Tenths of what `systemd-analyze security` calls exposure; a unit without any care has 96. */
const MOST_EXPOSURE = 25;

for (const unit of UNITS) {
  testNeeding(["systemd-analyze"], `systemd finds nothing wrong with ${unit}`, async () => {
    await using dir = await tempDir();
    const text = await Deno.readTextFile(FOLDER + unit);
    const path = await dir.write(unit, text.replaceAll("/usr/bin/deno", Deno.execPath()));
    const { code, stdout, stderr } = await analyze("verify", "--man=no", path);
    assert.deepEqual([code, stdout, stderr], [0, "", ""]);
  });

  testNeeding(
    ["systemd-analyze"],
    `${unit} leaves its service little to do harm with`,
    async () => {
      const threshold = `--threshold=${MOST_EXPOSURE}`;
      const { code, stdout } = await analyze(
        "security",
        "--offline=true",
        threshold,
        FOLDER + unit,
      );
      assert.equal(code, 0, stdout);
    },
  );

  Deno.test(`${unit} ends a service that is silent, restores, and starts it again`, async () => {
    const settings = await settingsOf(unit);
    assert.equal(settings.get("Type"), "notify");
    assert.ok(Number(settings.get("WatchdogSec")) <= 15);
    assert.equal(settings.get("Restart"), "always");
    assert.match(settings.get("ExecStopPost") ?? "", / board restore$/);
  });
}

testOnNotifySocket("what fand.service runs drives the fans and gives them back", async () => {
  await using dir = await tempDir();
  await using tree = await ChipTree.make();
  const port = freePort();
  const path = await fileSensorConfig(dir, `store = "${dir.join("fand.db")}"\nport = ${port}`);
  const config = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, config.replace(/type = "file"\npath = .*/, FROM_KERNEL) + BOARD);
  await using socket = await NotifySocket.listen(dir.join("notify"));
  {
    await using server = await run("fand.service", "ExecStart", dir, tree, port, socket.address);
    await socket.next("READY=1");
    await socket.next("WATCHDOG=1");
    await until(async () => await tree.read("pwm1_enable") === "1", "a driven output");
    server.kill("SIGKILL");
    await server.ended;
  }
  assert.equal(await tree.read("pwm1_enable"), "1");
  await using restore = await run("fand.service", "ExecStopPost", dir, tree, port, socket.address);
  assert.deepEqual(await restore.result(), {
    code: 0,
    signal: null,
    stdout: "pwm1 of nct6775 at devices/platform/nct6775.656: restored\n",
    stderr: "",
  });
  assert.equal(await tree.show("pwm1", "pwm1_enable"), "128 5");
});

/** The unit grants no folder of the test's, so the temperature is a number of the kernel. */
const FROM_KERNEL = 'type = "file"\npath = "/proc/sys/kernel/ngroups_max"';

const BOARD = `
[[board]]
name = "mainboard"
line = "hwmon:nct6775"
sysfs = "SYSFS"
state = "STATE"
channels = { shelf1 = [0] }
`;

/** Runs what a unit runs, with the test's folders in the place of the system's. */
async function run(
  unit: string,
  setting: string,
  dir: TempDir,
  tree: ChipTree,
  port: number,
  notify: string,
): Promise<TestProcess> {
  const { sysfsRoot, stateDir } = tree.places;
  const file = dir.join("fand.toml");
  const text = await Deno.readTextFile(file);
  await Deno.writeTextFile(file, text.replace("SYSFS", sysfsRoot).replace("STATE", stateDir));
  const command = ((await settingsOf(unit)).get(setting) ?? "")
    .replaceAll("/usr/bin/deno", Deno.execPath())
    .replaceAll("/usr/lib/fand/", REPOSITORY)
    .replaceAll("/etc/fand.toml", file)
    .replaceAll("/run/fand", stateDir)
    .replaceAll("/var/lib/fand", dir.path)
    .replaceAll(":9999", `:${port}`)
    .replace(/ board restore$/, ` board restore --state ${stateDir}`);
  const [program = "", ...args] = command.split(" ");
  return startProcess(program, args, { env: { NOTIFY_SOCKET: notify } });
}

/** The settings of a unit, the last one of each name. */
async function settingsOf(unit: string): Promise<Map<string, string>> {
  const text = await Deno.readTextFile(FOLDER + unit);
  return new Map(
    [...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
}

function analyze(...args: string[]): ReturnType<typeof runProcess> {
  return runProcess("systemd-analyze", ["--no-pager", ...args], { timeoutMs: 30_000 });
}
