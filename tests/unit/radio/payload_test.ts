/** Payloads of the radio, against the vectors that docs/lora.md names. */

import assert from "node:assert/strict";
import vectors from "../../vectors/radio.json" with { type: "json" };
import { CorruptedDataError, UnencodableError } from "../../../src/errors.ts";
import { decodeOrders, encodeOrders } from "../../../src/wire/radio/orders.ts";
import { RADIO_PAYLOAD_BYTES } from "../../../src/wire/radio/limits.ts";
import {
  decodeReport,
  encodeReport,
  type RadioReport,
  type RadioShelf,
} from "../../../src/wire/radio/report.ts";

for (const { report, hex } of vectors.reports) {
  Deno.test(`the report ${hex} is written and read`, () => {
    const found = decodeReport(Uint8Array.fromHex(hex));
    assert.deepEqual(found, report);
    const payloads = encodeReport(report as RadioReport, RADIO_PAYLOAD_BYTES);
    assert.deepEqual(payloads.map((payload) => payload.toHex()), [hex]);
  });
}

for (const { orders, hex } of vectors.orders) {
  Deno.test(`the orders ${hex} are written and read`, () => {
    assert.deepEqual(decodeOrders(Uint8Array.fromHex(hex)), orders);
    assert.equal(encodeOrders(orders).toHex(), hex);
  });
}

for (const { what, hex } of vectors.refused) {
  Deno.test(`${what} is neither a report nor orders`, () => {
    const bytes = Uint8Array.fromHex(hex);
    assert.throws(() => decodeReport(bytes), CorruptedDataError);
    assert.throws(() => decodeOrders(bytes), CorruptedDataError);
  });
}

const SHELF: RadioShelf = { index: 0, state: "safe", percent: 100, rpm: 1180, tempsC: [] };

Deno.test("eight temperatures of a shelf fit into 51 bytes, and no more are sent", () => {
  const tempsC = Array.from({ length: 12 }, (_, at) => 100 + at / 10);
  const report = { timeS: 1893456000.7, ordersSeq: 1893456000, shelves: [{ ...SHELF, tempsC }] };
  const [payload, ...more] = encodeReport(report, RADIO_PAYLOAD_BYTES);
  assert.ok(payload && more.length === 0);
  assert.deepEqual(decodeReport(payload).shelves[0]?.tempsC, tempsC.slice(0, 8));
  assert.equal(decodeReport(payload).timeS, 1893456000);
});

Deno.test("what does not fit into one payload goes in several, shelf by shelf", () => {
  const shelves = [0, 1, 2, 3].map((index) => ({ ...SHELF, index, tempsC: [31.5, 32.5, 33.5] }));
  const report = { timeS: 1893456000, ordersSeq: 1893456000, shelves };
  const payloads = encodeReport(report, RADIO_PAYLOAD_BYTES);
  const found = payloads.map((payload) => decodeReport(payload).shelves.map(({ index }) => index));
  assert.deepEqual(found, [[0, 1], [2, 3]]);
  assert.throws(() => encodeReport(report, 11), UnencodableError);
});

Deno.test("what no radio can carry is cut to what it can, or refused", () => {
  const odd = { ...SHELF, percent: 33.4, rpm: 1e9, tempsC: [1e6, -1e6, 21.04, null] };
  const [payload] = encodeReport({ timeS: 1, ordersSeq: 0, shelves: [odd] }, 51);
  assert.deepEqual(payload && decodeReport(payload).shelves, [
    { ...SHELF, percent: 33, rpm: 100_000, tempsC: [3276.7, -3276.7, 21, null] },
  ]);
  for (
    const order of [
      { index: 4, permille: 1, expiresS: 1 },
      { index: 0, permille: 0.5, expiresS: 1 },
      { index: 0, permille: 1, expiresS: 2 ** 32 },
    ]
  ) assert.throws(() => encodeOrders({ seq: 1, orders: [order] }), UnencodableError);
  assert.throws(() => encodeOrders({ seq: 0, orders: [] }), UnencodableError);
});

Deno.test("the examples of docs/lora.md are vectors", async () => {
  const page = await Deno.readTextFile(new URL("../../../docs/lora.md", import.meta.url));
  const [, shown = ""] = page.match(/^```hex\n([^`]+)```$/m) ?? [];
  const known = [...vectors.reports, ...vectors.orders].map(({ hex }) => hex);
  const lines = shown.trim().split("\n");
  assert.equal(lines.length, 3);
  assert.deepEqual(lines.filter((line) => !known.includes(line)), []);
});
