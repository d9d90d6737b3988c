import assert from "node:assert/strict";
import type { FanReport, FanState } from "../../../src/control/engine/event.ts";
import { FanWatch, MOST_BOARDS } from "../../../src/control/fans/fan_watch.ts";
import { DEFAULT_FANS } from "../../../src/control/fans/fans_policy.ts";

const POLICY = { ...DEFAULT_FANS, shelf: "nas", ttlMs: 10_000 };

function fan(channel: number, state: FanState = "spinning", appliedPercent = 40): FanReport {
  return { channel, rpm: state === "spinning" ? 700 : null, state, appliedPercent };
}

/** A watch that has been told the same once a second from `fromMs` for `forMs`. */
function tell(watch: FanWatch, fans: FanReport[], fromMs: number, forMs: number): void {
  for (let atMs = fromMs; atMs <= fromMs + forMs; atMs += 1000) watch.report("left", fans, atMs);
}

function kinds(watch: FanWatch, nowMs: number): string[] {
  return watch.judge(40, nowMs).findings.map(({ kind, subject }) => `${kind} ${subject}`);
}

Deno.test("FanWatch says nothing of a shelf that nobody reports, and of fans that turn", () => {
  const watch = new FanWatch(POLICY);
  assert.deepEqual(watch.judge(40, 1e6), { causes: [], findings: [] });
  tell(watch, [fan(0), fan(1)], 0, 60_000);
  assert.deepEqual(watch.judge(40, 60_000), { causes: [], findings: [] });
});

Deno.test("FanWatch alarms a fan that is driven and does not turn, once its time is over", () => {
  for (const state of ["stalled", "stopped", "starting", "unknown"] as const) {
    const watch = new FanWatch(POLICY);
    tell(watch, [fan(0), fan(1, state)], 0, 5000);
    assert.deepEqual(kinds(watch, 5000), []);
    tell(watch, [fan(0), fan(1, state)], 6000, 0);
    assert.deepEqual(kinds(watch, 6000), ['stall fan 1 of board "left"'], state);
  }
});

Deno.test("FanWatch alarms a tachometer that tells what cannot be", () => {
  const watch = new FanWatch(POLICY);
  tell(watch, [fan(0, "implausible")], 0, 6000);
  const { causes, findings } = watch.judge(40, 6000);
  assert.equal(findings[0]?.kind, "implausible");
  assert.equal(findings[0]?.severity, "critical");
  assert.equal(causes[0]?.percent, 100);
});

Deno.test("FanWatch: a fan without a tachometer, one at rest and one in a hand never alarm", () => {
  const watch = new FanWatch(POLICY);
  const fans = [
    fan(0, "not_fitted"),
    fan(1, "stopped", 0),
    { ...fan(2, "stalled"), byHand: true },
  ];
  tell(watch, fans, 0, 600_000);
  assert.deepEqual(watch.judge(40, 600_000), { causes: [], findings: [] });
});

Deno.test("FanWatch gives the siblings the share of a failed fan, and at most everything", () => {
  const watch = new FanWatch(POLICY);
  tell(watch, [fan(0), fan(1, "stalled"), fan(2), fan(3)], 0, 6000);
  const [cause] = watch.judge(45, 6000).causes;
  assert.equal(cause?.kind, "failsafe");
  assert.equal(cause?.percent, 60);
  assert.equal(
    cause?.text,
    'failsafe: fan 1 of board "left" failed; 3 other fans do its share -> 60 %',
  );
  assert.equal(watch.judge(90, 6000).causes[0]?.percent, 100);
  tell(watch, [fan(0, "stalled"), fan(1, "stalled"), fan(2), fan(3)], 7000, 6000);
  assert.equal(watch.judge(45, 13_000).causes[0]?.percent, 90);
});

Deno.test("FanWatch: nothing that turns, or no sharing, is full speed", () => {
  const alone = new FanWatch(POLICY);
  tell(alone, [fan(0, "stalled")], 0, 6000);
  const { causes, findings } = alone.judge(0, 6000);
  assert.equal(causes[0]?.percent, 100);
  assert.equal(findings[0]?.severity, "critical");
  const unshared = new FanWatch({ ...POLICY, share: false });
  tell(unshared, [fan(0, "stalled"), fan(1)], 0, 6000);
  assert.equal(unshared.judge(30, 6000).causes[0]?.percent, 100);
});

