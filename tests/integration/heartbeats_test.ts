/** Peers that are gone without a word, and machines that slept: found by both sides, in time. */

import assert from "node:assert/strict";
import { SocketManager } from "../../src/communication/socket_manager.ts";
import { Board } from "../../src/board/board.ts";
import { Request } from "../../src/wire/request.ts";
import { MachineBoard } from "../support/machine_line.ts";
import { runProcess } from "../support/process.ts";
import { serve } from "../support/serve.ts";
import { TestAgent } from "../support/test_agent.ts";
import { until } from "../support/until.ts";
import { VirtualClock } from "../support/virtual_clock.ts";
import { type WireConnection, WireServer } from "../support/wire_server.ts";

/** Small: what is real here, connections, takes its time beside a clock that is not. */
const STEP_MS = 2;
const SHELF = [{ shelf: "nas", channels: [0] }];

/** A board on a virtual clock and an agent that drives it. */
function rig(port: number, clock: VirtualClock) {
  const board = new MachineBoard(clock);
  const open = () => Board.open(board.openLine(), { clock });
  const agent = new TestAgent(port, SHELF, open, clock);
  const drive = () => board.channel(0).drive;
  const driven = (wanted: number | "released", each?: () => void) =>
    until(async () => {
      await clock.advance(STEP_MS);
      each?.();
      return drive() === wanted;
    }, `${wanted}`);
  return { agent, drive, driven };
}

Deno.test("an agent finds a half-open connection before its duty runs out, and no fan notices", async () => {
  const clock = new VirtualClock();
  const dutyMs: number[] = [];
  let sessions = 0;
  await using server = new WireServer(async ({ request }, connection) => {
    // The first session is dead from its duty on; no report in it is answered.
    if (request !== Request.SUBSCRIBE) return;
    dutyMs.push(clock.monotonicMs());
    const percent = ++sessions === 1 ? 50 : 70;
    await connection.send("duty", "nas", percent, 1, sessions, 0, 3000, 0, clock.monotonicMs());
  });
  const { agent, drive, driven } = rig(server.port, clock);
  await using _agent = agent;
  await driven(500);
  await driven(700, () => assert.notEqual(drive(), "released"));
  const [first = 0, second = 0] = dutyMs;
  assert.ok(second - first < 3000, `${second - first} ms`);
});

Deno.test("an agent without a board says that it is there all the same", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 40 }, config: { rpmTtlMs: 3000 } });
  const noBoard = Promise.withResolvers<never>();
  await using _agent = new TestAgent(served.port, SHELF, () => noBoard.promise, clock);
  const endMs = clock.monotonicMs() + 15_000;
  await until(async () => {
    await clock.advance(50);
    return clock.monotonicMs() >= endMs;
  }, "15 s");
  assert.equal(served.server.counters.agentSilent, 0);
  assert.equal(served.server.counters.accepted, 1);
  noBoard.reject(new Error("none"));
});

Deno.test("a server gives up an agent that says nothing for its time, and no other subscriber", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 40 }, config: { rpmTtlMs: 3000 } });
  const [agent, watcher, reporter] = [
    await served.connect(),
    await served.connect(),
    await served.connect(),
  ];
  await agent.ask("subscribe", "nas");
  await agent.send("set_rpm", ["nas", 900]);
  await watcher.ask("subscribe", "nas");
  assert.equal((await reporter.ask("set_rpm", "nas", 900, { board: "other" }))[0], "ack");
  await reporter.ask("ping");
  await clock.advance(3000);
  assert.equal(served.server.counters.agentSilent, 0);
  await clock.advance(500);
  assert.equal(served.server.counters.agentSilent, 1);
  let last = await agent.next();
  while (last[0] !== "disconnect") last = await agent.next();
  assert.match(String(last[1][0]), /^Cannot wait: no report within 3000 ms; connect again$/);
  await clock.advance(60_000);
  assert.equal(served.server.counters.agentSilent, 1);
  await until(() => served.server.clients === 2, "the end of the agent's session");
});

Deno.test("a machine that has slept asks anew: nothing from before its sleep drives a fan", async () => {
  const clock = new VirtualClock();
  const percents = [50, 70];
  const connections: WireConnection[] = [];
  await using server = new WireServer(async ({ request }, connection) => {
    if (request !== Request.SUBSCRIBE) return;
    connections.push(connection);
    const percent = percents[connections.length - 1] ?? 0;
    await connection.send("duty", "nas", percent, 1, connections.length, 0, 60_000, 0, 0);
  });
  const { agent, drive, driven } = rig(server.port, clock);
  await using _agent = agent;
  await driven(500);
  // Only the wall clock of a machine goes on while it sleeps.
  clock.stepWall(3_600_000);
  const sleptMs = clock.monotonicMs();
  const seen = new Set<unknown>();
  await driven(700, () => seen.add(drive()));
  assert.ok(seen.has("released"), "the old duty went on driving");
  assert.ok(clock.monotonicMs() - sleptMs < 3000);
  await agent.log.line(/^warn: Stood still for 3[56]\d{5} ms; asking the server anew$/);
});

Deno.test("a wall clock that is set back, or on a little, changes nothing", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 50 } });
  const { agent, drive, driven } = rig(served.port, clock);
  await using _agent = agent;
  await driven(500);
  for (const stepMs of [-3_600_000, 1900, -1900, -86_400_000]) {
    clock.stepWall(stepMs);
    const endMs = clock.monotonicMs() + 3000;
    await until(async () => {
      await clock.advance(50);
      assert.equal(drive(), 500, `after a step of ${stepMs} ms`);
      return clock.monotonicMs() >= endMs;
    }, "3 s");
  }
  assert.equal(served.server.counters.accepted, 1);
});

Deno.test("TCP keeps a connection alive at both ends", async () => {
  await using served = serve();
  const sockets = new SocketManager();
  const socket = await sockets.connect("127.0.0.1", served.port);
  await sockets.send(socket, Request.PING);
  await sockets.recv(socket);
  const end = (port: number) => `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const ours = end((socket.localAddr as Deno.NetAddr).port);
  const theirs = end(served.port);
  const { stdout } = await runProcess("cat", ["/proc/net/tcp"]);
  const rows = stdout.split("\n").map((line) => line.trim().split(/\s+/));
  const timers = rows.filter(([, local = "", remote = "", state]) =>
    state === "01" && [local, remote].sort().join() === [ours, theirs].sort().join()
  ).map(([, , , , , timer = ""]) => timer.slice(0, 2));
  // proc(5): 02 is the timer of keepalive.
  assert.deepEqual(timers, ["02", "02"]);
  await sockets.terminate();
});
