/** The server as a process: how it starts, obeys signals, remembers, and what it says. */

import assert from "node:assert/strict";
import { Client } from "../support/serve.ts";
import { type ProcessResult, runDeno, startDeno, startProcess } from "../support/process.ts";
import {
  fileSensorConfig,
  serverArgs,
  ServerProcess,
  stop,
  STOP_MS,
} from "../support/server_process.ts";
import { type TempDir, tempDir } from "../support/temp_dir.ts";
import { until } from "../support/until.ts";

/** Runs the server to its end. */
function run(folder: TempDir, args: readonly string[]): Promise<ProcessResult> {
  return runDeno(serverArgs(folder, args), { timeoutMs: 20_000 });
}

/** The duty in percent of the next push that is one. */
async function pushedPercent(client: Client): Promise<number> {
  for (;;) {
    const [request, args] = await client.next();
    if (request === "duty") return Number(args[1]);
  }
}

Deno.test("a server says where it listens and what it runs on", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder);
  await using server = await ServerProcess.start(folder, config);
  assert.equal(
    server.child.stdout,
    `fand: listening on 127.0.0.1:${server.port}; 1 shelf, 1 sensor, 0 boards; ${config}\n`,
  );
  const client = await server.connect();
  await client.ask("subscribe", "shelf1");
  assert.equal(await pushedPercent(client), 42.5);
  assert.equal(server.child.stderr, "");
});

Deno.test("a server listens before its first sensor is read, and stops while one hangs", async () => {
  await using folder = await tempDir();
  const config = await folder.write(
    "fand.toml",
    `store = "none"
[[sensor]]
name = "slow"
type = "command"
argv = ["sleep", "60"]
timeout_ms = 30000
[[shelf]]
name = "shelf1"
[[shelf.cause]]
name = "warmth"
sensors = ["slow"]
shape = "step"
curve = [[20, 20], [80, 80]]
`,
  );
  await using server = await ServerProcess.start(folder, config, { grants: ["--allow-run=sleep"] });
  const client = await server.connect();
  assert.deepEqual(await client.ask("get_pwm", "shelf1"), ["set_pwm", ["shelf1", 100]]);
  await client.ask("subscribe", "shelf1");
  assert.deepEqual(await client.next(), ["pending", ["shelf1"]]);
  const { code, tookMs } = await stop(server, "SIGTERM");
  assert.equal(code, 0);
  assert.ok(tookMs < STOP_MS, `${tookMs} ms`);
});

Deno.test("a server starts again on its port at once, after a stop and after a kill", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder);
  let port = 0;
  for (const signal of ["SIGTERM", "SIGKILL", "SIGTERM"] as const) {
    await using server = await ServerProcess.start(folder, config, { port });
    port = server.port;
    const clients = await Promise.all(Array.from({ length: 5 }, () => server.connect()));
    await Promise.all(clients.map((client) => client.ask("ping")));
    await stop(server, signal);
  }
});

Deno.test("SIGHUP reads a changed configuration while clients stay connected", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder);
  await using server = await ServerProcess.start(folder, config);
  const client = await server.connect();
  await client.ask("subscribe", "shelf1");
  assert.equal(await pushedPercent(client), 42.5);
  const text = await Deno.readTextFile(config);
  const second = text.slice(text.indexOf("[[shelf]]")).replace("shelf1", "shelf2");
  await Deno.writeTextFile(config, text.replace("[80, 80]", "[80, 20]") + second);
  server.child.kill("SIGHUP");
  await server.child.line("fand: reloaded; 2 shelves, 1 sensor, 0 boards");
  while (await pushedPercent(client) !== 20);
  const other = await server.connect();
  assert.deepEqual(await other.ask("list"), ["list", [["shelf1", "shelf2"], null]]);
  assert.equal(server.child.stderr, "");
});

