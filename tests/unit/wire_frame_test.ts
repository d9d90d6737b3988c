import assert from "node:assert/strict";
import { FrameReader } from "../../src/wire/frame.ts";
import { CorruptedDataError } from "../../src/errors.ts";

/** A frame around a payload. */
function frame(payload: Uint8Array): Uint8Array {
  const whole = new Uint8Array(4 + payload.length);
  new DataView(whole.buffer).setUint32(0, payload.length);
  whole.set(payload, 4);
  return whole;
}

const bytes = (...values: number[]) => Uint8Array.from(values);

Deno.test("FrameReader returns every frame of a chunk as a view into it", () => {
  const chunk = Uint8Array.from([...frame(bytes(1, 2, 3)), ...frame(bytes(4))]);
  const reader = new FrameReader();
  reader.push(chunk);
  const first = reader.next();
  assert.deepEqual(first, bytes(1, 2, 3));
  assert.equal(first?.buffer, chunk.buffer);
  assert.deepEqual(reader.next(), bytes(4));
  assert.equal(reader.next(), null);
  assert.equal(reader.buffered, 0);
});

Deno.test("FrameReader finishes a frame that comes byte by byte", () => {
  const payload = new Uint8Array(70_000 / 2).map((_, i) => i);
  const reader = new FrameReader();
  const whole = frame(payload);
  for (const [index, byte] of whole.entries()) {
    assert.equal(reader.next(), null);
    assert.equal(reader.buffered, index);
    reader.push(bytes(byte));
  }
  assert.deepEqual(reader.next(), payload);
  assert.equal(reader.buffered, 0);
});

Deno.test("FrameReader keeps an unfinished frame when the chunk is used again", () => {
  const chunk = frame(bytes(1, 2, 3, 4));
  const reader = new FrameReader();
  reader.push(chunk.subarray(0, 6));
  assert.equal(reader.next(), null);
  const rest = chunk.slice(6);
  chunk.fill(0xff);
  reader.push(rest);
  assert.deepEqual(reader.next(), bytes(1, 2, 3, 4));
});

Deno.test("FrameReader takes a chunk although the one before is not read to its end", () => {
  const reader = new FrameReader();
  const both = Uint8Array.from([...frame(bytes(7)), ...frame(bytes(8, 9))]);
  reader.push(both.subarray(0, 5));
  reader.push(both.subarray(5, 8));
  reader.push(both.subarray(8));
  assert.equal(reader.buffered, both.length);
  assert.deepEqual(reader.next(), bytes(7));
  assert.deepEqual(reader.next(), bytes(8, 9));
});

Deno.test("FrameReader accepts the largest payload and refuses one byte more", () => {
  const reader = new FrameReader(10);
  reader.push(frame(new Uint8Array(10)));
  assert.equal(reader.next()?.length, 10);
  reader.push(frame(new Uint8Array(11)));
  assert.throws(() => reader.next(), CorruptedDataError);
});

Deno.test.each([
  ["0", "00000000"],
  ["65537", "00010001"],
  ["2147483648", "80000000"],
  ["4294967295", "ffffffff"],
  ["1195725856", "47455420"],
])("FrameReader refuses a length of %s at every split, and goes on refusing", (length, hex) => {
  const header = Uint8Array.fromHex(hex as string);
  for (let split = 0; split <= 4; split++) {
    const reader = new FrameReader();
    reader.push(header.slice(0, split));
    if (split < 4) assert.equal(reader.next(), null);
    reader.push(header.slice(split));
    const expected = {
      name: "CorruptedDataError",
      message: `Cannot read a frame: its length is ${length}; send 1 to 65536 bytes`,
    };
    assert.throws(() => reader.next(), expected);
    assert.throws(() => reader.next(), expected);
  }
});

Deno.test.each([["an alert", "1503030002"], ["a handshake", "16030100d9"]])(
  "FrameReader says that %s of TLS is no frame",
  (_, hex) => {
    const reader = new FrameReader();
    reader.push(Uint8Array.fromHex(hex as string));
    assert.throws(() => reader.next(), {
      name: "CorruptedDataError",
      message:
        "Cannot read a frame: it is a record of TLS; send TLS to its own port, or use none " +
        "at either end",
    });
  },
);

Deno.test("FrameReader allocates nothing on the word of a length", () => {
  const reader = new FrameReader(0xffff_ffff);
  reader.push(bytes(0xff, 0xff, 0xff, 0xff, 1));
  assert.equal(reader.next(), null);
  assert.equal(reader.buffered, 5);
});
