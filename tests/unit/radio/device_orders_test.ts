/** What a bridge tells a device: once, again when it is lost, and in time. */

import assert from "node:assert/strict";
import { DeviceOrders, type WantedOrder } from "../../../src/cli/radio/device_orders.ts";

const NOW_S = 1_893_456_000;
const QUIET: WantedOrder = { index: 0, permille: 400, untilS: NOW_S + 1800 };

Deno.test("a device that has what it should is told nothing", () => {
  const device = new DeviceOrders();
  assert.equal(device.next([], 0, NOW_S), null);
  const first = device.next([QUIET], 0, NOW_S);
  assert.deepEqual(first, {
    seq: NOW_S,
    orders: [{ index: 0, permille: 400, expiresS: NOW_S + 1800 }],
  });
  assert.equal(device.next([QUIET], NOW_S, NOW_S + 600), null);
});

Deno.test("what is lost on the way is sent again, with a higher number", () => {
  const device = new DeviceOrders();
  const seqs = [0, 1, 2].map((turn) => device.next([QUIET], 0, NOW_S + turn / 10)?.seq);
  assert.deepEqual(seqs, [NOW_S, NOW_S + 1, NOW_S + 2]);
  // Any of the three has arrived: all of them say the same.
  assert.equal(device.next([QUIET], NOW_S + 1, NOW_S + 9), null);
});

Deno.test("an override that was taken back ends at the device, and one that changes follows", () => {
  const device = new DeviceOrders();
  const seq = device.next([QUIET], 0, NOW_S)?.seq ?? 0;
  assert.deepEqual(device.next([], seq, NOW_S + 60)?.orders, []);
  const louder = { ...QUIET, permille: 500 };
  assert.equal(device.next([louder], seq, NOW_S + 61)?.orders[0]?.permille, 500);
  const sooner = { ...QUIET, untilS: NOW_S + 900 };
  assert.equal(device.next([sooner], seq, NOW_S + 62)?.orders[0]?.expiresS, NOW_S + 900);
});

Deno.test("an override without an end is renewed before its hour is over", () => {
  const device = new DeviceOrders();
  const endless = { ...QUIET, untilS: null };
  const first = device.next([endless], 0, NOW_S);
  assert.equal(first?.orders[0]?.expiresS, NOW_S + 3300);
  const seq = first?.seq ?? 0;
  assert.equal(device.next([endless], seq, NOW_S + 1600), null);
  assert.equal(device.next([endless], seq, NOW_S + 1700)?.orders[0]?.expiresS, NOW_S + 5000);
});

Deno.test("an override of a day goes down in parts of less than an hour", () => {
  const device = new DeviceOrders();
  const long = { ...QUIET, untilS: NOW_S + 86_400 };
  const first = device.next([long], 0, NOW_S);
  assert.equal(first?.orders[0]?.expiresS, NOW_S + 3300);
});

Deno.test("after its own restart a bridge tells again what it does not remember", () => {
  const device = new DeviceOrders();
  assert.deepEqual(device.next([], NOW_S - 50, NOW_S), { seq: NOW_S, orders: [] });
  const ahead = new DeviceOrders();
  assert.equal(ahead.next([], NOW_S + 50, NOW_S)?.seq, NOW_S + 51);
});

Deno.test("an override whose time is up is not sent, and is not missed when it has ended", () => {
  const device = new DeviceOrders();
  const seq = device.next([QUIET], 0, NOW_S)?.seq ?? 0;
  assert.equal(device.next([QUIET], seq, NOW_S + 1800), null);
  assert.equal(device.next([], seq, NOW_S + 1801), null);
});
