/** A server that is restarted as planned, and machines that stand still, in real processes. */

import assert from "node:assert/strict";
import { Client } from "../support/serve.ts";
import { testOnSimavr } from "../support/simavr_board.ts";
import { until } from "../support/until.ts";
import { Rig, TIMES } from "./rig.ts";

const FAILSAFE_MS = 100;
/** What a machine with two busy processors may add. */
const ALLOWANCE_MS = 900;
/** Duties and readings last for longer than any restart takes. */
const LASTING = { ...TIMES, dutyTtlMs: 20_000, misses: 80 };

testOnSimavr(
  "a planned restart within the TTL speeds up no fan, and says pending until its first readings",
  async () => {
    await using rig = await Rig.start(1, LASTING);
    let leftDuty = 0;
    let isOver = false;
    const watching = until(
      async () => {
        if (!await rig.isAt("duty")) leftDuty++;
        return isOver;
      },
      "the end of the watch",
      60_000,
    );
    rig.readings.set({ stalled: true });
    rig.server.kill("SIGTERM");
    await rig.server.ended;
    await rig.startServer();
    await rig.agent.line(/said disconnect: the server is stopping/);
    using client = new Client(await Deno.connect({ hostname: "127.0.0.1", port: rig.serverPort }));
    await client.send("subscribe", ["a"]);
    assert.deepEqual(await client.next(), ["ack", []]);
    assert.deepEqual(await client.next(), ["pending", ["a"]]);
    // The agent has come back, and what waits tells it neither to hold on nor to let go.
    await until(async () => {
      const { request, args } = await client.receive() ?? {};
      return request === "pending" && args?.[0] === "a" && rig.network.connections > 0;
    }, "an agent that is back");
    rig.readings.set({});
    let next = await client.next();
    while (next[0] !== "duty") next = await client.next();
    assert.equal(next[1][1], 42.5);
    isOver = true;
    await watching;
    assert.equal(leftDuty, 0);
  },
);

testOnSimavr(
  "a planned restart that takes longer than the TTL fails safe, and heals by itself",
  async () => {
    await using rig = await Rig.start(2);
    const startMs = performance.now();
    rig.server.kill("SIGTERM");
    await until(() => rig.isAt("safe"), "both fans at their safe level");
    const tookMs = performance.now() - startMs;
    assert.ok(tookMs <= TIMES.dutyTtlMs + FAILSAFE_MS + ALLOWANCE_MS, `${tookMs} ms`);
    await rig.server.ended;
    await rig.startServer();
    await until(() => rig.isAt("duty"), "both fans at their duty again", 25_000);
  },
);

testOnSimavr("server and agent that both stood still come back by themselves", async () => {
  await using rig = await Rig.start(3);
  const startMs = performance.now();
  for (const child of [rig.server, rig.agent]) child.kill("SIGSTOP");
  await until(() => rig.isAt("safe"), "both fans at their safe level");
  const tookMs = performance.now() - startMs;
  assert.ok(tookMs <= TIMES.dutyTtlMs + FAILSAFE_MS + ALLOWANCE_MS, `${tookMs} ms`);
  for (const child of [rig.agent, rig.server]) child.kill("SIGCONT");
  await until(() => rig.isAt("duty"), "both fans at their duty again", 25_000);
});
