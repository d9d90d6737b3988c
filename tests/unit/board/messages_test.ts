import assert from "node:assert/strict";
import { BoardError } from "../../../src/errors.ts";
import { FrameDecoder } from "../../../src/board/protocol/frame.ts";
import {
  decodeReply,
  encodeClear,
  encodeHello,
  encodeSet,
  encodeStatus,
  NAK_TYPE,
} from "../../../src/board/protocol/messages.ts";
import type { BoardHello, BoardStatus, Reply } from "../../../src/board/protocol/types.ts";

function body(line: Uint8Array): number[] {
  const decoder = new FrameDecoder();
  decoder.push(line);
  const frame = decoder.next();
  assert.ok(frame);
  return [frame.type, frame.seq, ...frame.body];
}

const le16 = (value: number): number[] => [value & 0xff, value >> 8];
const le32 = (value: number): number[] => [...le16(value & 0xffff), ...le16(value >>> 16)];
const reply = (type: number, bytes: number[], hello: BoardHello | null = null): Reply =>
  decodeReply({ type, seq: 5, body: Uint8Array.from(bytes) }, hello);

const HELLO_BODY = [
  ...[1, 0],
  ...[0, 1, 0],
  1,
  ...le32(0x80000001),
  ...[2, 192],
  ...le16(10_000),
  ...le16(0),
  ...[...le16(320), 1],
  ...[...le16(80), 0],
];

function hello(bytes = HELLO_BODY): BoardHello {
  const said = reply(0x81, bytes);
  assert.equal(said.kind, "hello");
  return said.hello;
}

interface TachBytes {
  spanUs: number;
  edges: number;
  ageMs: number;
  flags: number;
}

/** The body of a status in which both channels have this tachometer. */
function statusBody({ spanUs, edges, ageMs, flags }: TachBytes, uptimeMs: number): number[] {
  const channel = [
    ...[...le16(500), ...le16(160), ...le16(1234)],
    ...[...le32(spanUs), ...le16(edges), ...le16(ageMs), flags],
  ];
  const counters = [1, 2, 3, 4, 5, 6].flatMap(le16);
  return [...le32(9), ...le32(uptimeMs), 0b1010, ...counters, 2, ...channel, ...channel];
}

function status(tach: Partial<TachBytes> = {}, uptimeMs = 100_000): BoardStatus {
  const whole = { spanUs: 0, edges: 0, ageMs: 0xffff, flags: 0, ...tach };
  const said = reply(0x83, statusBody(whole, uptimeMs), hello());
  assert.equal(said.kind, "status");
  return said.status;
}

Deno.test("commands hold type, sequence and body", () => {
  assert.deepEqual(body(encodeHello(255)), [1, 255, 1, 1]);
  assert.deepEqual(body(encodeStatus(1)), [3, 1]);
  assert.deepEqual(body(encodeClear(2, 0x0805)), [4, 2, 5, 8]);
  assert.deepEqual(
    body(encodeSet(3, 0xfffefdfc, [{ permille: 1000, ttlMs: 10_000 }, { permille: 0, ttlMs: 1 }])),
    [2, 3, 0xfc, 0xfd, 0xfe, 0xff, 2, 0, 0xe8, 3, 0x10, 0x27, 0, 0, 0, 1, 0],
  );
});

Deno.test("encodeSet refuses what no board accepts", () => {
  const refuse = (permille: number, ttlMs: number, said: RegExp): void =>
    assert.throws(() => encodeSet(0, 0, [{ permille: 0, ttlMs: 1 }, { permille, ttlMs }]), {
      name: "BoardError",
      message: said,
    });
  refuse(-1, 1, /^Cannot set channel 1: the duty is -1 permille; /);
  refuse(1001, 1, /duty is 1001/);
  refuse(0.5, 1, /duty is 0.5/);
  refuse(NaN, 1, /duty is NaN/);
  refuse(0, 0, /^Cannot set channel 1: the TTL is 0 ms; /);
  refuse(0, 10_001, /TTL is 10001/);
  refuse(0, Infinity, /TTL is Infinity/);
});

Deno.test("encodeSet refuses more channels than a frame holds", () => {
  const channels = Array.from({ length: 37 }, () => ({ permille: 0, ttlMs: 1 }));
  assert.throws(() => encodeSet(0, 0, channels), {
    message: "Cannot encode a board frame: its payload has 194 bytes; at most 192 fit",
  });
});

