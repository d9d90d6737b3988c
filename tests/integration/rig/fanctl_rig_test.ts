/** `fanctl rig` against a real server, and the server as its own process. */

import assert from "node:assert/strict";
import { EchoCommunicator } from "../../../mod.ts";
import { runFanctl } from "../../../src/cli/main.ts";
import type { ProfileConfig } from "../../../src/config/profile_config.ts";
import { freePort } from "../../support/free_port.ts";
import { serve } from "../../support/serve.ts";
import { fileSensorConfig, ServerProcess } from "../../support/server_process.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { TestIo } from "../../support/test_io.ts";

const QUIET: ProfileConfig = {
  name: "quiet",
  shelves: null,
  percent: 25,
  addPercent: 0,
  minPercent: 0,
  maxPercent: 100,
  maxMs: 60_000,
  schedule: null,
};

async function fanctl(...words: string[]): Promise<{ status: number; out: string; err: string }> {
  const io = new TestIo();
  const status = await runFanctl(words, io);
  return { status, out: io.out, err: io.err };
}

/** A server that listens to rigs. */
async function rigServer() {
  const rig = {
    listen: "udp://127.0.0.1:0",
    peers: ["127.0.0.1"],
    profile: "quiet",
    maxMs: 60_000,
  };
  const test = serve({ tempsC: { nas: 50 }, config: { profiles: [QUIET], rig } });
  await test.server.listenToRigs();
  return test;
}

Deno.test("fanctl rig send makes the fans quiet, and rig status shows it", async () => {
  await using test = await rigServer();
  const uri = String(test.server.rigs.uri);
  const started = await fanctl("rig", "send", "expstart", "2030-01-31_1_subject", "--to", uri);
  assert.match(started.out, /^EXPSTART \["2030-01-31_1_subject",\{.*"profile":"quiet"/);
  const { status, out } = await fanctl("rig", "status", uri);
  assert.equal(status, 0);
  assert.match(out, /^RUNNING, experiment 2030-01-31_1_subject, 60 s left, profile quiet\n/);
  assert.match(out, /\nSHELF +HOTTEST +DUTY +RPM +WHY\nnas +50\.0 °C +\d+ % +unknown /);
  const json = JSON.parse((await fanctl("rig", "status", uri, "--json")).out);
  assert.equal(json.status, 20);
  assert.equal(json.shelves.nas.temp_c, 50);
  await fanctl("rig", "send", "EXPEND", "--to", uri);
  assert.match((await fanctl("rig", "status", uri)).out, /^STOPPED, profile none\n/);
});

Deno.test("fanctl rig tells what a rig says has failed, and what answers nothing", async () => {
  await using rig = await EchoCommunicator.server("udp://127.0.0.1:0");
  rig.assignCallback("EXPSTART", () => {
    throw new Error("no film in the camera");
  });
  const failed = await fanctl("rig", "send", "expstart", "x", "--to", rig.serverUri);
  assert.equal(failed.status, 1);
  assert.match(failed.err, /Cannot do EXPSTART: udp:.* says "Error: no film in the camera"/);
  const silent = await fanctl("rig", "send", "expend", "--timeout", "0.2", "--to", rig.serverUri);
  assert.equal(silent.status, 0);
  assert.match(silent.out, /has confirmed it, and answers nothing\n$/);
  const nothing = await fanctl("rig", "status", "--timeout", "0.2", rig.serverUri);
  assert.match(nothing.err, /confirms, but tells nothing of fans/);
});

Deno.test("fanctl rig says what is wrong with an event, a URI and a rig that is not there", async () => {
  for (
    const [words, expected] of [
      [["send", "expfoo"], /Cannot find the message "expfoo": .* EXPINIT, EXPSTART/],
      [["send", "expinit", "--to", "nas:65536"], /Cannot use the port "65536" of "nas:65536"/],
      [["status", "udp://:1"], /it names no host/],
      [[], /no command for rig is given/],
    ] as const
  ) {
    const { status, err } = await fanctl("rig", ...words);
    assert.equal(status, 2);
    assert.match(err, expected);
  }
  const port = freePort();
  const tcp = await fanctl("rig", "status", `tcp://127.0.0.1:${port}`);
  assert.match(tcp.err, /ECONNREFUSED/);
  const udp = await fanctl("rig", "status", `127.0.0.1:${port}`, "--timeout", "0.1");
  assert.deepEqual([tcp.status, udp.status], [1, 1]);
  assert.match(udp.err, /nothing came back from udp:.* within 100 ms/);
});

Deno.test("a server process listens to rigs, and SIGHUP changes where", async () => {
  await using folder = await tempDir();
  const profile = '[[profile]]\nname = "quiet"\npercent = 25\n';
  const rig = (port: number): string => `[rig]\nlisten = "tcp://127.0.0.1:${port}"\n`;
  const config = await fileSensorConfig(folder);
  const base = await Deno.readTextFile(config);
  const ports = [freePort(), freePort()] as const;
  await Deno.writeTextFile(config, base + profile + rig(ports[0]));
  await using server = await ServerProcess.start(folder, config);
  const before = await fanctl("rig", "status", `tcp://127.0.0.1:${ports[0]}`);
  assert.match(before.out, /^CONNECTED, profile none\n/);
  await Deno.writeTextFile(config, base + profile + rig(ports[1]));
  server.child.kill("SIGHUP");
  await server.child.line("reloaded");
  const after = await fanctl("rig", "status", `tcp://127.0.0.1:${ports[1]}`);
  assert.equal(after.status, 0);
  assert.equal((await fanctl("rig", "status", `tcp://127.0.0.1:${ports[0]}`)).status, 1);
});

Deno.test("a server whose rig address is taken does not start, and says so", async () => {
  await using folder = await tempDir();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const config = await fileSensorConfig(folder);
  const rig = `[[profile]]\nname = "quiet"\npercent = 25\n[rig]\n` +
    `listen = "tcp://127.0.0.1:${taken.addr.port}"\n`;
  await Deno.writeTextFile(config, await Deno.readTextFile(config) + rig);
  await assert.rejects(
    () => ServerProcess.start(folder, config),
    /Cannot listen to rigs at tcp:.*EADDRINUSE/,
  );
});
