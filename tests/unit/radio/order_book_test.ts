/** Orders that come by radio: what holds, for how long, and what is dropped. */

import assert from "node:assert/strict";
import { MOST_RAISED_MS, type Now, OrderBook } from "../../../src/agent/radio/order_book.ts";
import { MAX_FORCED_MS } from "../../../src/control/engine/override.ts";
import { encodeOrders, type RadioOrder } from "../../../src/wire/radio/orders.ts";
import { encodeReport } from "../../../src/wire/radio/report.ts";

const EPOCH_S = 1_893_456_000;

/** A moment, so many seconds after the first. */
function at(seconds: number, wallStepS = 0): Now {
  return { monotonicMs: seconds * 1000, wallMs: (EPOCH_S + seconds + wallStepS) * 1000 };
}

/** Orders with ends so many seconds after the first moment. */
function orders(seq: number, ...each: [index: number, permille: number, endS: number][]) {
  const found: RadioOrder[] = each.map(([index, permille, endS]) => ({
    index,
    permille,
    expiresS: EPOCH_S + endS,
  }));
  return encodeOrders({ seq, orders: found });
}

Deno.test("an order holds until its end, and not a millisecond longer", () => {
  const book = new OrderBook(2, 1000);
  assert.deepEqual(book.take(orders(1, [1, 400, 600]), at(10)), { isTaken: true, dropped: [] });
  assert.equal(book.at(0, at(10)), null);
  assert.equal(book.at(1, at(599.999))?.permille, 400);
  assert.equal(book.at(1, at(600)), null);
});

Deno.test("an order that comes late is dropped and counted, and others with it hold", () => {
  const book = new OrderBook(2, 1000);
  const { isTaken, dropped } = book.take(orders(1, [0, 400, 600], [1, 500, 900]), at(600));
  assert.equal(isTaken, true);
  assert.deepEqual(dropped, ["the order of 40 % for shelf 0, which came 0 s too late"]);
  assert.equal(book.at(0, at(600)), null);
  assert.equal(book.at(1, at(600))?.permille, 500);
  assert.equal(book.counters.late, 1);
});

Deno.test("a downlink that was there before is dropped and counted, whatever it says", () => {
  const book = new OrderBook(1, 1000);
  const first = orders(7, [0, 400, 600]);
  book.take(first, at(0));
  book.take(orders(8), at(1));
  assert.equal(book.at(0, at(1)), null);
  for (const replayed of [first, orders(8, [0, 500, 600]), orders(1)]) {
    assert.equal(book.take(replayed, at(2)).isTaken, false);
  }
  assert.equal(book.at(0, at(2)), null);
  assert.deepEqual([book.seq, book.counters.replayed, book.counters.taken], [8, 3, 2]);
});

Deno.test("orders that do not name a shelf have ended it", () => {
  const book = new OrderBook(2, 1000);
  book.take(orders(1, [0, 400, 600], [1, 400, 600]), at(0));
  book.take(orders(2, [1, 300, 600]), at(1));
  assert.deepEqual([book.at(0, at(1)), book.at(1, at(1))?.permille], [null, 300]);
});

Deno.test("less than the safe level holds for an hour at most, more for a day", () => {
  const hourS = MAX_FORCED_MS / 1000;
  const dayS = MOST_RAISED_MS / 1000;
  const book = new OrderBook(4, 600);
  const { dropped } = book.take(
    orders(1, [0, 599, hourS], [1, 599, hourS + 1], [2, 600, dayS], [3, 1000, dayS + 1]),
    at(0),
  );
  const held = [0, 1, 2, 3].map((index) => book.at(index, at(0)) !== null);
  assert.deepEqual(held, [true, false, true, false]);
  assert.deepEqual([dropped.length, book.counters.tooLong], [2, 2]);
});

Deno.test("a clock that is set back prolongs no order, and one that is set on ends it", () => {
  const book = new OrderBook(1, 1000);
  book.take(orders(1, [0, 400, 600]), at(0));
  assert.ok(book.at(0, at(599, -100_000)));
  assert.equal(book.at(0, at(600, -100_000)), null);
  assert.equal(book.at(0, at(1, 599)), null);
});

Deno.test("what is no orders, or of a shelf that is not there, changes nothing", () => {
  const book = new OrderBook(1, 1000);
  book.take(orders(1, [0, 400, 600]), at(0));
  const shelf = { index: 0, state: "safe", percent: 100, rpm: 1, tempsC: [] } as const;
  const [report = new Uint8Array(0)] = encodeReport(
    { timeS: 1, ordersSeq: 0, shelves: [shelf] },
    51,
  );
  for (const wrong of [orders(2, [1, 400, 600]), report, Uint8Array.of(), Uint8Array.of(0xff)]) {
    assert.equal(book.take(wrong, at(1)).isTaken, false);
  }
  assert.equal(book.at(0, at(1))?.permille, 400);
  assert.deepEqual([book.seq, book.counters.corrupt], [1, 4]);
});
