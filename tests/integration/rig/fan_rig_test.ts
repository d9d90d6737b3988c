/** The fans as a service on a rig: a real server, and rigs that talk to it. */

import assert from "node:assert/strict";
import { EchoCommunicator, ExpMessage, ExpStatus, SocketManager } from "../../../mod.ts";
import type { RigConfig } from "../../../src/config/rig_config.ts";
import type { ProfileConfig } from "../../../src/config/profile_config.ts";
import { freePort } from "../../support/free_port.ts";
import { RecordedLog } from "../../support/recorded_log.ts";
import { rejects } from "../../support/rejects.ts";
import { serve, testConfig, type TestServer } from "../../support/serve.ts";
import { until } from "../../support/until.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

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

const RIG: RigConfig = {
  listen: "udp://127.0.0.1:0",
  peers: ["127.0.0.1"],
  profile: "quiet",
  maxMs: 60_000,
};

const REFERENCE = "2030-01-31_1_subject";

type Told = Record<string, unknown> & { shelves: Record<string, Record<string, unknown>> };

/** A server whose shelf `nas` is at 50 °C, so at 50 %, on a clock that only the test moves. */
async function rigServer(rig: Partial<RigConfig> = {}, log?: RecordedLog) {
  const clock = new VirtualClock();
  const test = serve({
    clock,
    tempsC: { nas: 50 },
    ...log && { log },
    config: { profiles: [QUIET], rig: { ...RIG, ...rig } },
  });
  await test.server.listenToRigs();
  await clock.advance(1000);
  return { test, clock };
}

function uriOf({ server }: TestServer): string {
  const { uri } = server.rigs;
  assert.ok(uri);
  return uri;
}

/** Tells the fans something and gives what they answer, while their clock moves on. */
async function ask(
  rig: EchoCommunicator,
  clock: VirtualClock,
  event: number,
  ...data: unknown[]
): Promise<unknown[]> {
  const answer = rig.onEvent(event);
  const failure = rig.onEvent(0);
  await rig.confirmedSend([event, ...data]);
  await until(async () => {
    await clock.advance(1);
    return answer.done() || failure.done();
  }, `the answer to ${ExpMessage.nameOf(event)}`);
  const found = failure.done() ? failure.result()[0] : answer.result()[0];
  rig.clearCallbacks(event);
  rig.clearCallbacks(0);
  return found;
}

function percent({ server }: TestServer): number {
  return server.controller.shelf("nas").decision.percent;
}

for (const proto of ["udp", "tcp", "ws"]) {
  Deno.test(`the fans are quiet from EXPSTART to EXPEND, over ${proto}`, async () => {
    const { test, clock } = await rigServer({ listen: `${proto}://127.0.0.1:0` });
    await using _server = test;
    await using rig = await EchoCommunicator.client(uriOf(test));
    assert.equal(percent(test), 50);

    const [reference, told] = await ask(rig, clock, ExpMessage.EXPSTART, REFERENCE, null);
    assert.equal(reference, REFERENCE);
    assert.equal((told as Told)["profile"], "quiet");
    await clock.advance(1000);
    assert.equal(percent(test), 25);

    await ask(rig, clock, ExpMessage.EXPEND, null);
    await clock.advance(1000);
    assert.equal(percent(test), 50);
    assert.deepEqual(test.server.audited, { recorded: 2, omitted: 0 });
  });
}

for (const event of [ExpMessage.EXPINTERRUPT, ExpMessage.EXPCLEANUP]) {
  Deno.test(`${ExpMessage.nameOf(event)} ends the quiet profile too`, async () => {
    const { test, clock } = await rigServer();
    await using _server = test;
    await using rig = await EchoCommunicator.client(uriOf(test));
    await ask(rig, clock, ExpMessage.EXPSTART, REFERENCE, null);
    await ask(rig, clock, event, null);
    await clock.advance(1000);
    assert.equal(percent(test), 50);
  });
}

