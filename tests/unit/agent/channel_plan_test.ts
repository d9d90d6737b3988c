import assert from "node:assert/strict";
import { ChannelPlan, type DutyPush } from "../../../src/agent/channel_plan.ts";

const push = (over: Partial<DutyPush> = {}): DutyPush => ({
  shelf: "nas",
  percent: 40,
  epoch: 1,
  seq: 1,
  ttlMs: 3000,
  urgentPercent: 0,
  sentMs: null,
  ...over,
});

const plan = () =>
  new ChannelPlan([{ shelf: "nas", channels: [0] }, { shelf: "rack", channels: [2] }], 100);

Deno.test("ChannelPlan is born at the safe level, channels without a shelf included", () => {
  assert.deepEqual(plan().commands(3, 10_000, 0), [
    { permille: 1000, ttlMs: 10_000 },
    { permille: 1000, ttlMs: 10_000, unowned: true },
    { permille: 1000, ttlMs: 10_000 },
  ]);
});

Deno.test("ChannelPlan hands on a duty with the time that is left of it", () => {
  const held = plan();
  assert.ok(held.take(push(), 100));
  assert.deepEqual(held.commands(3, 10_000, 1100)[0], { permille: 400, ttlMs: 2000 });
  assert.deepEqual(held.commands(3, 500, 1100)[0], { permille: 400, ttlMs: 500 });
  assert.equal(held.nextExpiryMs(1100), 3100);
});

Deno.test("ChannelPlan lets a stale shelf go safe while the others go on", () => {
  const held = plan();
  held.take(push(), 0);
  held.take(push({ shelf: "rack", percent: 55.5, ttlMs: 9000 }), 0);
  const commands = held.commands(3, 10_000, 3000);
  assert.equal(commands[0]?.permille, 1000);
  assert.equal(commands[2]?.permille, 555);
  assert.equal(held.state("nas", 3000), "failsafe");
  assert.deepEqual(held.newlyExpired(3000), ["nas"]);
  assert.deepEqual(held.newlyExpired(3001), []);
});

Deno.test("ChannelPlan drops what is older than what it holds", () => {
  const held = plan();
  assert.ok(held.take(push({ seq: 5 }), 0));
  assert.equal(held.take(push({ seq: 5, percent: 10 }), 1), false);
  assert.equal(held.take(push({ seq: 4, percent: 10 }), 1), false);
  assert.equal(held.take(push({ epoch: 0, seq: 9, percent: 10 }), 1), false);
  assert.equal(held.commands(3, 10_000, 2)[0]?.permille, 400);
  assert.ok(held.take(push({ epoch: 2, seq: 1, percent: 70 }), 3));
  assert.equal(held.commands(3, 10_000, 4)[0]?.permille, 700);
});

Deno.test("ChannelPlan takes nothing that is older than what it heard last, held or not", () => {
  const held = plan();
  held.take(push({ epoch: 9, seq: 50, ttlMs: 3000 }), 0);
  for (const nowMs of [2999, 3000, 1e9]) {
    assert.equal(held.take(push({ epoch: 8, seq: 99, percent: 70 }), nowMs), false);
    assert.equal(held.take(push({ epoch: 9, seq: 50, percent: 70 }), nowMs), false);
  }
  held.forget();
  assert.equal(held.take(push({ epoch: 9, seq: 49, percent: 70 }), 3000), false);
  assert.ok(held.take(push({ epoch: 9, seq: 51, percent: 70 }), 3000));
  assert.equal(held.commands(3, 10_000, 3001)[0]?.permille, 700);
});

Deno.test("ChannelPlan gives every shelf up at once when it is told to forget", () => {
  const held = plan();
  held.take(push(), 0);
  assert.ok(held.holdsAny(2999));
  assert.ok(!held.holdsAny(3000));
  held.forget();
  assert.ok(!held.holdsAny(1));
  assert.equal(held.commands(3, 10_000, 1)[0]?.permille, 1000);
  assert.equal(held.nextExpiryMs(1), null);
});

Deno.test("ChannelPlan refuses what is no duty, and shelves that are not its own", () => {
  const held = plan();
  for (
    const bad of [{ percent: NaN }, { percent: -1 }, { percent: 101 }, { ttlMs: 0 }, {
      shelf: "other",
    }]
  ) {
    assert.equal(held.take(push(bad), 0), false);
  }
  assert.equal(held.state("nas", 0), "waiting");
  assert.equal(held.nextExpiryMs(0), null);
});

Deno.test("ChannelPlan holds again after a shelf has come back", () => {
  const held = plan();
  held.take(push(), 0);
  assert.deepEqual(held.newlyExpired(5000), ["nas"]);
  held.take(push({ seq: 2 }), 6000);
  assert.equal(held.state("nas", 6000), "held");
  assert.deepEqual(held.newlyExpired(9000), ["nas"]);
});

Deno.test("ChannelPlan holds nothing for longer than a minute, whatever a server says", () => {
  const held = plan();
  assert.ok(held.take(push({ ttlMs: Number.MAX_SAFE_INTEGER }), 0));
  assert.equal(held.state("nas", 59_999), "held");
  assert.equal(held.state("nas", 60_000), "failsafe");
});

Deno.test("ChannelPlan gives a board no more channels than it has", () => {
  const held = plan();
  held.take(push(), 0);
  held.take(push({ shelf: "rack" }), 0);
  assert.deepEqual(held.commands(2, 10_000, 0), [
    { permille: 400, ttlMs: 3000 },
    { permille: 1000, ttlMs: 10_000, unowned: true },
  ]);
  assert.deepEqual(held.missing(2), [{ shelf: "rack", channel: 2 }]);
  assert.deepEqual(held.missing(3), []);
});
