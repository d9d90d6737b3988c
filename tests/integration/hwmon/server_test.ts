/** A server whose board is a motherboard, as its own process: what it leaves however it ends. */

import assert from "node:assert/strict";
import { ChipTree } from "../../support/chip_tree.ts";
import { freePort } from "../../support/free_port.ts";
import { NotifySocket, testOnNotifySocket } from "../../support/notify_socket.ts";
import { LIBC } from "../../support/permissions_page.ts";
import { runDeno, startDeno } from "../../support/process.ts";
import { fileSensorConfig, ServerProcess, stop } from "../../support/server_process.ts";
import { type TempDir, tempDir } from "../../support/temp_dir.ts";
import { until } from "../../support/until.ts";

/** What the modes of the tree are while nobody has taken anything over. */
const BEFORE = "128 5 77 2";
const ALL = ["pwm1", "pwm1_enable", "pwm2", "pwm2_enable"] as const;

async function configOf(dir: TempDir, { places }: ChipTree, top?: string): Promise<string> {
  const path = await fileSensorConfig(dir, top);
  const board = `
[[board]]
name = "mainboard"
line = "hwmon:nct6775"
sysfs = "${places.sysfsRoot}"
state = "${places.stateDir}"
channels = { shelf1 = [0] }
`;
  await Deno.writeTextFile(path, board, { append: true });
  return path;
}

/** What drives the tree's chip, or gives it back, may do. */
function grantsFor({ places: { stateDir } }: ChipTree): string[] {
  return [`--allow-ffi=${LIBC}`, `--allow-read=${stateDir}`, `--allow-write=${stateDir}`];
}

async function start(dir: TempDir, tree: ChipTree, config: string): Promise<ServerProcess> {
  return await ServerProcess.start(dir, config, { grants: grantsFor(tree) });
}

/** The fan's output follows the shelf: 42.5 °C is 42.5 %. */
async function isDriven(tree: ChipTree): Promise<boolean> {
  return await tree.show("pwm1", "pwm1_enable") === "109 1";
}

async function restore(tree: ChipTree): ReturnType<typeof runDeno> {
  const command = ["client.ts", "board", "restore", "--state", tree.places.stateDir];
  return await runDeno(["run", ...grantsFor(tree), ...command]);
}

Deno.test("a server drives the fans of its motherboard, and leaves them as they were", async () => {
  await using dir = await tempDir();
  await using tree = await ChipTree.make();
  const config = await configOf(dir, tree);
  await using server = await start(dir, tree, config);
  await until(() => isDriven(tree), "the shelf's duty");
  const refused = await restore(tree);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, new RegExp(`process ${server.pid} drives them; end that one first`));
  assert.ok(await isDriven(tree));
  assert.equal((await stop(server, "SIGTERM")).code, 0);
  assert.equal(await tree.show(...ALL), BEFORE);
  assert.equal(await tree.state(), null);
});

Deno.test("what a killed server has left is given back without it, or by its successor", async () => {
  await using dir = await tempDir();
  await using tree = await ChipTree.make();
  const config = await configOf(dir, tree);
  {
    await using server = await start(dir, tree, config);
    await until(() => isDriven(tree), "the shelf's duty");
    await stop(server, "SIGKILL");
  }
  assert.ok(await isDriven(tree));
  const restored = await restore(tree);
  assert.deepEqual([restored.code, restored.stderr], [0, ""]);
  assert.equal(
    restored.stdout,
    "pwm1 of nct6775 at devices/platform/nct6775.656: restored\n",
  );
  assert.equal(await tree.show(...ALL), BEFORE);
  assert.equal((await restore(tree)).stdout, "nothing to give back\n");
  for (const signal of ["SIGKILL", "SIGTERM"] as const) {
    await using server = await start(dir, tree, config);
    await until(() => isDriven(tree), "the shelf's duty");
    await stop(server, signal);
  }
  assert.equal(await tree.show(...ALL), BEFORE);
});

Deno.test("fanctl board restore tells of what it cannot give back, and keeps it", async () => {
  await using dir = await tempDir();
  await using tree = await ChipTree.make();
  const config = await configOf(dir, tree);
  {
    await using server = await start(dir, tree, config);
    await until(() => isDriven(tree), "the shelf's duty");
    await stop(server, "SIGKILL");
  }
  await tree.remove();
  const failed = await restore(tree);
  assert.equal(failed.code, 1);
  assert.match(failed.stdout, /^pwm1 of nct6775 .*: NOT restored, because the chip is not there$/m);
  assert.notEqual(await tree.state(), null);
});

