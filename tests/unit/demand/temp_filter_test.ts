import assert from "node:assert/strict";
import { TempFilter, type TempFilterPolicy } from "../../../src/control/demand/temp_filter.ts";

const POLICY: TempFilterPolicy = {
  riseHysteresisC: 0,
  fallHysteresisC: 3,
  riseResponseMs: 0,
  fallResponseMs: 10_000,
  reapplyMs: 30_000,
};

/** Steps through temperatures a second apart and tells what the law sees. */
function see(filter: TempFilter, temps: readonly number[], fromS = 0): number[] {
  return temps.map((tempC, index) => filter.step(tempC, (fromS + index) * 1000));
}

Deno.test("a rise is followed at once, a fall within its hysteresis is held", () => {
  assert.deepEqual(see(new TempFilter(POLICY), [50, 51, 50, 48, 49, 51.5]), [
    50,
    51,
    51,
    51,
    51,
    51.5,
  ]);
});

Deno.test("a fall beyond its hysteresis is followed once it has lasted", () => {
  const filter = new TempFilter(POLICY);
  assert.equal(filter.step(60, 0), 60);
  assert.equal(filter.step(50, 1000), 60);
  assert.equal(filter.step(49, 10_999), 60);
  assert.deepEqual(filter.view(), { heldC: 60, tempC: 49, why: "response", untilMs: 11_000 });
  assert.equal(filter.step(48, 11_000), 48);
  assert.equal(filter.view(), null);
});

Deno.test("a fall that is interrupted begins to count anew", () => {
  const filter = new TempFilter(POLICY);
  filter.step(60, 0);
  filter.step(50, 1000);
  filter.step(59, 6000);
  assert.equal(filter.step(50, 7000), 60);
  assert.equal(filter.step(50, 16_999), 60);
  assert.equal(filter.step(50, 17_000), 50);
});

Deno.test("rises have a hysteresis and a response time of their own", () => {
  const filter = new TempFilter({ ...POLICY, riseHysteresisC: 2, riseResponseMs: 3000 });
  assert.deepEqual(see(filter, [50, 52, 53, 53, 53, 53, 56]), [50, 50, 50, 50, 50, 53, 53]);
});

Deno.test("what is held within its hysteresis is followed after the time to apply it again", () => {
  const filter = new TempFilter(POLICY);
  filter.step(60, 0);
  assert.equal(filter.step(58, 1000), 60);
  assert.deepEqual(filter.view(), { heldC: 60, tempC: 58, why: "hysteresis", untilMs: 30_000 });
  assert.equal(filter.step(58, 29_999), 60);
  assert.equal(filter.step(58, 30_000), 58);
});

Deno.test("what comes back to where it is held was never off", () => {
  const filter = new TempFilter(POLICY);
  filter.step(60, 0);
  filter.step(59, 20_000);
  filter.step(60, 25_000);
  assert.equal(filter.step(59, 54_000), 60);
  assert.equal(filter.step(59, 55_000), 59);
});

Deno.test("time does not count while there is no temperature", () => {
  const filter = new TempFilter(POLICY);
  filter.step(60, 0);
  filter.step(50, 1000);
  filter.pause();
  assert.equal(filter.step(50, 20_000), 60);
  assert.equal(filter.step(50, 30_000), 50);
});

Deno.test("under another policy what is held stays", () => {
  const filter = new TempFilter(POLICY);
  see(filter, [60, 50]);
  const other = new TempFilter({ ...POLICY, fallResponseMs: 4000 }, filter.state(), true);
  assert.equal(other.step(50, 2000), 60);
  assert.equal(other.step(50, 6000), 50);
});

Deno.test("a clock of another run is no reason to hold", () => {
  const filter = new TempFilter(POLICY);
  filter.step(60, 1_000_000);
  assert.equal(new TempFilter(POLICY, filter.state()).step(50, 5000), 50);
});
