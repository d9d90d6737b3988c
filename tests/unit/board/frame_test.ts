import assert from "node:assert/strict";
import { encodeFrame, type Frame, FrameDecoder } from "../../../src/board/protocol/frame.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

function all(decoder: FrameDecoder): Frame[] {
  const frames: Frame[] = [];
  for (let frame = decoder.next(); frame; frame = decoder.next()) frames.push(frame);
  return frames;
}

Deno.test("FrameDecoder returns what encodeFrame was given, piece by piece", () => {
  const decoder = new FrameDecoder();
  const line = encodeFrame(3, 0, bytes(0, 1, 0));
  for (const byte of line.subarray(0, -1)) {
    decoder.push(bytes(byte));
    assert.equal(decoder.next(), null);
  }
  decoder.push(bytes(0));
  assert.deepEqual(all(decoder), [{ type: 3, seq: 0, body: bytes(0, 1, 0) }]);
});

Deno.test("FrameDecoder finds the next frame after every kind of damage", () => {
  const good = encodeFrame(3, 7, bytes(1, 2));
  const flipped = good.map((byte, at) => at === 2 ? byte ^ 0x10 : byte);
  const decoder = new FrameDecoder();
  decoder.push(flipped);
  decoder.push(good);
  assert.equal(all(decoder).length, 1);
  assert.deepEqual(decoder.bad, { crc: 1, cobs: 0 });
  decoder.push(good.subarray(0, 3));
  decoder.push(bytes(0));
  decoder.push(good);
  assert.equal(all(decoder).length, 1);
  assert.deepEqual(decoder.bad, { crc: 1, cobs: 1 });
});

Deno.test("FrameDecoder holds no more than one frame of an endless line", () => {
  const decoder = new FrameDecoder();
  for (let i = 0; i < 100; i++) decoder.push(new Uint8Array(10_000).fill(0x55));
  decoder.push(bytes(0));
  assert.deepEqual(decoder.bad, { crc: 0, cobs: 1 });
  decoder.push(encodeFrame(1, 2, bytes()));
  assert.deepEqual(all(decoder), [{ type: 1, seq: 2, body: bytes() }]);
});

Deno.test("FrameDecoder ignores empty frames", () => {
  const decoder = new FrameDecoder();
  decoder.push(bytes(0, 0, 0));
  assert.equal(decoder.next(), null);
  assert.deepEqual(decoder.bad, { crc: 0, cobs: 0 });
});

Deno.test("FrameDecoder that starts in the middle of a frame does not count its end", () => {
  const decoder = new FrameDecoder(false);
  const good = encodeFrame(3, 7, bytes(1, 2));
  decoder.push(good.subarray(4));
  decoder.push(good);
  assert.equal(all(decoder).length, 1);
  assert.deepEqual(decoder.bad, { crc: 0, cobs: 0 });
});

Deno.test("a frame of the largest payload fits, one more byte is refused", () => {
  const decoder = new FrameDecoder();
  decoder.push(encodeFrame(3, 7, new Uint8Array(188).fill(9)));
  assert.equal(decoder.next()?.body.length, 188);
  assert.throws(() => encodeFrame(3, 7, new Uint8Array(189)), { name: "BoardError" });
});