Deno.test("a repeated EXPSTART never extends, and starts nothing when its time is up", async () => {
  const { test, clock } = await rigServer();
  await using _server = test;
  await using rig = await EchoCommunicator.client(uriOf(test));
  const left = (answer: unknown[]): number => Number((answer[1] as Told)["left_ms"]);
  const first = left(await ask(rig, clock, ExpMessage.EXPSTART, REFERENCE, null));
  await clock.advance(30_000);
  const second = left(await ask(rig, clock, ExpMessage.EXPSTART, REFERENCE, null));
  const other = left(await ask(rig, clock, ExpMessage.EXPSTART, "2030-01-31_2_subject", null));
  assert.ok(first - second >= 30_000 && second > other, `${first} ${second} ${other}`);
  await clock.advance(30_000);
  assert.equal(percent(test), 50);
  const [text, event] = await ask(rig, clock, ExpMessage.EXPSTART, REFERENCE, null);
  assert.match(String(text), /LimitError: Cannot be quiet .*: its time is up/);
  assert.equal(event, ExpMessage.EXPSTART);
  await clock.advance(1000);
  assert.equal(percent(test), 50);
  await ask(rig, clock, ExpMessage.EXPEND, null);
  await ask(rig, clock, ExpMessage.EXPSTART, REFERENCE, null);
  await clock.advance(1000);
  assert.equal(percent(test), 25);
});

Deno.test("EXPSTATUS and EXPINFO answer with temperatures, duty and rpm", async () => {
  const { test, clock } = await rigServer();
  await using _server = test;
  await using rig = await EchoCommunicator.client(uriOf(test));
  const agent = await test.connect();
  await agent.ask("set_rpm", "nas", 1234);
  const [status, told] = await ask(rig, clock, ExpMessage.EXPSTATUS, ExpStatus.CONNECTED);
  assert.equal(status, ExpStatus.CONNECTED);
  assert.deepEqual((told as Told).shelves, { nas: { temp_c: 50, duty_percent: 50, rpm: 1234 } });
  await ask(rig, clock, ExpMessage.EXPINIT, null);
  const [now, info] = await ask(rig, clock, ExpMessage.EXPINFO, ExpStatus.CONNECTED, null);
  assert.equal(now, ExpStatus.INITIALIZED);
  const { nas } = (info as Told).shelves;
  assert.deepEqual(nas?.["sensors"], { nas: 50 });
  assert.match(String(nas?.["why"]), /50.0 °C -> 50 %/);
  await ask(rig, clock, ExpMessage.EXPSTART, REFERENCE, null);
  assert.equal((await ask(rig, clock, ExpMessage.EXPSTATUS, 0))[0], ExpStatus.RUNNING);
  await ask(rig, clock, ExpMessage.EXPEND, null);
  assert.equal((await ask(rig, clock, ExpMessage.EXPSTATUS, 0))[0], ExpStatus.STOPPED);
});

Deno.test("a critical temperature outranks the experiment and is sent as EXPINTERRUPT", async () => {
  const { test, clock } = await rigServer();
  await using _server = test;
  await using rig = await EchoCommunicator.client(uriOf(test));
  await ask(rig, clock, ExpMessage.EXPSTART, REFERENCE, null);
  await clock.advance(1000);
  const interrupted = rig.onEvent("EXPINTERRUPT");
  test.tempsC.set("nas", 95);
  await clock.advance(1000);
  assert.equal(percent(test), 100);
  await until(async () => {
    await clock.advance(1);
    return interrupted.done();
  }, "the interruption");
  const [[told]] = interrupted.result();
  assert.equal((told as Told)["reference"], REFERENCE);
  assert.match(String((told as Told)["reason"]), /shelf "nas": .*95/);
  test.tempsC.set("nas", 50);
  await until(async () => {
    await clock.advance(1000);
    return percent(test) === 50;
  }, "the curve again: the interrupted experiment is over");
  const [refused] = await ask(rig, clock, ExpMessage.EXPSTART, REFERENCE, null);
  assert.match(String(refused), /a temperature is critical; end it/);
});

Deno.test("a failsafe outranks the experiment", async () => {
  const { test, clock } = await rigServer();
  await using _server = test;
  await using rig = await EchoCommunicator.client(uriOf(test));
  await ask(rig, clock, ExpMessage.EXPSTART, REFERENCE, null);
  test.tempsC.delete("nas");
  test.misses.set("nas", "unplugged");
  await clock.advance(10_000);
  assert.equal(percent(test), 100);
});

