import assert from "node:assert/strict";
import { ChannelPlan, type DutyPush } from "../../../src/agent/channel_plan.ts";
import { Claim, MOST_EPOCH } from "../../../src/agent/duty/claim.ts";
import { DutyIntake } from "../../../src/agent/duty/duty_intake.ts";
import { Transit } from "../../../src/agent/duty/transit.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

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

function intake(granted = 0) {
  const kept: number[] = [];
  const plan = new ChannelPlan([{ shelf: "nas", channels: [0] }], 100);
  const claim = new Claim({ granted, keep: (epoch) => kept.push(epoch) });
  const clock = new VirtualClock();
  let taken = 0;
  const duties = new DutyIntake(plan, claim, clock, () => taken++);
  return { plan, kept, clock, duties, taken: () => taken };
}

Deno.test("DutyIntake takes off a duty's time what passed on the way, and drops what is too old", () => {
  const { plan, duties, clock, taken } = intake();
  assert.equal(duties.take(push({ ttlMs: 3000 }), 1000), "taken");
  assert.equal(plan.nextExpiryMs(0), 2000);
  clock.skip(10);
  assert.equal(duties.take(push({ seq: 2, percent: 70 }), 3000), "dropped");
  assert.equal(plan.commands(1, 10_000, 10)[0]?.permille, 400);
  assert.equal(taken(), 1);
  assert.deepEqual(duties.describe(), { dropped: { old: 0, late: 1 }, granted: 1 });
});

Deno.test("DutyIntake drops what is out of order and refuses an older epoch, for ever", () => {
  const { plan, duties, clock } = intake();
  assert.equal(duties.take(push({ epoch: 5, seq: 9 }), 0), "taken");
  assert.equal(duties.take(push({ epoch: 5, seq: 9, percent: 10 }), 0), "dropped");
  assert.equal(duties.take(push({ epoch: 4, seq: 10, percent: 10 }), 0), "refused");
  clock.skip(1e9);
  assert.ok(!duties.holdsAny);
  assert.equal(duties.take(push({ epoch: 4, seq: 11, percent: 10 }), 0), "refused");
  assert.equal(plan.commands(1, 10_000, 0)[0]?.permille, 400);
  assert.deepEqual(duties.describe(), { dropped: { old: 3, late: 0 }, granted: 5 });
});

Deno.test("DutyIntake keeps every epoch before it obeys it, and what it kept holds at a new start", () => {
  const first = intake();
  first.duties.take(push({ epoch: 5 }), 0);
  first.duties.take(push({ epoch: 5, seq: 2 }), 0);
  first.duties.take(push({ epoch: 8 }), 0);
  assert.deepEqual(first.kept, [5, 8]);
  const second = intake(8);
  assert.equal(second.duties.take(push({ epoch: 7 }), 0), "refused");
  assert.equal(second.duties.take(push({ epoch: 8 }), 0), "taken");
  assert.deepEqual(second.kept, []);
});

Deno.test("DutyIntake grants nothing for what is no duty of its shelves", () => {
  const { kept, duties } = intake();
  const bad: Partial<DutyPush>[] = [
    { shelf: "other", epoch: 9 },
    { percent: 101, epoch: 9 },
    { ttlMs: 0, epoch: 9 },
    { epoch: MOST_EPOCH + 1 },
    { epoch: -1 },
  ];
  for (const over of bad) assert.equal(duties.take(push(over), 0), "dropped");
  assert.deepEqual(kept, []);
});

Deno.test("Transit calls late what took longer than the fastest message", () => {
  const transit = new Transit();
  assert.equal(transit.lateMs(50_000, 1000), 0);
  assert.equal(transit.lateMs(51_000, 2300), 300);
  // This one was faster, so the first two were later than they seemed.
  assert.equal(transit.lateMs(52_000, 2900), 0);
  assert.equal(transit.lateMs(53_000, 4100), 200);
});

Deno.test("Transit takes a way that has become longer for the measure after 20 s, and drift never", () => {
  const transit = new Transit();
  transit.lateMs(0, 0);
  for (let sentMs = 1000; sentMs <= 10_000; sentMs += 1000) {
    assert.equal(transit.lateMs(sentMs, sentMs + 700), 700);
  }
  for (let sentMs = 11_000; sentMs <= 30_000; sentMs += 1000) transit.lateMs(sentMs, sentMs + 700);
  assert.equal(transit.lateMs(31_000, 31_700), 0);
  const drifting = new Transit();
  for (let sentMs = 0; sentMs < 3_600_000; sentMs += 1000) {
    const lateMs = drifting.lateMs(sentMs, sentMs * 1.0001);
    assert.ok(lateMs <= 2.1, `${lateMs}`);
  }
});
