import assert from "node:assert/strict";
import type { RigAddress } from "../../../mod.ts";
import { FairInbox, MAX_WAITING, MAX_WAITING_OF_PEER } from "../../../src/rig/link/fair_inbox.ts";
import { newCounters } from "../../../src/rig/link/link.ts";

const peer = (port: number): RigAddress => ["192.0.2.1", port];

/** An inbox whose handler takes a message only when the test says so. */
function held() {
  const counters = newCounters();
  const order: string[] = [];
  let next = Promise.withResolvers<void>();
  const inbox = new FairInbox(async (bytes, from) => {
    order.push(`${from[1]}:${bytes[0]}`);
    await next.promise;
  }, counters);
  const step = async (): Promise<void> => {
    const before = next;
    next = Promise.withResolvers<void>();
    before.resolve();
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  return { inbox, counters, order, step };
}

Deno.test("peers are handled in turn, each in its own order", async () => {
  const { inbox, order, step } = held();
  for (let count = 0; count < 4; count++) inbox.push(Uint8Array.of(count), peer(1));
  inbox.push(Uint8Array.of(0), peer(2));
  inbox.push(Uint8Array.of(1), peer(2));
  for (let count = 0; count < 6; count++) await step();
  assert.deepEqual(order, ["1:0", "1:1", "2:0", "1:2", "2:1", "1:3"]);
});

Deno.test("one peer has only so many messages waiting, and all together too", async () => {
  const { inbox, counters, order, step } = held();
  for (let count = 0; count < MAX_WAITING_OF_PEER + 11; count++) {
    inbox.push(Uint8Array.of(1), peer(1));
  }
  // One of them is being handled.
  assert.equal(counters.dropped, 10);
  for (let port = 2; port < 2 + 2 * MAX_WAITING; port++) inbox.push(Uint8Array.of(1), peer(port));
  assert.equal(counters.dropped, 10 + MAX_WAITING + MAX_WAITING_OF_PEER);
  inbox.clear();
  await step();
  inbox.push(Uint8Array.of(9), peer(7));
  await step();
  assert.deepEqual(order, ["1:1", "7:9"]);
});
