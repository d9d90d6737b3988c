import assert from "node:assert/strict";
import { Outbox } from "../../../src/server/sessions/outbox.ts";

const bytes = (...values: number[]) => new Uint8Array(values);

Deno.test("Outbox gives replies in order and pushes behind them as one piece", () => {
  const outbox = new Outbox();
  outbox.push("nas", bytes(9));
  outbox.reply(bytes(1, 2));
  outbox.reply(bytes(3));
  assert.equal(outbox.replyBytes, 3);
  assert.deepEqual(outbox.take(), bytes(1, 2, 3, 9));
  assert.equal(outbox.take(), null);
  assert.equal(outbox.replyBytes, 0);
});

Deno.test("Outbox keeps of each shelf only the newest push", () => {
  const outbox = new Outbox();
  outbox.push("nas", bytes(1));
  outbox.push("rack", bytes(2));
  outbox.push("nas", bytes(3));
  assert.deepEqual(outbox.take(), bytes(3, 2));
});

Deno.test("Outbox forgets the push of a shelf that is no longer wanted", () => {
  const outbox = new Outbox();
  outbox.push("nas", bytes(1));
  outbox.dropPush("nas");
  assert.equal(outbox.take(), null);
});
