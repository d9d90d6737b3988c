import assert from "node:assert/strict";
import { fitThermalModel, MAX_SAMPLES } from "../../../src/control/model/fit.ts";
import {
  LaggedDuty,
  predict,
  type ThermalModel,
  type ThermalSample,
  WouldBe,
} from "../../../src/control/model/thermal_model.ts";
import { seededRandom } from "../../../src/seeded_random.ts";
import { Plant, type PlantSpec } from "../../../src/sensors/simulated/plant.ts";

const MODEL: ThermalModel = {
  gainCPerPercent: -0.5,
  timeConstantMs: 30_000,
  deadTimeMs: 4000,
  offsetC: 70,
};

const near = (found: number | undefined, wanted: number, within: number): void => {
  assert.ok(Math.abs((found ?? NaN) - wanted) <= within, `${found} is not ${wanted} ± ${within}`);
};

const every = (stepMs: number, untilMs: number): number[] =>
  Array.from({ length: untilMs / stepMs + 1 }, (_, index) => index * stepMs);

Deno.test("a prediction waits for the dead time and then comes 63 % of its way in a time constant", () => {
  const duties = [{ atMs: 0, percent: 40 }, { atMs: 10_000, percent: 60 }];
  const temps = predict(MODEL, duties, [0, 10_000, 14_000, 44_000, 1_000_000]);
  near(temps[0], 50, 1e-9);
  near(temps[1], 50, 1e-9);
  near(temps[2], 50, 1e-9);
  near(temps[3], 50 - 10 * (1 - Math.exp(-1)), 1e-9);
  near(temps[4], 40, 1e-9);
});

Deno.test("a prediction leaves a start that is off with the time constant", () => {
  const [begin, later] = predict(MODEL, [{ atMs: 0, percent: 40 }], [0, 30_000], 60);
  near(begin, 60, 1e-9);
  near(later, 50 + 10 * Math.exp(-1), 1e-9);
  assert.deepEqual(predict(MODEL, [], [0, 1], 33), [33, 33]);
});

Deno.test("what is felt does not depend on how often one looks", () => {
  const often = new LaggedDuty(MODEL, { atMs: 0, percent: 20 });
  const seldom = new LaggedDuty(MODEL, { atMs: 0, percent: 20 });
  for (const atMs of every(100, 60_000)) often.step(atMs, atMs < 5000 ? 20 : 90);
  seldom.step(5000, 90);
  near(often.step(61_000, 90), seldom.step(61_000, 90), 1e-9);
});

Deno.test("what is felt goes on bit by bit the same from its state", () => {
  const one = new LaggedDuty(MODEL, { atMs: 0, percent: 20 });
  for (const atMs of every(1000, 20_000)) one.step(atMs, 20 + (atMs / 1000) % 7);
  const other = new LaggedDuty(MODEL, JSON.parse(JSON.stringify(one.state())));
  for (const atMs of every(1000, 20_000)) {
    assert.equal(other.step(21_000 + atMs, atMs / 1000), one.step(21_000 + atMs, atMs / 1000));
  }
});

/** A run under steps of the duty, as the model has it, with noise. */
function run(model: ThermalModel, noiseK: number, stepMs = 1000): ThermalSample[] {
  const random = seededRandom(7);
  const timesMs = every(stepMs, 600_000);
  const percentAt = (atMs: number) => (atMs < 60_000 ? 40 : atMs < 300_000 ? 60 : 45);
  const duties = [0, 60_000, 300_000].map((atMs) => ({ atMs, percent: percentAt(atMs) }));
  const temps = predict(model, duties, timesMs, 52);
  return timesMs.map((atMs, index) => ({
    atMs,
    percent: percentAt(atMs),
    tempC: (temps[index] ?? 0) + (random() * 2 - 1) * noiseK,
  }));
}