Deno.test("a server finds a chip again whose driver was loaded anew, wherever it is then", async () => {
  await using dir = await tempDir();
  await using tree = await ChipTree.make();
  const config = await configOf(dir, tree);
  await using server = await start(dir, tree, config);
  await until(() => isDriven(tree), "the shelf's duty");
  await tree.remove();
  await server.child.line(/Board "mainboard": Cannot drive pwm\d of nct6775 .*: it has gone; load/);
  await tree.add({ number: 9 });
  await until(() => isDriven(tree), "the shelf's duty again");
  await stop(server, "SIGTERM");
  assert.equal(await tree.show(...ALL), BEFORE);
});

testOnNotifySocket("a server tells its service manager how it is, in its ticks", async () => {
  await using dir = await tempDir();
  const config = await fileSensorConfig(dir, 'store = "none"\ntick_ms = 100');
  await using socket = await NotifySocket.listen(dir.join("notify"));
  const env = { NOTIFY_SOCKET: socket.address, WATCHDOG_USEC: "1000000" };
  const grants = [`--allow-ffi=${LIBC}`, "--allow-env=NOTIFY_SOCKET,WATCHDOG_USEC"];
  await using server = await ServerProcess.start(dir, config, { env, grants });
  for (const message of ["READY=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"]) {
    await socket.next(message);
  }
  assert.equal((await stop(server, "SIGTERM")).code, 0);
  await socket.next("STOPPING=1");
});

Deno.test("a server whose watchdog is shorter than two ticks says so and does not begin", async () => {
  await using dir = await tempDir();
  const config = await fileSensorConfig(dir);
  const env = { NOTIFY_SOCKET: dir.join("notify"), WATCHDOG_USEC: "1500000" };
  const grants = [`--allow-ffi=${LIBC}`, "--allow-env=NOTIFY_SOCKET,WATCHDOG_USEC"];
  await assert.rejects(
    ServerProcess.start(dir, config, { env, grants }),
    /WatchdogSec is 1\.5 s and tick_ms is 1000; let the watchdog have at least two ticks/,
  );
});

Deno.test("--check tells what a motherboard's fans need, and what stands against it", async () => {
  await using dir = await tempDir();
  await using tree = await ChipTree.make();
  const config = await configOf(dir, tree);
  const check = async (...grants: string[]) => {
    const command = ["server.ts", "-c", config, "--check"];
    return await runDeno(["run", "--no-prompt", `--allow-read=${dir.path}`, ...grants, ...command]);
  };
  const ffi = `--allow-ffi=${LIBC}`;
  const good = await check(ffi);
  assert.deepEqual([good.code, good.stderr], [0, ""]);
  const { stateDir } = tree.places;
  assert.match(good.stdout, /^it runs with: deno run .*--allow-ffi=\S*libc\.so\.6 .*-c \S+$/m);
  assert.match(good.stdout, new RegExp(`--allow-read=\\S*,${stateDir}[, ]`));
  assert.match(good.stdout, new RegExp(`--allow-write=${stateDir} `));
  assert.match(
    (await check()).stderr,
    /^fand: board "mainboard": Cannot open the C library: it is/,
  );
  await Deno.remove(tree.path("pwm1"));
  await Deno.remove(tree.path("pwm2"));
  await tree.write("pwm4", "1");
  const text = await Deno.readTextFile(config);
  await Deno.writeTextFile(config, text.replace("[0]", "[0, 7]"));
  await Deno.mkdir(tree.path("pwm5"));
  const far = await check(ffi);
  assert.match(far.stderr, /board "mainboard": Cannot drive channel 7: it has 2 outputs; give ch/);
  await Deno.remove(tree.path("pwm4"));
  const stiff = await check(ffi);
  assert.match(stiff.stderr, /Cannot drive channel 0: "\S*\/pwm5" may not be written; be root, or/);
  await tree.remove();
  const none = await check(ffi);
  assert.equal(none.code, 0);
  assert.match(none.stderr, /Cannot find the outputs of "nct6775": this machine has no chip with/);
});

testOnNotifySocket(
  "an agent tells its service manager how it is, also without a board",
  async () => {
    await using dir = await tempDir();
    await using socket = await NotifySocket.listen(dir.join("notify"));
    await using agent = startDeno([
      "run",
      `--allow-net=127.0.0.1:${freePort()}`,
      `--allow-ffi=${LIBC}`,
      "--allow-env=NOTIFY_SOCKET,WATCHDOG_USEC",
      "client.ts",
      "agent",
      "case=0",
      "--board",
      "hwmon:no_such_chip",
    ], { env: { NOTIFY_SOCKET: socket.address } });
    for (const message of ["READY=1", "WATCHDOG=1", "WATCHDOG=1"]) await socket.next(message);
    agent.kill("SIGTERM");
    await socket.next("STOPPING=1");
    assert.equal((await agent.ended).code, 0);
  },
);
