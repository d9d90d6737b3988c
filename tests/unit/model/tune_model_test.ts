import assert from "node:assert/strict";
import { Pid, pidTerms } from "../../../src/control/demand/pid.ts";
import { fitThermalModel } from "../../../src/control/model/fit.ts";
import { proposeCurve, proposeGains, restingPercent } from "../../../src/control/model/proposal.ts";
import { StepTest } from "../../../src/control/model/step_test.ts";
import type { ThermalModel } from "../../../src/control/model/thermal_model.ts";
import { NAS_SHELF, Plant, type PlantSpec } from "../../../src/sensors/simulated/plant.ts";

const MODEL: ThermalModel = {
  gainCPerPercent: -0.5,
  timeConstantMs: 40_000,
  deadTimeMs: 4000,
  offsetC: 80,
};

/** The processor of the built-in plant at half load, with so many times its heat capacity. */
function cpu(inertia: number): PlantSpec {
  const [source] = NAS_SHELF.sources;
  assert.ok(source);
  const capacityJPerK = source.capacityJPerK * inertia;
  return { ...NAS_SHELF, sources: [{ ...source, load: 0.5, capacityJPerK }] };
}

/** Runs a whole test on a plant, a sample a second. */
function test(spec: PlantSpec, phaseMs = 600_000): { test: StepTest; tookS: number } {
  const plant = new Plant(spec, 5);
  const test = new StepTest({ lowPercent: 45, highPercent: 60, phaseMs });
  let second = 0;
  for (; test.state.percent !== null; second++) {
    const { percent } = test.take(plant.read("cpu") ?? NaN, second * 1000);
    plant.step(1000, (percent ?? 0) / 100);
  }
  return { test, tookS: second };
}

Deno.test("a step test goes up and down again, each until the temperature rests", () => {
  const { test: done, tookS } = test(cpu(1));
  assert.ok(tookS >= 180 && tookS < 300, `${tookS} s`);
  const duties = done.samples.map(({ percent }) => percent)
    .filter((percent, at, all) => percent !== all[at - 1]);
  assert.deepEqual(duties, [45, 60, 45]);
  assert.deepEqual(done.state, { percent: null, phase: 3, phases: 3 });
  assert.deepEqual(done.take(50, 1e9), done.state);
});

Deno.test("a step test gives a slow plant its time, and no more than it may", () => {
  assert.ok(test(cpu(8)).tookS > 400);
  assert.ok(test(cpu(100), 300_000).tookS > 600);
  assert.ok(test(cpu(100), 90_000).tookS <= 271);
});

Deno.test("gains get the plant to where it shall be in the time chosen", () => {
  assert.deepEqual(proposeGains(MODEL), { kp: 3.3, ki: 0.083, kd: 0, closedLoopMs: 20_000 });
  const quick = proposeGains({ ...MODEL, timeConstantMs: 2000, deadTimeMs: 0 });
  assert.equal(quick.closedLoopMs, 1000);
});

Deno.test("a curve goes through the target and asks for everything at the limit at the latest", () => {
  assert.equal(restingPercent(MODEL, 55), 50);
  assert.deepEqual(proposeCurve(MODEL, 55, { minPercent: 20, limitC: 90 }), [
    [45.9, 20],
    [55, 50],
    [70.2, 100],
  ]);
  assert.deepEqual(proposeCurve(MODEL, 55, { minPercent: 20, limitC: 60 }).at(-1), [60, 100]);
  assert.deepEqual(proposeCurve(MODEL, 75, { minPercent: 20, limitC: 90 }), [[75, 20], [90, 100]]);
});

for (const inertia of [1, 6]) {
  Deno.test(`a loop with the gains that a test proposes holds a plant (inertia ${inertia})`, () => {
    const spec = cpu(inertia);
    const fit = fitThermalModel(test(spec).test.samples);
    assert.ok(fit && fit.explained > 0.95 && fit.model.gainCPerPercent < 0);
    const { kp, ki, kd } = proposeGains(fit.model);
    const pid = new Pid(pidTerms({
      shape: "pid",
      targetC: 52,
      kp,
      ki,
      kd,
      minPercent: 20,
      maxPercent: 100,
      slewPercentPerS: null,
    }));
    const plant = new Plant({ ...spec, noiseK: 0 }, 1);
    const temps: number[] = [];
    const duties: number[] = [];
    for (let second = 0; second < 600; second++) {
      const tempC = plant.read("cpu") ?? NaN;
      const percent = pid.step(tempC, second * 1000);
      temps.push(tempC);
      duties.push(percent);
      plant.step(1000, percent / 100);
    }
    assert.ok(temps.slice(-200).every((tempC) => Math.abs(tempC - 52) < 0.3), "it holds");
    const late = duties.slice(-200);
    assert.ok(Math.max(...late) - Math.min(...late) < 2, "without swinging");
  });
}
