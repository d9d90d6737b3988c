import assert from "node:assert/strict";
import { type FanDrive, FanModel } from "../../src/board/sim/fan_model.ts";
import { Pacer } from "../../src/board/sim/pacer.ts";
import { NAS_SHELF, Plant } from "../../src/sensors/simulated/plant.ts";
import { fc } from "../deps.ts";

const drive: fc.Arbitrary<FanDrive> = fc.oneof(
  fc.integer({ min: 0, max: 1000 }),
  fc.constant("released" as const),
);
const stepMs = fc.integer({ min: 1, max: 50 });

Deno.test("a fan's speed stays within 0 and its maximum, its edges within the step, in order", () => {
  fc.assert(fc.property(fc.array(fc.tuple(stepMs, drive), { maxLength: 300 }), (steps) => {
    const fan = new FanModel();
    for (const [ms, driven] of steps) {
      const offsets = fan.step(ms, driven).map(({ offsetMs }) => offsetMs);
      assert.ok(fan.rpm >= 0 && fan.rpm <= fan.spec.maxRpm);
      assert.ok(offsets.every((offsetMs) => offsetMs > 0 && offsetMs <= ms + 1e-9));
      assert.deepEqual(offsets, offsets.toSorted((a, b) => a - b));
    }
  }));
});

Deno.test("a fan that turns and is driven harder never gets slower", () => {
  const duty = fc.integer({ min: 200, max: 1000 });
  fc.assert(fc.property(duty, duty, (one, other) => {
    const [less, more] = one < other ? [one, other] : [other, one];
    const speedAt = (permille: number) => {
      const fan = new FanModel();
      for (let step = 0; step < 1000; step++) fan.step(10, permille);
      return fan.rpm;
    };
    assert.ok(speedAt(less) <= speedAt(more));
  }));
});

Deno.test("the size of the steps changes a fan's speed by less than a part in a thousand", () => {
  fc.assert(fc.property(fc.integer({ min: 200, max: 1000 }), (permille) => {
    const coarse = new FanModel();
    const fine = new FanModel();
    for (let step = 0; step < 500; step++) coarse.step(10, permille);
    for (let step = 0; step < 5000; step++) fine.step(1, permille);
    assert.ok(Math.abs(coarse.rpm / fine.rpm - 1) < 0.001);
  }));
});

Deno.test("a plant is never colder than its air, and more air never makes it warmer", () => {
  const flow = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(fc.array(flow, { minLength: 1, maxLength: 200 }), flow, (flows, more) => {
    const calm = { ...NAS_SHELF, noiseK: 0 };
    const plant = new Plant(calm);
    const aired = new Plant(calm);
    for (const airflow of flows) {
      plant.step(500, airflow);
      aired.step(500, Math.min(1, airflow + more));
    }
    for (const name of plant.sources) {
      const tempC = plant.read(name) ?? NaN;
      assert.ok(tempC >= calm.ambientC);
      assert.ok((aired.read(name) ?? NaN) <= tempC + 1e-9);
    }
  }));
});

Deno.test("a pacer never runs ahead of real time, and catches up in slices", () => {
  const jump = fc.integer({ min: 0, max: 200 });
  fc.assert(fc.property(fc.array(jump, { maxLength: 50 }), fc.integer({ min: 1, max: 8 }), (
    jumps,
    speed,
  ) => {
    const pacer = new Pacer(speed, 1000, 0);
    let realMs = 1000;
    let simulatedMs = 0;
    for (const ms of jumps) {
      realMs += ms;
      for (
        let sliceMs = pacer.sliceMs(realMs, simulatedMs);
        sliceMs > 0;
        sliceMs = pacer.sliceMs(realMs, simulatedMs)
      ) simulatedMs += sliceMs;
      assert.ok(Math.abs(simulatedMs - (realMs - 1000) * speed) < 1e-6);
    }
  }));
});
