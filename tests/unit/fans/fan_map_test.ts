import assert from "node:assert/strict";
import {
  addPoint,
  type ChannelCalibration,
  entryOf,
  newCalibration,
} from "../../../src/control/fans/map/calibration.ts";
import { FanMap } from "../../../src/control/fans/map/fan_map.ts";
import { FanStarter } from "../../../src/control/fans/map/fan_start.ts";
import { ShelfMap } from "../../../src/control/fans/map/shelf_map.ts";

type Rows = readonly (readonly [percent: number, rpm: number])[];

/** A fan that stops below 12 % and then turns straight up, at 400 rpm at least. */
const STRAIGHT: Rows = [[0, 0], [20, 400], [40, 800], [60, 1200], [80, 1600], [100, 2000]];
/** One that is fast early. */
const BENT: Rows = [[0, 500], [25, 1100], [50, 1500], [75, 1800], [100, 2000]];

function entry(points: Rows, more: Partial<ChannelCalibration> = {}): ChannelCalibration {
  const made = entryOf(newCalibration("left"), 0);
  for (const [percent, rpm] of points) addPoint(made, { percent, applied: percent, rpm });
  const minimum_percent = points.some(([, rpm]) => rpm === 0) ? 12 : 0;
  return Object.assign(made, { minimum_percent, start_percent: 18, start_ms: 900, ...more });
}

Deno.test("FanMap: a percentage is that of the highest speed, whatever the fan is like", () => {
  for (const points of [STRAIGHT, BENT]) {
    const map = new FanMap(entry(points));
    assert.equal(map.maxRpm, 2000);
    for (const percent of [30, 60, 77, 99]) {
      const duty = map.dutyFor(map.rpmOf(percent));
      assert.ok(Math.abs(map.rpmAt(duty) - percent * 20) < 1, `${percent}: ${duty}`);
    }
  }
  assert.equal(new FanMap(entry(BENT)).dutyFor(1300), 37.5);
});

Deno.test("FanMap gives full duty for full speed and never less than keeps the fan turning", () => {
  const map = new FanMap(entry(STRAIGHT));
  assert.equal(map.dutyFor(map.rpmOf(100)), 100);
  // Nothing is known between 12 and 20 %: the point above is sure to be enough.
  assert.equal(map.dutyFor(map.rpmOf(1)), 20);
  const finer = new FanMap(entry(STRAIGHT, { minimum_rpm: 300 }));
  assert.equal(finer.dutyFor(finer.rpmOf(1)), 12);
  assert.equal(finer.dutyFor(350), 16);
});

Deno.test("FanMap lets a fan rest only where it was seen to stand", () => {
  assert.equal(new FanMap(entry(STRAIGHT)).restPercent, 0);
  assert.equal(new FanMap(entry(STRAIGHT.slice(1), { minimum_percent: 12 })).restPercent, 12);
  assert.equal(new FanMap(entry(BENT)).restPercent, 0);
});

Deno.test("FanMap believes the lower of two speeds that contradict each other", () => {
  const map = new FanMap(entry([[0, 0], [25, 900], [50, 800], [75, 1500], [100, 2000]]));
  assert.ok(map.dutyFor(850) > 50);
  const late = new FanMap(entry([[0, 0], [50, 1800], [100, 1700]]));
  assert.equal(late.maxRpm, 1700);
  assert.equal(late.dutyFor(1700), 100);
});

Deno.test("FanMap lets a fan that nobody saw start begin at 30 %", () => {
  assert.equal(new FanMap(entry(STRAIGHT)).startPercent, 18);
  assert.equal(new FanMap(entry(STRAIGHT, { start_percent: null })).startPercent, 30);
});

Deno.test("ShelfMap keeps twins apart, upwards only, and leaves full speed alone", () => {
  const map = new FanMap(entry(STRAIGHT, { minimum_rpm: 300 }));
  const shelf = new ShelfMap(new Map([[0, map], [1, map], [2, map]]), 60);
  const rpms = (percent: number) =>
    [...shelf.duties(percent).values()].map((duty) => Math.round(map.rpmAt(duty)));
  assert.deepEqual(rpms(50), [1000, 1060, 1120]);
  assert.deepEqual(rpms(98), [1960, 2000, 2000]);
  assert.deepEqual(rpms(100), [2000, 2000, 2000]);
  assert.deepEqual([...shelf.duties(0).values()], [0, 0, 0]);
  assert.deepEqual([...new ShelfMap(new Map([[0, map], [1, map]])).duties(50).values()], [50, 50]);
});

Deno.test("ShelfMap holds no fan at a speed that resonates", () => {
  const map = new FanMap(entry(STRAIGHT, { keep_out_rpm: [[1000, 1200], [1150, 1300]] }));
  const shelf = new ShelfMap(new Map([[0, map]]));
  for (const [percent, rpm] of [[50, 1000], [52, 1300], [62, 1300], [66, 1320]] as const) {
    assert.equal(Math.round(map.rpmAt(shelf.duties(percent).get(0) ?? 0)), rpm);
  }
});

Deno.test("FanStarter gives a standing fan what starts it, and more when that does not do", () => {
  const starter = new FanStarter(new FanMap(entry(STRAIGHT)));
  starter.take("stopped", 0, 0);
  assert.equal(starter.drive(0, 0), 0);
  assert.equal(starter.drive(12, 1000), 18);
  assert.equal(starter.drive(50, 1000), 50);
  starter.take("starting", 18, 1500);
  assert.equal(starter.drive(12, 3499), 18);
  assert.equal(starter.drive(12, 3500), 22);
  assert.equal(starter.drive(12, 1000 + 60_000), 100);
  starter.take("spinning", 22, 4000);
  assert.equal(starter.drive(12, 4000), 12);
  const expected = { expectedPercent: 18, expectedMs: 900 };
  assert.deepEqual(starter.last, { count: 1, percent: 22, ms: 3000, ...expected });
});

Deno.test("FanStarter starts a fan that has stopped by itself, and forgets one that may rest", () => {
  const starter = new FanStarter(new FanMap(entry(STRAIGHT)));
  starter.take("spinning", 14, 0);
  assert.equal(starter.drive(14, 0), 14);
  starter.take("stalled", 14, 1000);
  assert.equal(starter.drive(14, 1000), 18);
  assert.equal(starter.drive(0, 2000), 0);
  starter.take("spinning", 0, 3000);
  assert.equal(starter.last, undefined);
});
