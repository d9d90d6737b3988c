import assert from "node:assert/strict";
import { CorruptedDataError } from "../../src/errors.ts";
import { FrameReader } from "../../src/wire/frame.ts";
import { decodeMessage, encodeMessage, type Message } from "../../src/wire/message.ts";
import {
  acceptedVectors,
  disconnectVectors,
  errorVectors,
  messageVectors,
  unfinishedVectors,
} from "../support/wire_vectors.ts";

/** Every message of a stream that comes in chunks of `step` bytes. */
function readAll(hex: string, step = Infinity): Message[] {
  const stream = Uint8Array.fromHex(hex);
  const reader = new FrameReader();
  const messages: Message[] = [];
  for (let at = 0; at < stream.length; at += step) {
    reader.push(stream.slice(at, at + step));
    for (let payload = reader.next(); payload; payload = reader.next()) {
      messages.push(decodeMessage(payload));
    }
  }
  return messages;
}

Deno.test("vectors have names of their own", () => {
  const all = [...messageVectors, ...acceptedVectors, ...disconnectVectors];
  assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
});

Deno.test.each([...messageVectors])("$name is encoded and decoded as written", (vector) => {
  const { request, args, id } = vector.message;
  assert.equal(encodeMessage(request, args, id).toHex(), vector.hex);
  assert.deepEqual(readAll(vector.hex), [vector.message]);
  assert.deepEqual(readAll(vector.hex, 1), [vector.message]);
});

Deno.test.each([...acceptedVectors])("accepted: $name", (vector) => {
  assert.deepEqual(readAll(vector.hex), [vector.message]);
});

Deno.test.each([...disconnectVectors])("refused: $name", ({ hex, reason }) => {
  for (const step of [1, 3, Infinity]) {
    assert.throws(() => readAll(hex, step), (error) => {
      assert.ok(error instanceof CorruptedDataError);
      assert.ok(error.message.includes(reason), error.message);
      assert.match(error.message, /^Cannot (read a frame|decode the message): .*; send /);
      return true;
    });
  }
});

Deno.test.each([...errorVectors])("a message, although no server can meet it: $name", ({ hex }) => {
  assert.equal(readAll(hex).length, 1);
});

Deno.test.each([...unfinishedVectors])("unfinished: $name", ({ hex }) => {
  assert.deepEqual(readAll(hex), []);
  assert.deepEqual(readAll(hex, 1), []);
});