Deno.test("SIGHUP with a bad configuration names every problem and changes nothing", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder);
  await using server = await ServerProcess.start(folder, config);
  const client = await server.connect();
  const text = await Deno.readTextFile(config);
  const bad = text.replace('"file"', '"fiel"').replace("[80, 80]", "[80, 800]");
  for (const wrong of [bad, `${text}\n[[[`, null]) {
    if (wrong === null) await Deno.remove(config);
    else await Deno.writeTextFile(config, wrong);
    server.child.forget();
    server.child.kill("SIGHUP");
    if (wrong === bad) {
      await server.child.line(/fand\.toml:5: .*type: found "fiel", allowed /);
      await server.child.line(/fand\.toml:16: .*curve/);
    }
    await server.child.line(/Cannot (use|read) the configuration/);
    await server.child.line(/the old one stays in force/);
    assert.deepEqual(await client.ask("list"), ["list", [["shelf1"], null]]);
  }
  assertNoStack(server.child.stderr);
  await Deno.writeTextFile(config, text);
  server.child.kill("SIGHUP");
  await server.child.line("fand: reloaded; 1 shelf");
  assert.deepEqual(await client.ask("list"), ["list", [["shelf1"], null]]);
});

Deno.test("--check exits with 0, or with 2 and every problem", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder);
  const good = await run(folder, ["-c", config, "--check"]);
  assert.deepEqual([good.code, good.stderr], [0, ""]);
  const [found, command = ""] = good.stdout.split("\n");
  assert.equal(found, `${config}: no problems found`);
  assert.match(command, /^it runs with: deno run --allow-read=\S* --allow-net=127\.0\.0\.1:9999 /);
  assert.ok(command.endsWith(` -c ${config}`), command);
  const text = await Deno.readTextFile(config);
  await Deno.writeTextFile(config, `prot = 1\n${text.replace("scale = 0.001", "scale = 'x'")}`);
  const bad = await run(folder, ["-c", config, "--check"]);
  assert.equal(bad.code, 2);
  assert.equal(bad.stdout, "");
  assert.match(bad.stderr, /fand\.toml:1: prot: found an unknown key, allowed /);
  assert.match(bad.stderr, /fand\.toml:8: .*scale: found "x", allowed /);
  assert.match(bad.stderr, /Cannot use the configuration .*: 2 problems found; /);
  assertNoStack(bad.stderr);
});

Deno.test("what keeps a server from starting is told in a line, with the documented status", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder);
  const missing = folder.join("no such folder");
  using busy = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const cases: readonly [code: number, args: string[], found: RegExp][] = [
    [1, ["-c", config, "-p", `${busy.addr.port}`], /^fand: Cannot listen on 127\.0\.0\.1 port /],
    [2, ["--prot", "1"], /^fand: Cannot start: .*"--prot".*; see "server\.ts --help"\n$/],
    [2, ["-p", "ninety"], /^fand: Cannot start: .*"ninety"/],
    [2, ["-c", folder.join("nothing.toml")], /^fand: Cannot .*nothing\.toml/],
    [1, ["-c", config, "-p", "0", "-l", `${missing}/log`], /^fand: Cannot open the log file /],
    [1, ["-c", config, "-p", "0", "-P", `${missing}/pid`], /^fand: Cannot write the process id /],
    [1, ["-c", config, "-p", "0", "-a", "192.0.2.1", "--insecure"], /^fand: Cannot .*192\.0\.2\.1/],
    [
      2,
      ["-c", config, "-p", "0", "-a", "0.0.0.0"],
      /^fand: Cannot listen on 0\.0\.0\.0: .*--insecure/,
    ],
  ];
  for (const [code, args, found] of cases) {
    const result = await run(folder, args);
    assert.match(result.stderr, found, args.join(" "));
    assert.equal(result.code, code, result.stderr);
    assertNoStack(result.stderr);
  }
});

