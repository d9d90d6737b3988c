import assert from "node:assert/strict";
import { Pid, type PidLaw, pidTerms } from "../../../src/control/demand/pid.ts";
import { type TargetLaw, targetTerms } from "../../../src/control/demand/target.ts";

const LAW: PidLaw = {
  shape: "pid",
  targetC: 60,
  kp: 2,
  ki: 0.05,
  kd: 0,
  minPercent: 20,
  maxPercent: 100,
  slewPercentPerS: null,
};

const TARGET: TargetLaw = {
  shape: "target",
  targetC: 60,
  deadbandC: 1,
  minPercent: 20,
  maxPercent: 100,
};

const pid = (changes: Partial<PidLaw> = {}): Pid => new Pid(pidTerms({ ...LAW, ...changes }));

/** Steps once a second and tells the last result. */
function hold(loop: Pid, tempC: number, seconds: number, fromS = 0): number {
  let percent = NaN;
  for (let second = 0; second < seconds; second++) {
    percent = loop.step(tempC, (fromS + second) * 1000);
  }
  return percent;
}

Deno.test("a PID begins where half of its range holds the target", () => {
  assert.equal(pid().step(60, 0), 60);
  assert.equal(pid().step(65, 0), 70);
  assert.equal(pid().step(40, 0), 20);
});

Deno.test("a PID adds what is off at once, and with time", () => {
  const loop = pid();
  loop.step(60, 0);
  assert.equal(loop.step(64, 1000), 60 + 2 * 4 + 0.05 * 4);
  assert.equal(loop.step(64, 11_000), 60 + 2 * 4 + 0.05 * 4 * 11);
  assert.deepEqual(loop.parts, {
    errorC: 4,
    proportional: 8,
    integral: 60 + 0.05 * 4 * 11,
    derivative: 0,
    limit: null,
  });
});

Deno.test("a second step at the same moment changes nothing", () => {
  const loop = pid();
  loop.step(60, 0);
  const percent = loop.step(64, 1000);
  const state = loop.state();
  assert.equal(loop.step(70, 1000), percent);
  assert.deepEqual(loop.state(), state);
});

Deno.test("a PID does not wind up: after an hour at its limit it leaves it at once", () => {
  const hot = pid();
  assert.equal(hold(hot, 95, 3600), 100);
  assert.equal(hot.parts?.limit, "maximum");
  assert.ok(hold(hot, 58, 2, 3600) < 100);
  const cold = pid();
  assert.equal(hold(cold, 20, 3600), 20);
  assert.ok(hold(cold, 62, 2, 3600) > 20);
});

Deno.test("the derivative answers to the warming, and not to another target", () => {
  const loop = pid({ kp: 1, ki: 0, kd: 10 });
  loop.step(50, 0);
  const steady = loop.step(50, 1000);
  const warming = loop.step(52, 2000);
  assert.ok(warming > steady + 2, "more than the proportional part alone");
  const before = loop.state();
  const other = new Pid(pidTerms({ ...LAW, kp: 1, ki: 0, kd: 10, targetC: 45 }), before, true);
  assert.equal(other.step(52, 3000), warming);
});

Deno.test("a slew bounds each step either way and does not wind the integral up", () => {
  const loop = pid({ slewPercentPerS: 1 });
  loop.step(60, 0);
  assert.equal(loop.step(90, 1000), 61);
  assert.equal(loop.parts?.limit, "slew");
  assert.equal(loop.step(90, 3000), 63);
  assert.equal(loop.state()?.integralPercent, 60);
  assert.equal(loop.step(30, 4000), 62);
});

Deno.test("after a gap a PID goes on from the duty that it asked for", () => {
  const loop = pid();
  hold(loop, 63, 20);
  const before = loop.state()?.percent;
  loop.pause();
  assert.equal(loop.step(52, 60_000), before);
  assert.ok(loop.step(52, 61_000) < (before ?? 0));
  assert.equal(loop.step(52, 500_000), loop.state()?.percent, "a long silence is a gap, too");
});

Deno.test("while what it follows sleeps a PID asks for its least, and then begins anew", () => {
  const loop = pid();
  hold(loop, 80, 60);
  assert.equal(loop.rest(), 20);
  assert.equal(loop.state(), null);
  assert.equal(loop.step(60, 61_000), 60);
});

Deno.test("with other parameters a PID goes on from the duty that the old ones asked for", () => {
  const loop = pid();
  const before = hold(loop, 66, 60);
  for (const changes of [{ kp: 8 }, { ki: 1 }, { kd: 30 }, { targetC: 50 }, { targetC: 75 }]) {
    const other = new Pid(pidTerms({ ...LAW, ...changes }), loop.state(), true);
    assert.equal(other.step(66, 60_000), before);
    const next = other.step(66, 61_000);
    assert.ok(Math.abs(next - before) <= 20, `${JSON.stringify(changes)}: ${next}`);
  }
  const narrower = new Pid(pidTerms({ ...LAW, maxPercent: 50 }), loop.state(), true);
  assert.equal(narrower.step(66, 60_000), 50);
});

Deno.test("with its own state a PID continues bit by bit the same", () => {
  const one = pid({ kd: 4 });
  hold(one, 63.7, 30);
  const other = new Pid(
    pidTerms({ ...LAW, kd: 4 }),
    JSON.parse(JSON.stringify(one.state())),
  );
  for (let second = 30; second < 90; second++) {
    const tempC = 60 + 7 * Math.sin(second);
    assert.equal(other.step(tempC, second * 1000), one.step(tempC, second * 1000));
  }
});

Deno.test("within the deadband of a target nothing moves", () => {
  const loop = new Pid(targetTerms(TARGET));
  const percent = loop.step(60.4, 0);
  assert.equal(percent, 60);
  for (const [second, tempC] of [59.1, 60.9, 60, 61].entries()) {
    assert.equal(loop.step(tempC, (second + 1) * 10_000), percent);
  }
  assert.ok(loop.step(61.5, 60_000) > percent);
});

Deno.test("far above its target a target law asks for nearly everything at once", () => {
  const loop = new Pid(targetTerms(TARGET));
  hold(loop, 55, 600);
  assert.equal(loop.state()?.percent, 20);
  assert.ok(loop.step(81, 600_000) >= 95);
});
