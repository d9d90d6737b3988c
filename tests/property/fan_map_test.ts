import assert from "node:assert/strict";
import { addPoint, entryOf, newCalibration } from "../../src/control/fans/map/calibration.ts";
import { FanMap } from "../../src/control/fans/map/fan_map.ts";
import { ShelfMap } from "../../src/control/fans/map/shelf_map.ts";
import { fc } from "../deps.ts";

/** Any fan that a calibration may have measured, odd ones among them. */
const fan = fc.record({
  rpms: fc.array(fc.integer({ min: 200, max: 5000 }), { minLength: 10, maxLength: 10 }),
  stands: fc.boolean(),
  minimum: fc.integer({ min: 0, max: 30 }),
  keepOut: fc.option(
    fc.tuple(fc.integer({ min: 200, max: 3000 }), fc.integer({ min: 1, max: 500 })),
  ),
}).map(({ rpms, stands, minimum, keepOut }) => {
  const entry = entryOf(newCalibration("b"), 0);
  for (const [index, rpm] of rpms.entries()) {
    const percent = (index + 1) * 10;
    addPoint(entry, { percent, applied: percent, rpm });
  }
  addPoint(entry, { percent: 0, applied: 0, rpm: stands ? 0 : 150 });
  entry.minimum_percent = stands ? minimum : 0;
  if (keepOut !== null) entry.keep_out_rpm = [[keepOut[0], keepOut[0] + keepOut[1]]];
  return new FanMap(entry);
});

/** One that is as fans are: faster with more duty. */
const properFan = fc.record({
  maxRpm: fc.integer({ min: 800, max: 4000 }),
  minimum: fc.integer({ min: 5, max: 30 }),
}).map(({ maxRpm, minimum }) => {
  const entry = entryOf(newCalibration("b"), 0);
  for (let percent = 0; percent <= 100; percent += 10) {
    const rpm = percent < minimum ? 0 : maxRpm * percent / 100;
    addPoint(entry, { percent, applied: percent, rpm });
  }
  entry.minimum_percent = minimum;
  entry.minimum_rpm = maxRpm * minimum / 100;
  return new FanMap(entry);
});

const percents = fc.double({ min: 0, max: 100, noNaN: true });

Deno.test("FanMap: duties are within limits, rise with the demand, and 100 is 100", () => {
  fc.assert(fc.property(fan, percents, percents, (map, one, other) => {
    const [low, high] = [Math.min(one, other), Math.max(one, other)];
    const duty = (percent: number) => map.dutyFor(map.rpmOf(percent));
    assert.ok(duty(low) <= duty(high) + 1e-9);
    assert.ok(duty(high) <= 100 && duty(low) >= 0);
    assert.equal(duty(100), 100);
    if (low > 0) assert.ok(duty(low) >= map.minimumPercent);
    assert.ok(map.rpmAt(duty(high)) >= map.rpmOf(high) - 1e-6);
  }));
});

Deno.test("ShelfMap never gives a fan less than it is asked for, and 100 is 100", () => {
  const fans = fc.array(fan, { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(fans, percents, fc.integer({ min: 0, max: 200 }), (maps, percent, rpm) => {
    const shelf = new ShelfMap(new Map(maps.entries()), rpm);
    for (const [channel, duty] of shelf.duties(percent)) {
      const map = maps[channel] as FanMap;
      if (percent > 0) assert.ok(map.rpmAt(duty) >= map.rpmOf(percent) - 1e-6);
      assert.ok(duty >= 0 && duty <= 100);
    }
    for (const duty of shelf.duties(100).values()) assert.equal(duty, 100);
  }));
});

Deno.test("ShelfMap keeps fans apart wherever one of them has speed to spare", () => {
  const fans = fc.array(properFan, { minLength: 2, maxLength: 4 });
  fc.assert(fc.property(fans, percents, fc.integer({ min: 10, max: 150 }), (maps, percent, rpm) => {
    const shelf = new ShelfMap(new Map(maps.entries()), rpm);
    const turning = [...shelf.duties(percent)].filter(([, duty]) => duty > 0 && duty < 100)
      .map(([channel, duty]) => (maps[channel] as FanMap).rpmAt(duty)).sort((a, b) => a - b);
    for (const [index, speed] of turning.entries()) {
      if (index > 0) assert.ok(speed - (turning[index - 1] ?? 0) >= rpm - 1e-6);
    }
  }));
});

Deno.test("ShelfMap: two fans that are kept apart never turn slower for more demand", () => {
  const pair = fc.tuple(properFan, properFan);
  const rpm = fc.integer({ min: 0, max: 150 });
  fc.assert(fc.property(pair, percents, percents, rpm, (maps, one, other, detuneRpm) => {
    const shelf = new ShelfMap(new Map(maps.entries()), detuneRpm);
    const [low, high] = [shelf.duties(Math.min(one, other)), shelf.duties(Math.max(one, other))];
    for (const [channel, duty] of low) assert.ok(duty <= (high.get(channel) ?? 0) + 1e-9);
  }));
});
