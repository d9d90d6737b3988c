/** Time on the air, against figures that calculators of Semtech and The Things Network give. */

import assert from "node:assert/strict";
import { airtimeMs, uplinkMs } from "../../../src/radio/lorawan/airtime.ts";

const FIGURES: readonly [
  spreadingFactor: number,
  bandwidthKhz: number,
  bytes: number,
  ms: number,
][] = [
  [7, 125, 23, 61.7],
  [7, 125, 64, 118.02],
  [9, 125, 23, 205.82],
  [10, 125, 23, 370.69],
  [12, 125, 23, 1482.75],
  [12, 125, 64, 2793.47],
  [8, 500, 23, 28.29],
];

for (const [spreadingFactor, bandwidthKhz, bytes, ms] of FIGURES) {
  Deno.test(`SF${spreadingFactor} at ${bandwidthKhz} kHz takes ${ms} ms for ${bytes} bytes`, () => {
    const found = airtimeMs({ spreadingFactor, bandwidthKhz }, bytes);
    assert.ok(Math.abs(found - ms) < 0.01, String(found));
  });
}

Deno.test("an uplink has 13 bytes more than what it says, at its region's data rate", () => {
  const close = (found: number, ms: number) => assert.ok(Math.abs(found - ms) < 0.01, `${found}`);
  close(uplinkMs("EU868", 5, 10), 61.7);
  close(uplinkMs("EU868", 0, 51), 2793.47);
  close(uplinkMs("EU868", 6, 10), 30.85);
  close(uplinkMs("US915", 0, 10), 370.69);
  close(uplinkMs("US915", 4, 10), 28.29);
  close(uplinkMs("AU915", 6, 10), 28.29);
  close(uplinkMs("EU868", 7, 10), uplinkMs("EU868", 0, 10));
});
