import assert from "node:assert/strict";
import { backoffMs, patienceMs } from "../../../src/backoff.ts";
import { Wakeup } from "../../../src/agent/wakeup.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

Deno.test("backoffMs doubles its bound up to a limit and takes any part of it", () => {
  const backoff = { firstMs: 100, mostMs: 1000 };
  const bounds = [1, 2, 3, 4, 5, 60].map((failures) => backoffMs(failures, 1, backoff));
  assert.deepEqual(bounds, [100, 200, 400, 800, 1000, 1000]);
  assert.equal(backoffMs(3, 0, backoff), 0);
  assert.equal(backoffMs(3, 0.5, backoff), 200);
});

Deno.test("patienceMs grows with every failure, up to four times the first", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 60].map((failures) => patienceMs(failures, 5000)), [
    5000,
    10_000,
    15_000,
    20_000,
    20_000,
    20_000,
  ]);
});

Deno.test("Wakeup waits its time, or until it is woken", async () => {
  const clock = new VirtualClock();
  const wakeup = new Wakeup(clock, new AbortController().signal);
  let ended = 0;
  wakeup.wait(1000).then(() => ended++);
  await clock.advance(999);
  assert.equal(ended, 0);
  await clock.advance(1);
  assert.equal(ended, 1);
  wakeup.wait(1000).then(() => ended++);
  wakeup.wake();
  await clock.advance(0);
  assert.equal(ended, 2);
  assert.equal(clock.waiting, 0);
});

Deno.test("Wakeup remembers a wake that came between two waits, and an abort", async () => {
  const clock = new VirtualClock();
  const stop = new AbortController();
  const wakeup = new Wakeup(clock, stop.signal);
  wakeup.wake();
  await wakeup.wait(1000);
  stop.abort();
  await wakeup.wait(1000);
  await wakeup.wait(1000);
  assert.equal(clock.waiting, 0);
});
