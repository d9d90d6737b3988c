import assert from "node:assert/strict";
import { Receiver } from "../../../../src/board/serial/receiver.ts";
import { SerialError } from "../../../../src/board/serial/serial_error.ts";

const GONE = new SerialError("Cannot use it: it was unplugged; plug it in", "unplugged");

/** A receiver that is full from `limitBytes` on, and how often it said that there is room. */
function receiver(limitBytes = 4): { receiver: Receiver; calls: { room: number; cancel: number } } {
  const calls = { room: 0, cancel: 0 };
  const made = new Receiver(limitBytes, () => calls.room++, () => calls.cancel++);
  return { receiver: made, calls };
}

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);

Deno.test("a receiver gives what arrived before an end, then the reason", async () => {
  const { receiver: at } = receiver();
  const reader = at.stream.getReader();
  at.push(bytes(1));
  at.push(bytes(2, 3));
  at.end(GONE);
  assert.deepEqual((await reader.read()).value, bytes(1));
  assert.deepEqual((await reader.read()).value, bytes(2, 3));
  await assert.rejects(reader.read(), GONE);
});

Deno.test("a receiver tells a stream that is asked for late why it ended", async () => {
  const { receiver: at } = receiver();
  at.end(GONE);
  await assert.rejects(at.stream.getReader().read(), GONE);
});

Deno.test("a receiver that is closed ends at once and keeps nothing", async () => {
  const { receiver: at } = receiver();
  const reader = at.stream.getReader();
  at.push(bytes(1));
  at.end(null);
  at.push(bytes(2));
  assert.deepEqual(await reader.read(), { done: true, value: undefined });
  await reader.closed;
});

Deno.test("a receiver serves readers that wait, in order", async () => {
  const { receiver: at } = receiver();
  const reader = at.stream.getReader();
  const reads = [reader.read(), reader.read()];
  // The stream asks for more in its own time.
  await Promise.resolve();
  at.push(bytes(1));
  at.push(bytes(2));
  const values = (await Promise.all(reads)).map(({ value }) => value?.[0]);
  assert.deepEqual(values, [1, 2]);
});

Deno.test("a receiver is full from its limit on, and says when it is not any more", async () => {
  const { receiver: at, calls } = receiver(4);
  const reader = at.stream.getReader();
  at.push(bytes(1, 2));
  assert.equal(at.isFull, false);
  at.push(bytes(3, 4));
  assert.equal(at.isFull, true);
  assert.equal(calls.room, 0);
  await reader.read();
  assert.equal(at.isFull, false);
  assert.equal(calls.room, 1);
  at.push(bytes(5, 6));
  at.clear();
  assert.deepEqual([at.isFull, calls.room], [false, 2]);
});

Deno.test("a receiver whose stream was cancelled begins anew", async () => {
  const { receiver: at, calls } = receiver();
  const first = at.stream;
  at.push(bytes(1));
  await first.cancel();
  assert.equal(calls.cancel, 1);
  assert.notEqual(at.stream, first);
  at.push(bytes(2));
  assert.deepEqual((await at.stream.getReader().read()).value, bytes(2));
});
