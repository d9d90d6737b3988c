/** Payloads of the radio: what can be said arrives, and what arrives is understood or refused. */

import assert from "node:assert/strict";
import { CorruptedDataError } from "../../src/errors.ts";
import { AtLines } from "../../src/radio/at/at_lines.ts";
import { readEvent } from "../../src/radio/lorawan/rui3.ts";
import { readDownlink } from "../../src/radio/sigfox/wisol.ts";
import { decodeOrders, encodeOrders } from "../../src/wire/radio/orders.ts";
import { MOST_RADIO_SHELVES, RADIO_PAYLOAD_BYTES } from "../../src/wire/radio/limits.ts";
import { decodeReport, encodeReport, RADIO_STATES } from "../../src/wire/radio/report.ts";
import { fc } from "../deps.ts";

/** Records as the decoder makes them, which have a prototype. */
const plain = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true });
const seconds = fc.integer({ min: 0, max: 0xffff_ffff });
const index = fc.integer({ min: 0, max: MOST_RADIO_SHELVES - 1 });
const shelf = plain({
  index,
  state: fc.constantFrom(...RADIO_STATES),
  percent: fc.option(fc.integer({ min: 0, max: 100 })),
  rpm: fc.option(fc.integer({ min: 0, max: 100_000 })),
  tempsC: fc.array(
    fc.option(fc.integer({ min: -32_767, max: 32_767 }).map((tenths) => tenths / 10)),
    { maxLength: 8 },
  ),
});
const report = plain({
  timeS: seconds,
  ordersSeq: seconds,
  shelves: fc.uniqueArray(shelf, { selector: ({ index }) => index, minLength: 1, maxLength: 4 }),
});

Deno.test("a report arrives whole, in payloads that all fit", () => {
  fc.assert(
    fc.property(report, fc.integer({ min: RADIO_PAYLOAD_BYTES, max: 242 }), (report, most) => {
      const payloads = encodeReport(report, most);
      assert.ok(payloads.every(({ length }) => length <= most));
      const parts = payloads.map(decodeReport);
      assert.deepEqual(parts.flatMap(({ shelves }) => shelves), report.shelves);
      for (const { timeS, ordersSeq } of parts) {
        assert.deepEqual([timeS, ordersSeq], [report.timeS, report.ordersSeq]);
      }
    }),
  );
});

Deno.test("orders arrive whole, within 51 bytes", () => {
  const order = plain({
    index,
    permille: fc.integer({ min: 0, max: 1000 }),
    expiresS: seconds,
  });
  const orders = plain({
    seq: fc.integer({ min: 1, max: 0xffff_ffff }),
    orders: fc.uniqueArray(order, { selector: ({ index }) => index, maxLength: 4 }),
  });
  fc.assert(fc.property(orders, (orders) => {
    const payload = encodeOrders(orders);
    assert.ok(payload.length <= RADIO_PAYLOAD_BYTES);
    assert.deepEqual(decodeOrders(payload), orders);
  }));
});

Deno.test("any other bytes are refused as corrupted, and never as anything else", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 255 }),
    fc.tuple(report, fc.nat(60), fc.nat(255)).map(([report, at, byte]) => {
      const payload = encodeReport(report, 242)[0]?.slice() ?? new Uint8Array(1);
      payload[at % payload.length] = byte;
      return payload;
    }),
  );
  fc.assert(fc.property(bytes, (bytes) => {
    for (const decode of [decodeReport, decodeOrders]) {
      try {
        decode(bytes);
      } catch (error) {
        assert.ok(error instanceof CorruptedDataError, String(error));
      }
    }
  }));
});

Deno.test("no line of a modem is more than an event or nothing", () => {
  const line = fc.oneof(
    fc.string(),
    fc.string({ maxLength: 40 }).map((text) => `+EVT:${text}`),
    fc.string({ unit: fc.constantFrom(..."0123456789ABCDEF:-") }).map((text) =>
      `+EVT:RX_1:${text}`
    ),
    fc.string({ unit: fc.constantFrom(..."0123456789ABCDEF ") }).map((text) => `RX=${text}`),
  );
  fc.assert(fc.property(line, (line) => {
    const event = readEvent(line);
    if (event.kind === "packet") {
      assert.ok(event.packet.bytes.length > 0 && event.packet.port <= 255);
    }
    assert.ok([undefined, 8].includes(readDownlink(line)?.length));
  }));
});

Deno.test("lines do not depend on how their bytes are cut", () => {
  const bytes = fc.uint8Array({ maxLength: 2000 });
  fc.assert(fc.property(bytes, fc.array(fc.nat(2000)), (bytes, cuts) => {
    const whole = new AtLines();
    const cut = new AtLines();
    const edges = [0, ...cuts.map((at) => at % (bytes.length + 1)), bytes.length].sort((a, b) =>
      a - b
    );
    const parts = edges.slice(1).map((end, at) => bytes.subarray(edges[at], end));
    assert.deepEqual(parts.flatMap((part) => cut.push(part)), whole.push(bytes));
    assert.deepEqual([cut.overlong, cut.garbled], [whole.overlong, whole.garbled]);
  }));
});