Deno.test("a fit finds the model that a run was made with", () => {
  const fit = fitThermalModel(run(MODEL, 0));
  assert.ok(fit);
  near(fit.model.gainCPerPercent, -0.5, 0.005);
  near(fit.model.timeConstantMs, 30_000, 600);
  near(fit.model.deadTimeMs, 4000, 600);
  near(fit.model.offsetC, 70, 0.3);
  assert.ok(fit.explained > 0.999 && fit.rmsC < 0.1);
});

Deno.test.each(
  [[1000, 0.3], [2000, 0.3], [10_000, 0.15]] as const,
)("a fit of samples %s ms apart with noise of %s K comes close", (stepMs, noiseK) => {
  const fit = fitThermalModel(run(MODEL, noiseK, stepMs));
  assert.ok(fit);
  near(fit.model.gainCPerPercent, -0.5, 0.03);
  near(fit.model.timeConstantMs + fit.model.deadTimeMs, 34_000, 4000);
  assert.ok(fit.explained > 0.97);
  assert.ok(fit.rmsC < noiseK);
});

Deno.test("a fit refuses what shows nothing", () => {
  assert.equal(fitThermalModel([]), null);
  assert.equal(fitThermalModel(run(MODEL, 0).slice(0, 5)), null);
  assert.equal(fitThermalModel(run(MODEL, 0).map((each) => ({ ...each, percent: 50 }))), null);
  assert.equal(fitThermalModel(run(MODEL, 0).map((each) => ({ ...each, atMs: 0 }))), null);
});

Deno.test("a fit thins out what is long", () => {
  const fit = fitThermalModel(run(MODEL, 0.1, 150));
  assert.ok(fit && fit.samples <= MAX_SAMPLES && fit.samples > MAX_SAMPLES / 2);
  near(fit.model.gainCPerPercent, -0.5, 0.01);
});

const HEATER: PlantSpec = {
  ambientC: 24,
  noiseK: 0.15,
  sources: [{
    name: "heater",
    load: 0.5,
    idleW: 8,
    fullW: 70,
    capacityJPerK: 60,
    stillWPerK: 0.35,
    flowWPerK: 1.45,
  }],
};

Deno.test("a fit of the thermal plant foretells what other duties do there", () => {
  const observe = (percentAt: (second: number) => number): ThermalSample[] => {
    const plant = new Plant(HEATER, 3);
    return every(1000, 900_000).map((atMs) => {
      const percent = percentAt(atMs / 1000);
      const tempC = plant.read("heater") ?? 0;
      plant.step(1000, percent / 100);
      return { atMs, percent, tempC };
    });
  };
  const learned = observe((second) => (second < 300 ? 45 : second < 600 ? 60 : 45));
  const fit = fitThermalModel(learned);
  assert.ok(fit && fit.explained > 0.98, `${fit?.explained}`);
  const other = observe((second) => (second < 450 ? 50 : 56));
  const told = predict(fit.model, other, other.map(({ atMs }) => atMs), other[0]?.tempC);
  for (const [index, tempC] of told.entries()) near(tempC, other[index]?.tempC ?? 0, 1);
});

Deno.test("what would have been keeps the recorded load and adds what other duties do", () => {
  const recorded = every(1000, 300_000).map((atMs) => ({
    atMs,
    percent: 40,
    tempC: 50 + 5 * Math.sin(atMs / 20_000),
  }));
  const wouldBe = new WouldBe(MODEL, { atMs: 0 });
  const temps = recorded.map((sample) => {
    const readC = wouldBe.read(sample.atMs, sample.tempC);
    assert.equal(wouldBe.step(sample, 60), readC);
    return readC;
  });
  near(temps[0], 50, 1e-9);
  near(temps[300], (recorded[300]?.tempC ?? 0) - 10, 0.01);
  const resumed = new WouldBe(MODEL, JSON.parse(JSON.stringify(wouldBe.state())));
  const next = { atMs: 301_000, percent: 40, tempC: 50 };
  assert.equal(resumed.step(next, 55), wouldBe.step(next, 55));
});