Deno.test("a hello is read with every field", () => {
  assert.deepEqual(hello(), {
    protocol: [1, 0],
    firmware: [0, 1, 0],
    part: "ATmega328P",
    bootId: 0x80000001,
    maxPayloadBytes: 192,
    ttlMaxMs: 10_000,
    capabilities: 0,
    channels: [{ steps: 320, tach: true }, { steps: 80, tach: false }],
  });
});

Deno.test("a hello of a newer minor is read, its longer end ignored", () => {
  const newer = HELLO_BODY.with(1, 7);
  assert.deepEqual(hello([...newer, 1, 2, 3]).protocol, [1, 7]);
});

Deno.test("a hello of an unknown part keeps its number", () => {
  assert.equal(hello(HELLO_BODY.with(5, 2)).part, "ATmega2560");
  assert.equal(hello(HELLO_BODY.with(5, 99)).part, "part 99");
});

Deno.test("a hello of another major is refused before anything else in it is read", () => {
  assert.throws(() => reply(0x81, [2, 0]), {
    name: "BoardError",
    message: "Cannot talk to the board: it speaks board protocol 2.0, this is 1.1; update fand",
  });
  assert.throws(() => reply(0x81, [0, 9]), /flash the board's current firmware$/);
});

Deno.test("a status is read with every field", () => {
  const read = status({ spanUs: 100_000, edges: 4, ageMs: 12, flags: 0b1011 });
  assert.equal(read.bootId, 9);
  assert.equal(read.uptimeMs, 100_000);
  assert.deepEqual(read.resetCauses, ["external", "watchdog"]);
  assert.deepEqual(read.counters, {
    crc: 1,
    cobs: 2,
    overrun: 3,
    sequence: 4,
    ttlExpired: 5,
    rejected: 6,
  });
  assert.deepEqual(read.channels[0], {
    permille: 500,
    compare: 160,
    steps: 320,
    ttlLeftMs: 1234,
    rpm: 1200,
    edges: 4,
    edgeAgeMs: 12,
    flags: { failsafe: true, latched: true, released: false, spinning: true },
  });
});

Deno.test("rpm is unknown without a tachometer, while a fan starts, and after a reset", () => {
  const spinning = { spanUs: 100_000, edges: 4, ageMs: 12, flags: 8 };
  assert.equal(status(spinning).channels[0]?.rpm, 1200);
  assert.equal(status(spinning).channels[1]?.rpm, null);
  assert.equal(status({ ageMs: 3 }).channels[0]?.rpm, null);
  assert.equal(status({}, 900).channels[0]?.rpm, null);
});

Deno.test("rpm is 0 after 0.9 s without an edge", () => {
  assert.equal(status({ ageMs: 900 }).channels[0]?.rpm, null);
  assert.equal(status({ ageMs: 901 }).channels[0]?.rpm, 0);
  assert.equal(status({}, 901).channels[0]?.rpm, 0);
  assert.equal(status().channels[0]?.edgeAgeMs, null);
});

Deno.test("a status for another number of channels than the hello's is refused", () => {
  const one = hello(HELLO_BODY.with(10, 1).slice(0, -3));
  const bytes = statusBody({ spanUs: 0, edges: 0, ageMs: 0, flags: 0 }, 0);
  assert.throws(() => reply(0x82, bytes, one), /it has 2 channels, its hello said 1; say hello/);
});

Deno.test("a status cannot be read before a hello", () => {
  assert.throws(() => reply(0x84, []), { name: "BoardError", message: /has not said hello/ });
});

Deno.test("every body that is too short is refused", () => {
  const good: [number, number[]][] = [
    [0x81, HELLO_BODY],
    [0x82, statusBody({ spanUs: 0, edges: 0, ageMs: 0, flags: 0 }, 0)],
    [NAK_TYPE, [2, 3]],
  ];
  for (const [type, bytes] of good) {
    for (let length = 0; length < bytes.length; length++) {
      assert.throws(() => reply(type, bytes.slice(0, length), hello()), BoardError);
    }
    reply(type, bytes, hello());
  }
});

Deno.test("a refusal says what was refused and why", () => {
  assert.deepEqual(reply(NAK_TYPE, [2, 3]), {
    kind: "refusal",
    seq: 5,
    refusal: { request: 2, reason: 3, text: "it was reset since its hello" },
  });
  const unknown = reply(NAK_TYPE, [2, 77]);
  assert.equal(unknown.kind === "refusal" && unknown.refusal.text, "reason 77");
});

Deno.test("what is no reply is refused by its type", () => {
  assert.throws(() => reply(0x03, []), {
    message: "Cannot read the board's message: its type is 0x3; " +
      "check that the other end is a fan board",
  });
});