Deno.test("FanWatch believes a fan again once it has turned for its time, longer each time", () => {
  const watch = new FanWatch(POLICY);
  tell(watch, [fan(0, "stalled")], 0, 6000);
  tell(watch, [fan(0)], 7000, 29_000);
  assert.equal(watch.judge(40, 36_000).causes.length, 1);
  tell(watch, [fan(0)], 37_000, 0);
  assert.deepEqual(watch.judge(40, 37_000), { causes: [], findings: [] });
  tell(watch, [fan(0, "stalled")], 40_000, 6000);
  tell(watch, [fan(0)], 47_000, 59_000);
  assert.equal(watch.judge(40, 106_000).causes.length, 1);
  assert.match(watch.judge(40, 106_000).findings[0]?.text ?? "", /2 times so far/);
  tell(watch, [fan(0)], 107_000, 0);
  assert.equal(watch.judge(40, 107_000).causes.length, 0);
});

Deno.test("FanWatch: a fan that turns now and then does not come back", () => {
  const watch = new FanWatch(POLICY);
  tell(watch, [fan(0, "stalled")], 0, 6000);
  for (let round = 0; round < 20; round++) {
    tell(watch, [fan(0)], 7000 + round * 25_000, 20_000);
    tell(watch, [fan(0, "stalled")], 28_000 + round * 25_000, 3000);
  }
  assert.equal(watch.judge(40, 507_000).causes.length, 1);
});

Deno.test("FanWatch tells of a board that says nothing any more, and of no other lack", () => {
  const watch = new FanWatch(POLICY);
  tell(watch, [fan(0)], 0, 1000);
  assert.deepEqual(kinds(watch, 11_000), []);
  assert.deepEqual(kinds(watch, 11_001), ['no board board "left"']);
  assert.deepEqual(watch.judge(40, 11_001).causes, []);
  watch.report("left", [fan(0)], 12_000);
  assert.deepEqual(kinds(watch, 12_000), []);
  watch.report("left", null, 12_500);
  assert.deepEqual(kinds(watch, 12_500), ['no board board "left"']);
  watch.report("right", null, 12_500);
  assert.deepEqual(kinds(watch, 12_500), ['no board board "left"']);
  assert.deepEqual(kinds(watch, 12_000 + 8 * 86_400_000), []);
});

Deno.test("FanWatch keeps the alarm of a fan whose board has gone", () => {
  const watch = new FanWatch(POLICY);
  tell(watch, [fan(0, "stalled")], 0, 6000);
  watch.report("left", null, 7000);
  watch.report("right", [fan(0)], 7000);
  assert.equal(watch.judge(40, 7000).causes[0]?.percent, 80);
});

Deno.test("FanWatch counts the fans of two boards together", () => {
  const watch = new FanWatch(POLICY);
  for (let atMs = 0; atMs <= 6000; atMs += 1000) {
    watch.report("left", [fan(0, "stalled")], atMs);
    watch.report("right", [fan(0), fan(1)], atMs);
  }
  assert.equal(watch.judge(40, 6000).causes[0]?.percent, 60);
});

Deno.test("FanWatch follows so many boards and counts the others", () => {
  const watch = new FanWatch(POLICY);
  for (let index = 0; index < MOST_BOARDS + 3; index++) watch.report(`b${index}`, [fan(0)], 0);
  assert.equal(watch.refused, 3);
  assert.equal(watch.explain().length, MOST_BOARDS);
});

Deno.test("FanWatch goes on from its state as if nothing had been between", () => {
  const watch = new FanWatch(POLICY);
  tell(watch, [fan(0), fan(1, "stalled")], 0, 4000);
  const again = new FanWatch(POLICY, JSON.parse(JSON.stringify(watch.state())));
  for (const each of [watch, again]) tell(each, [fan(0), fan(1, "stalled")], 5000, 1000);
  assert.deepEqual(again.judge(40, 6000), watch.judge(40, 6000));
  assert.equal(again.judge(40, 6000).causes.length, 1);
  assert.deepEqual(again.state(), watch.state());
});

Deno.test("FanWatch says what each fan does", () => {
  const watch = new FanWatch(POLICY);
  tell(watch, [fan(0), fan(1, "stalled")], 0, 6000);
  assert.deepEqual(watch.explain(), [
    {
      what: "fan",
      text: 'fan 0 of board "left": spinning at 40 %, 700 rpm',
      value: 700,
      unit: "rpm",
    },
    { what: "fan", text: 'fan 1 of board "left": stalled at 40 %, alarmed' },
  ]);
});
