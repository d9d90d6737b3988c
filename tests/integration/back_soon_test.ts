/** What an agent does with a server that says when it will be back. */

import assert from "node:assert/strict";
import { Request } from "../../src/wire/request.ts";
import type { WireValue } from "../../src/wire/value.ts";
import { Board } from "../../src/board/board.ts";
import { MachineBoard } from "../support/machine_line.ts";
import { TestAgent } from "../support/test_agent.ts";
import { until } from "../support/until.ts";
import { VirtualClock } from "../support/virtual_clock.ts";
import { WireServer } from "../support/wire_server.ts";

const STEP_MS = 5;
const TTL_MS = 5000;

/** A server that leaves with these words after its first duty, and the moments it is asked. */
function leaving(clock: VirtualClock, words: readonly WireValue[]) {
  const askedMs: number[] = [];
  const server = new WireServer(async ({ request }, connection) => {
    if (request !== Request.SUBSCRIBE) return;
    askedMs.push(clock.monotonicMs());
    const seq = askedMs.length;
    await connection.send("duty", "nas", 50, 1, seq, 0, TTL_MS, 0, clock.monotonicMs());
    if (seq > 1) return;
    await connection.send("disconnect", ...words);
    connection.close();
  });
  return { server, askedMs };
}

/** Which of two servers is asked first once the first has left, and after how long. */
async function nextAfter(words: readonly WireValue[]): Promise<["first" | "second", number]> {
  const clock = new VirtualClock();
  const board = new MachineBoard(clock);
  const first = leaving(clock, words);
  await using _first = first.server;
  const otherMs: number[] = [];
  await using second = new WireServer(({ request }) => {
    if (request === Request.SUBSCRIBE) otherMs.push(clock.monotonicMs());
  });
  const open = () => Board.open(board.openLine(), { clock });
  const ports = [first.server.port, second.port];
  await using _agent = new TestAgent(ports, [{ shelf: "nas", channels: [0] }], open, clock);
  await until(async () => {
    await clock.advance(STEP_MS);
    return first.askedMs.length > 1 || otherMs.length > 0;
  }, "the next server");
  const [leftMs = 0, againMs] = first.askedMs;
  return againMs === undefined
    ? ["second", (otherMs[0] ?? 0) - leftMs]
    : ["first", againMs - leftMs];
}

Deno.test("a server that is back while its duty holds is waited for, and no other asked", async () => {
  const [who, afterMs] = await nextAfter(["a restart", 1000]);
  assert.equal(who, "first");
  assert.ok(afterMs >= 1000 && afterMs < TTL_MS, `${afterMs} ms`);
});

Deno.test("a server that is back too late, or does not say when, is not waited for", async () => {
  for (const words of [["an upgrade", 60_000], ["the end"], ["nonsense", "soon"], ["worse", -1]]) {
    const [who, afterMs] = await nextAfter(words);
    assert.equal(who, "second", String(words));
    assert.ok(afterMs < 1000, `${words}: ${afterMs} ms`);
  }
});
