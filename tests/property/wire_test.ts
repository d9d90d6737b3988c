import assert from "node:assert/strict";
import { encodeCbor, rfc8949EncodeOptions } from "../../deps.ts";
import { CorruptedDataError } from "../../src/errors.ts";
import { FrameReader } from "../../src/wire/frame.ts";
import { decodeMessage, encodeMessage } from "../../src/wire/message.ts";
import type { WireValue } from "../../src/wire/value.ts";
import { fc } from "../deps.ts";

const text = fc.string({ unit: "binary", maxLength: 40 });
const date = fc.date({
  noInvalidDate: true,
  min: new Date("0000-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59.999Z"),
});
const scalar: fc.Arbitrary<WireValue> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.integer({ min: -70_000, max: 70_000 }),
  // -0 is sent as 0, which is all that it means here.
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  fc.float({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  text,
  fc.uint8Array({ maxLength: 300 }),
);

/** Values of any kind; dates only when asked for. */
function values(leaf: fc.Arbitrary<WireValue>): fc.Arbitrary<WireValue> {
  const { value } = fc.letrec<{ value: WireValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      leaf,
      fc.array(tie("value"), { maxLength: 8 }),
      fc.dictionary(fc.oneof(text, fc.constant("__proto__")), tie("value"), {
        maxKeys: 8,
        noNullPrototype: true,
      }),
    ),
  }));
  return value;
}
const value = values(fc.oneof(scalar, date));
const id = fc.option(fc.maxSafeInteger().map(Math.abs), { nil: undefined });

Deno.test("whatever can be sent is received as it was", () => {
  fc.assert(fc.property(text, fc.array(value, { maxLength: 4 }), id, (request, args, id) => {
    const expected = id === undefined ? { request, args } : { request, args, id };
    assert.deepEqual(decodeMessage(encodeMessage(request, args, id).subarray(4)), expected);
  }));
});

Deno.test("what is sent is RFC 8949 core deterministic, with all map keys in its order", () => {
  fc.assert(fc.property(values(scalar), (value) => {
    const ours = encodeMessage("x", [value]).subarray(4);
    assert.equal(ours.toHex(), encodeCbor(["x", [value]], rfc8949EncodeOptions).toHex());
  }));
});

/** All payloads of a stream that comes in pieces of these sizes, and then the rest. */
function cut(stream: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const reader = new FrameReader();
  const payloads: Uint8Array[] = [];
  let offset = 0;
  for (const size of [...sizes, stream.length]) {
    // The piece is overwritten afterwards, as a read buffer is.
    const piece = stream.slice(offset, offset + size);
    offset += piece.length;
    reader.push(piece);
    for (let payload = reader.next(); payload; payload = reader.next()) {
      payloads.push(payload.slice());
    }
    piece.fill(0xff);
  }
  assert.equal(reader.buffered, 0);
  return payloads;
}

Deno.test("however a stream is divided, the messages are the same", () => {
  const frames = fc.array(fc.uint8Array({ minLength: 1, maxLength: 500 }), { maxLength: 20 });
  const sizes = fc.array(fc.oneof(fc.nat(6), fc.nat(600)), { maxLength: 200 });
  fc.assert(fc.property(frames, sizes, (payloads, sizes) => {
    const stream = new Uint8Array(payloads.reduce((sum, { length }) => sum + 4 + length, 0));
    let offset = 0;
    for (const payload of payloads) {
      new DataView(stream.buffer).setUint32(offset, payload.length);
      stream.set(payload, offset + 4);
      offset += 4 + payload.length;
    }
    assert.deepEqual(cut(stream, sizes), payloads);
    assert.deepEqual(cut(stream, new Array(stream.length).fill(1)), payloads);
  }));
});

/** Decodes, and accepts nothing but a message within the limits or the one error. */
function decodeOrRefuse(payload: Uint8Array): void {
  let message;
  try {
    message = decodeMessage(payload);
  } catch (error) {
    assert.ok(error instanceof CorruptedDataError, String(error));
    return;
  }
  // Our own encoder holds what was accepted to the same limits, and settles its form.
  const { request, args, id } = message;
  const settled = encodeMessage(request, args, id);
  const again = decodeMessage(settled.subarray(4));
  assert.equal(encodeMessage(again.request, again.args, again.id).toHex(), settled.toHex());
}

Deno.test("bytes of any kind are a message or corrupted data, never anything else", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
      decodeOrRefuse(bytes);
      decodeOrRefuse(Uint8Array.of(0x82, 0x61, 0x78, 0x81, ...bytes));
    }),
    { numRuns: 3000 },
  );
});

Deno.test("a message with some bytes changed is a message or corrupted data", () => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(value, { maxLength: 3 }), changes, (args, changes) => {
      const payload = encodeMessage("status", args).slice(4);
      for (const [at, byte] of changes) payload[at % payload.length] = byte;
      decodeOrRefuse(payload);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("a FrameReader never holds more than has come", () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 30 });
  fc.assert(fc.property(chunks, (chunks) => {
    const reader = new FrameReader();
    let pushed = 0;
    for (const chunk of chunks) {
      reader.push(chunk);
      pushed += chunk.length;
      assert.ok(reader.buffered <= pushed);
      try {
        while (reader.next() !== null);
      } catch (error) {
        assert.ok(error instanceof CorruptedDataError);
        return;
      }
    }
  }));
});