Deno.test("an address that this machine does not have is refused", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder);
  const args = serverArgs(folder, ["-c", config, "-p", "0", "-a", "192.0.2.1", "--insecure"])
    .map((arg) => arg.startsWith("--allow-net") ? "--allow-net=192.0.2.1" : arg);
  const { code, stderr } = await runDeno(args);
  assert.equal(code, 1);
  assert.match(stderr, /^fand: Cannot listen on 192\.0\.2\.1 port 0: .*; choose another with -a/);
  assertNoStack(stderr);
});

Deno.test("an acknowledged override and its expiry survive kill -9", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder, `store = "${folder.join("fand.db")}"`);
  const expires = new Date(Math.round(Date.now() / 1000) * 1000 + 3_600_000);
  let epoch = 0;
  for (const round of [0, 1, 2]) {
    await using server = await ServerProcess.start(folder, config);
    const client = await server.connect();
    const [, [hello]] = await client.ask("hello", { protocol: [1, 0] });
    const { epoch: now } = hello as { epoch: number };
    assert.ok(now > epoch, "every start has a later epoch");
    epoch = now;
    if (round === 0) {
      assert.equal((await client.ask("set_pwm_override", "shelf1", 77, expires))[0], "ack");
    } else {
      await until(
        async () => (await client.ask("get_pwm", "shelf1"))[1][1] === 77,
        "the override in force",
      );
      const [, [[status]]] = await client.ask("status", "shelf1") as [
        string,
        [[{ override: { percent: number; expires: Date } }]],
      ];
      assert.deepEqual([status.override.percent, status.override.expires], [77, expires]);
    }
    await stop(server, round === 1 ? "SIGTERM" : "SIGKILL");
  }
});

Deno.test("an override whose time ran out while no server ran is not in force", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder, `store = "${folder.join("fand.db")}"`);
  const expires = new Date(Date.now() + 1500);
  {
    await using server = await ServerProcess.start(folder, config);
    const client = await server.connect();
    assert.equal((await client.ask("set_pwm_override", "shelf1", 77, expires))[0], "ack");
    await stop(server, "SIGKILL");
  }
  await until(() => Date.now() > expires.getTime(), "the expiry");
  await using server = await ServerProcess.start(folder, config);
  const client = await server.connect();
  await client.ask("subscribe", "shelf1");
  assert.equal(await pushedPercent(client), 42.5);
});

Deno.test("the pid file holds the pid while the server runs, whoever else wants the port", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder);
  const pidfile = folder.join("fand.pid");
  await using server = await ServerProcess.start(folder, config, { args: ["-P", pidfile] });
  await until(() => exists(pidfile), "the pid file");
  assert.equal(await Deno.readTextFile(pidfile), `${server.pid}\n`);
  const second = await run(folder, ["-c", config, "-p", `${server.port}`, "-P", pidfile]);
  assert.equal(second.code, 1);
  assert.equal(await Deno.readTextFile(pidfile), `${server.pid}\n`);
  assert.equal((await stop(server, "SIGTERM")).code, 0);
  assert.equal(await exists(pidfile), false);
});

Deno.test("the log file gets time, level and category, and the terminal the same", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder);
  const logfile = folder.join("fand.log");
  await using server = await ServerProcess.start(folder, config, { args: ["-vv", "-l", logfile] });
  const client = await server.connect();
  await client.ask("set_pwm_override", "shelf1", 60);
  await server.child.line(/Override of shelf "shelf1" is now 60 %/);
  await client.writeHex("00000000");
  await server.child.line(/length is 0/);
  await stop(server, "SIGTERM");
  const lines = (await Deno.readTextFile(logfile)).trimEnd().split("\n");
  for (const line of lines) {
    assert.match(
      line,
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info|warning|error) +fand\.\w+: \S/,
    );
  }
  assert.equal(server.child.stderr.trimEnd(), lines.join("\n"));
});

Deno.test("a quiet server prints nothing", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder);
  const pidfile = folder.join("fand.pid");
  const args = serverArgs(folder, ["-c", config, "-p", "0", "-q", "-P", pidfile]);
  await using child = startDeno(args);
  await until(() => exists(pidfile), "the pid file");
  child.kill("SIGTERM");
  assert.equal((await child.ended).code, 0);
  assert.deepEqual([child.stdout, child.stderr], ["", ""]);
});