Deno.test("a host that is not listed is neither heard nor answered", async () => {
  const { test, clock } = await rigServer({ peers: ["::1"] });
  await using _server = test;
  await using rig = await EchoCommunicator.client(uriOf(test), { echoTimeoutMs: 50 });
  await rejects(rig.start(REFERENCE), "FandTimeoutError", /nothing came back/);
  await clock.advance(1000);
  assert.equal(percent(test), 50);
  assert.equal(test.server.rigs.counters?.foreign, 1);
});

Deno.test("what rigs were refused is told for as long as the server runs", async () => {
  const { test } = await rigServer({ peers: ["::1"] });
  await using _server = test;
  const { server } = test;
  await using rig = await EchoCommunicator.client(uriOf(test), { echoTimeoutMs: 50 });
  await rejects(rig.start(REFERENCE), "FandTimeoutError", /nothing came back/);
  const sockets = new SocketManager();
  const socket = await sockets.connect("127.0.0.1", server.address.port);
  const counted = async (): Promise<Record<string, number>> => {
    const [, [counters]] = await sockets.call(socket, "counters");
    return counters as Record<string, number>;
  };
  assert.equal((await counted())["rig_foreign"], 1);
  await server.reload(testConfig({ config: { profiles: [QUIET], rig: null } }));
  assert.equal((await counted())["rig_foreign"], 1);
  await sockets.terminate();
});

Deno.test("a reload keeps an experiment, moves the listener, and ends both when told", async () => {
  const { test, clock } = await rigServer();
  await using _server = test;
  const { server } = test;
  const uri = uriOf(test);
  await using rig = await EchoCommunicator.client(uri);
  await ask(rig, clock, ExpMessage.EXPSTART, REFERENCE, null);
  const config = testConfig({ config: { profiles: [QUIET], rig: RIG } });
  await server.reload(config);
  assert.equal(uriOf(test), uri);
  await clock.advance(1000);
  assert.equal(percent(test), 25);

  await server.reload({ ...config, rig: { ...RIG, listen: "tcp://127.0.0.1:0" } });
  assert.match(uriOf(test), /^tcp:/);
  await using other = await EchoCommunicator.client(uriOf(test));
  const [, told] = await ask(other, clock, ExpMessage.EXPSTATUS, 0);
  assert.equal((told as Told)["experiment"], REFERENCE);

  await server.reload({ ...config, rig: null });
  assert.equal(server.rigs.uri, null);
  await clock.advance(1000);
  assert.equal(percent(test), 50);
});

Deno.test("a reload with other peers or times listens at the same place", async () => {
  const listen = `tcp://127.0.0.1:${freePort()}`;
  const { test, clock } = await rigServer({ listen });
  await using _server = test;
  const { server } = test;
  const config = testConfig({ config: { profiles: [QUIET], rig: { ...RIG, listen } } });
  await server.reload({ ...config, rig: { ...RIG, listen, maxMs: 5000 } });
  assert.equal(uriOf(test), listen);
  await using rig = await EchoCommunicator.client(listen);
  const [, told] = await ask(rig, clock, ExpMessage.EXPSTART, REFERENCE, null);
  assert.equal((told as Told)["left_ms"], 5000);
  await server.reload({ ...config, rig: { ...RIG, listen, peers: ["::1"] } });
  assert.match(await rig.onConnectionLost, /closed|reset/);
  await using other = await EchoCommunicator.client(listen);
  assert.match(await other.onConnectionLost, /closed|reset/);
  assert.equal(server.rigs.counters?.foreign, 1);
});

Deno.test("a reload that cannot listen changes nothing", async () => {
  const log = new RecordedLog();
  const { test } = await rigServer({}, log);
  await using _server = test;
  const { server } = test;
  const before = { uri: server.rigs.uri, config: server.config };
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const config = testConfig({ config: { profiles: [QUIET], rig: RIG } });
  const listen = `tcp://127.0.0.1:${taken.addr.port}`;
  await rejects(
    server.reload({ ...config, rig: { ...RIG, listen } }),
    "ListeningError",
    /Cannot listen to rigs at tcp:.*EADDRINUSE/,
  );
  await rejects(
    server.reload({ ...config, rig: { ...RIG, listen: "udp://0.0.0.0:11001" } }),
    "ListeningError",
    /anybody who reaches it could slow your fans/,
  );
  assert.deepEqual({ uri: server.rigs.uri, config: server.config }, before);
});
