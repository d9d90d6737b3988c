import assert from "node:assert/strict";
import { Wheel } from "../../../src/server/shelves/wheel.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

interface Visit {
  readonly name: string;
  readonly atMs: number;
}

function wheelOf(count: number) {
  const clock = new VirtualClock();
  const rim = new Set(Array.from({ length: count }, (_, index) => `s${index}`));
  const visits: Visit[] = [];
  const wheel = new Wheel(clock, rim, (name) => visits.push({ name, atMs: clock.monotonicMs() }));
  return { clock, rim, visits, wheel };
}

/** The longest time that each was left alone, from its first visit to the end. */
function longestGapMs(visits: readonly Visit[], name: string, endMs: number): number {
  const times = visits.filter((visit) => visit.name === name).map(({ atMs }) => atMs);
  return Math.max(...times.map((atMs, index) => (times[index + 1] ?? endMs) - atMs));
}

Deno.test("Wheel visits everyone once a period, spread over it", async () => {
  const { clock, rim, visits, wheel } = wheelOf(10_000);
  wheel.turn(1000);
  await clock.advance(1000);
  assert.deepEqual(visits.map(({ name }) => name), [...rim]);
  const atOnce = Map.groupBy(visits, ({ atMs }) => atMs);
  assert.equal(atOnce.size, 50);
  for (const group of atOnce.values()) assert.equal(group.length, 200);
  await clock.advance(3000);
  assert.equal(visits.length, 40_000);
  for (const name of ["s0", "s5000", "s9999"]) {
    assert.equal(longestGapMs(visits.slice(0, 30_000), name, 3000) <= 1000, true);
  }
  wheel.stop();
  assert.equal(clock.waiting, 0);
});

Deno.test("Wheel wakes up once a period for a few", async () => {
  const { clock, visits, wheel } = wheelOf(3);
  wheel.turn(1000);
  await clock.advance(2000);
  assert.deepEqual(visits.map(({ name, atMs }) => `${name} ${atMs}`), [
    "s0 1000",
    "s1 1000",
    "s2 1000",
    "s0 2000",
    "s1 2000",
    "s2 2000",
  ]);
  wheel.stop();
});

Deno.test("Wheel leaves nobody out who stays while others come and go", async () => {
  const { clock, rim, visits, wheel } = wheelOf(1000);
  wheel.turn(1000);
  for (let step = 0; step < 100; step++) {
    await clock.advance(100);
    for (let index = 0; index < 30; index++) {
      rim.delete(`s${(step * 30 + index) % 900}`);
      rim.add(`new ${step} ${index}`);
    }
  }
  for (let index = 900; index < 1000; index++) {
    const gapMs = longestGapMs(visits, `s${index}`, 10_000);
    assert.ok(gapMs <= 1100, `s${index} was left alone for ${gapMs} ms`);
  }
  wheel.stop();
});

Deno.test("Wheel makes up for a late step, and after a standstill begins anew", async () => {
  const { clock, visits, wheel } = wheelOf(100);
  wheel.turn(1000);
  await clock.advance(250);
  clock.skip(600);
  await clock.advance(150);
  assert.equal(visits.length, 100);
  clock.skip(60_000);
  await clock.advance(0);
  const afterStandstill = visits.length;
  await clock.advance(1000);
  assert.ok(visits.length - afterStandstill <= 200, `${visits.length - afterStandstill} visits`);
  wheel.stop();
});

Deno.test("Wheel goes on where it is when it is told the same period again", async () => {
  const { clock, visits, wheel } = wheelOf(100);
  wheel.turn(1000);
  await clock.advance(750);
  wheel.turn(1000);
  await clock.advance(250);
  assert.equal(visits.length, 100);
  wheel.turn(200);
  await clock.advance(200);
  assert.equal(visits.length, 200);
  wheel.stop();
});