Deno.test("a server that was stopped for longer than a tick comes back in failsafe", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder, 'store = "none"\ntick_ms = 300');
  await using server = await ServerProcess.start(folder, config, { args: ["-v"] });
  const client = await server.connect();
  await client.ask("subscribe", "shelf1");
  assert.equal(await pushedPercent(client), 42.5);
  server.child.kill("SIGSTOP");
  const stoppedMs = performance.now();
  await until(() => performance.now() - stoppedMs > 1200, "four ticks' time");
  server.child.kill("SIGCONT");
  while (await pushedPercent(client) !== 100);
  await server.child.line(/warning fand\.server: Tick is \d+ ms late; all shelves go to failsafe/);
  while (await pushedPercent(client) !== 42.5);
});

Deno.test("a server without descriptors left serves on, and accepts again when there are some", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder);
  const args = serverArgs(folder, ["-c", config, "-p", "0", "-v"]);
  const limited = ["-c", 'ulimit -n 48 && exec "$0" "$@"', Deno.execPath(), ...args];
  await using child = startProcess("sh", limited);
  const port = Number(/:(\d+);/.exec(await child.line("listening on"))?.[1]);
  const connect = async () => new Client(await Deno.connect({ hostname: "127.0.0.1", port }));
  const [first, ...others] = await Promise.all(Array.from({ length: 60 }, connect));
  assert.ok(first);
  await child.line(/Cannot accept a client: .*; trying again/);
  assert.deepEqual(await first.ask("ping"), ["ack", []]);
  for (const client of others) client.close();
  const late = await connect();
  assert.deepEqual(await late.ask("ping"), ["ack", []]);
  assert.deepEqual(await first.ask("ping"), ["ack", []]);
  late.close();
  first.close();
  child.kill("SIGTERM");
  assert.equal((await child.ended).code, 0);
});

Deno.test("a server drives its own board, draws it, and leaves it in time", async () => {
  await using folder = await tempDir();
  const config = await folder.write(
    "fand.toml",
    `store = "none"
[plant.box]
source = [{ name = "cpu", load = 0.5, idle_w = 10, full_w = 40 }]
[[sensor]]
name = "cpu"
type = "simulated"
plant = "box"
source = "cpu"
[[shelf]]
name = "case"
[[shelf.cause]]
name = "warmth"
sensors = ["cpu"]
shape = "step"
curve = [[0, 45]]
[[board]]
name = "desk"
line = "sim:3"
channels = { case = [0, 1] }
`,
  );
  const grants = ["--allow-read=src,deps.ts,firmware"];
  const args = ["--live", "-vv"];
  await using server = await ServerProcess.start(folder, config, { args, grants });
  await server.child.line(/^Simulated: temperatures, by the thermal plant "box"/);
  await server.child.line(/^Simulated: fans, on the board "desk"/);
  await server.child.line(/^shelf +hottest +duty +register +rpm +why/);
  await server.child.line(/^case +cpu \d\d\.\d °C +45 % +144\/320 +\d\d+ +cpu .* -> 45 %/);
  const { code, tookMs } = await stop(server, "SIGTERM");
  assert.equal(code, 0);
  assert.ok(tookMs < STOP_MS, `${tookMs} ms`);
});

Deno.test("the help and the version are printed without any permission", async () => {
  const help = await runDeno(["run", "--no-prompt", "server.ts", "--help"]);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /--pidfile/);
  const version = await runDeno(["run", "--no-prompt", "server.ts", "-V"]);
  assert.deepEqual([version.code, version.stdout], [0, "fand 0.1.0\n"]);
});

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ size }) => size > 0, () => false);
}

function assertNoStack(stderr: string): void {
  assert.doesNotMatch(stderr, /^\s+at |\.ts:\d+:\d+|Uncaught|TypeError/m);
}
