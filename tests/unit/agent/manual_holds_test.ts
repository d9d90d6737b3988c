import assert from "node:assert/strict";
import { ChannelPlan, type DutyPush } from "../../../src/agent/channel_plan.ts";

/** A plan whose channel 0 belongs to a shelf, and 1 to none. */
function planOf(push: Partial<DutyPush> | null = {}): ChannelPlan {
  const plan = new ChannelPlan([{ shelf: "nas", channels: [0] }], 100);
  const duty = {
    shelf: "nas",
    percent: 40,
    epoch: 1,
    seq: 1,
    ttlMs: 5000,
    urgentPercent: 0,
    sentMs: null,
  };
  if (push !== null) plan.take({ ...duty, ...push }, 0);
  return plan;
}

const hold = (permille: number, untilMs: number, raises = false) => ({ permille, untilMs, raises });

/** What channel 0 and 1 get at a moment. */
const driven = (plan: ChannelPlan, nowMs: number) =>
  plan.commands(2, 10_000, nowMs).map(({ permille }) => permille);

Deno.test("a hold takes the place of the shelf's duty until its end, and then control resumes", () => {
  const plan = planOf({ ttlMs: 60_000 });
  plan.holds.set(0, hold(200, 3000));
  plan.holds.set(1, hold(300, 3000));
  assert.deepEqual(driven(plan, 0), [200, 300]);
  assert.deepEqual(driven(plan, 2949), [200, 300]);
  assert.deepEqual(driven(plan, 2950), [400, 1000]);
});

Deno.test("the board holds a duty by hand for no longer than its hold lasts", () => {
  const plan = planOf();
  plan.holds.set(0, hold(200, 3000));
  assert.deepEqual(plan.commands(1, 10_000, 1000), [{ permille: 200, ttlMs: 2000 }]);
  plan.holds.set(0, hold(200, 100_000));
  assert.deepEqual(plan.commands(1, 10_000, 1000), [{ permille: 200, ttlMs: 4000 }]);
  assert.equal(plan.nextExpiryMs(1000), 5000);
  plan.holds.set(0, hold(200, 3000));
  assert.equal(plan.nextExpiryMs(1000), 2950);
});

Deno.test("a hold never gets less than its shelf urgently needs", () => {
  const plan = planOf({ percent: 100, urgentPercent: 70 });
  plan.holds.set(0, hold(200, 3000));
  assert.deepEqual(driven(plan, 0), [700, 1000]);
  plan.holds.set(0, hold(900, 3000));
  assert.deepEqual(driven(plan, 0), [900, 1000]);
});

Deno.test("a hold never gets less than the safe level while its shelf has no valid duty", () => {
  for (const [plan, nowMs] of [[planOf(null), 0], [planOf({ ttlMs: 500 }), 500]] as const) {
    plan.holds.set(0, hold(200, 3000));
    plan.holds.set(1, hold(200, 3000));
    assert.deepEqual(driven(plan, nowMs), [1000, 200]);
  }
});

Deno.test("a hold that raises never lowers what the shelf asks for", () => {
  const plan = planOf();
  plan.holds.set(0, hold(200, 3000, true));
  assert.equal(driven(plan, 0)[0], 400);
  plan.holds.set(0, hold(600, 3000, true));
  assert.equal(driven(plan, 0)[0], 600);
});

Deno.test("a newer hold replaces an older one, and an ended one is gone", () => {
  const plan = planOf();
  plan.holds.set(0, hold(200, 3000));
  plan.holds.set(0, hold(300, 4000));
  assert.equal(driven(plan, 2990)[0], 300);
  plan.holds.end(0);
  assert.equal(driven(plan, 2990)[0], 400);
});

Deno.test("a lapse lets the time limit of its channel alone run out", () => {
  const plan = planOf();
  plan.holds.set(0, hold(200, 3000));
  plan.holds.beginLapse(0, 1000, 100);
  assert.deepEqual(plan.commands(2, 10_000, 600), [
    { permille: 200, ttlMs: 500 },
    { permille: 1000, ttlMs: 10_000, unowned: true },
  ]);
  assert.equal(plan.nextExpiryMs(600), 1080);
  assert.equal(plan.holds.dueLapse(1079), null);
  assert.equal(plan.holds.dueLapse(1080)?.channel, 0);
  assert.equal(plan.nextExpiryMs(1090), 1090);
  plan.holds.endLapse();
  assert.deepEqual(plan.commands(1, 10_000, 600), [{ permille: 200, ttlMs: 2400 }]);
});
