import assert from "node:assert/strict";
import { CASE_FAN, type FanDrive, FanModel } from "../../../src/board/sim/fan_model.ts";

function run(fan: FanModel, drive: FanDrive, ms: number, stepMs = 5): number[] {
  const edgesMs: number[] = [];
  for (let atMs = 0; atMs < ms; atMs += stepMs) {
    for (const { offsetMs } of fan.step(stepMs, drive)) edgesMs.push(atMs + offsetMs);
  }
  return edgesMs;
}

Deno.test("a released line and full duty are full speed", () => {
  for (const drive of ["released", 1000] as const) {
    const fan = new FanModel();
    run(fan, drive, 20_000);
    assert.ok(Math.abs(fan.rpm - CASE_FAN.maxRpm) < 1);
  }
});

Deno.test("speed approaches its goal with the time constant", () => {
  const fan = new FanModel();
  run(fan, 1000, 30_000);
  run(fan, 500, CASE_FAN.timeConstantMs);
  const goalRpm = CASE_FAN.maxRpm / 2;
  assert.ok(Math.abs(fan.rpm - (goalRpm + goalRpm * Math.exp(-1))) < 1, `${fan.rpm}`);
});

Deno.test("a standing fan needs its start duty, a turning one keeps on down to its stop duty", () => {
  const fan = new FanModel();
  const between = (CASE_FAN.startPermille + CASE_FAN.stopPermille) / 2;
  run(fan, between, 5000);
  assert.equal(fan.rpm, 0);
  run(fan, CASE_FAN.startPermille, 10_000);
  assert.ok(fan.rpm > CASE_FAN.minRpm - 1);
  run(fan, between, 10_000);
  assert.ok(Math.abs(fan.rpm - CASE_FAN.minRpm) < 1);
  run(fan, CASE_FAN.stopPermille - 1, 10_000);
  assert.equal(fan.rpm, 0);
});

Deno.test("a fan that starts pushes itself to its start speed first", () => {
  const slow = { ...CASE_FAN, timeConstantMs: 100 };
  const fan = new FanModel(slow);
  run(fan, CASE_FAN.startPermille, CASE_FAN.startPushMs);
  assert.ok(Math.abs(fan.rpm - CASE_FAN.startPushRpm) < 1, `${fan.rpm}`);
  run(fan, CASE_FAN.startPermille, 2000);
  const steadyRpm = CASE_FAN.maxRpm * CASE_FAN.startPermille / 1000;
  assert.ok(Math.abs(fan.rpm - steadyRpm) < 1, `${fan.rpm}`);
});

Deno.test("the tachometer has two pulses a revolution, evenly spaced at even speed", () => {
  const fan = new FanModel();
  run(fan, 1000, 30_000);
  const edgesMs = run(fan, 1000, 10_000);
  const revolutions = fan.rpm / 60 * 10;
  assert.ok(Math.abs(edgesMs.length - revolutions * 4) <= 1);
  const gapMs = 60_000 / fan.rpm / 4;
  for (const [index, edgeMs] of edgesMs.slice(1).entries()) {
    assert.ok(Math.abs(edgeMs - (edgesMs[index] ?? 0) - gapMs) < 1e-6);
  }
});

Deno.test("edges alternate, and the line's level is that of the last one", () => {
  const fan = new FanModel(CASE_FAN, 0.3);
  let high = fan.tachHigh;
  for (let step = 0; step < 2000; step++) {
    for (const edge of fan.step(5, 700)) {
      assert.equal(edge.high, !high);
      high = edge.high;
    }
    assert.equal(fan.tachHigh, high);
  }
});

Deno.test("a stalled rotor stops soon, and starts again when it is free", () => {
  const fan = new FanModel();
  run(fan, 600, 10_000);
  fan.fault = "stalled";
  run(fan, 600, 1000);
  assert.equal(fan.rpm, 0);
  assert.deepEqual(run(fan, 600, 1000), []);
  fan.fault = "none";
  assert.ok(run(fan, 600, 5000).length > 0);
});

Deno.test("an unplugged fan has a tachometer line that is high, without edges, and runs out", () => {
  const fan = new FanModel();
  run(fan, 600, 10_000);
  fan.fault = "disconnected";
  assert.deepEqual(run(fan, 600, 2000), []);
  assert.equal(fan.tachHigh, true);
  assert.ok(fan.rpm > 0 && fan.rpm < 400);
});
