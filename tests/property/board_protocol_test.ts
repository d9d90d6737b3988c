import assert from "node:assert/strict";
import { fc } from "../deps.ts";
import { decodeCobs, encodeCobs } from "../../src/board/protocol/cobs.ts";
import { encodeFrame, type Frame, FrameDecoder } from "../../src/board/protocol/frame.ts";

/** Bytes in which zeros and long runs without them are frequent. */
const payload = fc.oneof(
  fc.uint8Array({ maxLength: 600 }),
  fc.array(fc.constantFrom(0, 1, 255), { maxLength: 600 }).map((list) => Uint8Array.from(list)),
  fc.integer({ min: 250, max: 260 }).map((length) => new Uint8Array(length).fill(1)),
);

Deno.test("COBS gives back every payload, has no zero, and grows by at most one byte in 254", () => {
  fc.assert(fc.property(payload, (bytes) => {
    const line = encodeCobs(bytes);
    assert.ok(!line.includes(0));
    assert.ok(line.length <= bytes.length + Math.floor(bytes.length / 254) + 1);
    assert.deepEqual(decodeCobs(line), bytes);
  }));
});

Deno.test("COBS reads any bytes without harm", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (line) => {
    const bytes = decodeCobs(line);
    assert.ok(bytes === null || bytes.length <= line.length);
  }));
});

function decode(pieces: readonly Uint8Array[]): { frames: Frame[]; bad: unknown } {
  const decoder = new FrameDecoder();
  const frames: Frame[] = [];
  for (const piece of pieces) {
    decoder.push(piece);
    for (let frame = decoder.next(); frame; frame = decoder.next()) frames.push(frame);
  }
  return { frames, bad: decoder.bad };
}

const byte = fc.integer({ min: 0, max: 255 });
const frame = fc.record(
  { type: byte, seq: byte, body: fc.uint8Array({ maxLength: 188 }) },
  { noNullPrototype: true },
);

Deno.test("frames come out as they went in, however the line is cut", () => {
  fc.assert(fc.property(
    fc.array(frame, { maxLength: 5 }),
    fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 }),
    (frames, cuts) => {
      const line = Uint8Array.from(
        frames.flatMap(({ type, seq, body }) => [...encodeFrame(type, seq, body)]),
      );
      const pieces: Uint8Array[] = [];
      let at = 0;
      while (at < line.length) {
        const length = cuts[pieces.length % cuts.length] ?? 1;
        pieces.push(line.subarray(at, at + length));
        at += length;
      }
      assert.deepEqual(decode(pieces), { frames, bad: { crc: 0, cobs: 0 } });
      assert.deepEqual(decode([line]), { frames, bad: { crc: 0, cobs: 0 } });
    },
  ));
});

/* A flipped bit in a code byte moves all that follows it, and a CRC of 16 bits lets one such frame
 * in 65 536 through: the seed keeps this test the same every time. */
Deno.test("a frame with up to two flipped bits never comes out changed", () => {
  const flips = fc.array(fc.nat(), { minLength: 1, maxLength: 2 });
  fc.assert(
    fc.property(frame, flips, (sent, bits) => {
      const line = encodeFrame(sent.type, sent.seq, sent.body);
      for (const flip of bits) {
        const bit = flip % ((line.length - 1) * 8);
        line[bit >> 3] = (line[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      }
      for (const received of decode([line]).frames) assert.deepEqual(received, sent);
    }),
    { seed: 1, numRuns: 2000 },
  );
});
