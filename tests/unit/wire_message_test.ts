import assert from "node:assert/strict";
import { CorruptedDataError, UnencodableError } from "../../src/errors.ts";
import { DEFAULT_WIRE_LIMITS } from "../../src/wire/limits.ts";
import { decodeMessage, encodeMessage } from "../../src/wire/message.ts";
import { isWireMap, type WireValue } from "../../src/wire/value.ts";

const payloadOf = (frame: Uint8Array) => frame.subarray(4);
const decodeHex = (hex: string) => decodeMessage(Uint8Array.fromHex(hex));
/** Decodes `["x", [ITEM]]` and gives ITEM. */
const decodeItem = (hex: string) => decodeHex(`82617881${hex}`).args[0];

Deno.test("encodeMessage writes the header and the item in one piece", () => {
  assert.equal(
    encodeMessage("get_pwm", ["shelf1"]).toHex(),
    "00000011" + "8267" + "6765745f70776d" + "8166" + "7368656c6631",
  );
  assert.equal(
    encodeMessage("ping", [], 7).toHex(),
    "00000008" + "83" + "6470696e67" + "80" + "07",
  );
});

Deno.test.each([
  ["a whole second", Date.UTC(2020, 0, 1), "c11a5e0be100"],
  ["half a second", Date.UTC(2020, 0, 1) + 500, "c1fb41d782f840200000"],
  ["before 1970", -1000, "c120"],
  ["1970", 0, "c100"],
])("encodeMessage sends a date as tag 1: %s", (_name, ms, hex) => {
  const frame = encodeMessage("x", [new Date(ms as number)]);
  assert.equal(frame.toHex().slice(8), `82617881${hex}`);
  assert.deepEqual(decodeMessage(payloadOf(frame)).args, [new Date(ms as number)]);
});

Deno.test("encodeMessage sends map keys in bytewise order and numbers at their shortest", () => {
  const frame = encodeMessage("x", [{ bb: 1.5, a: -1, c: 65536.5, aa: 1e300, b: 2 ** 53 }]);
  assert.equal(
    frame.toHex().slice(8),
    "82617881a5" + "6161" + "20" + "6162" + "fa5a000000" + "6163" + "fa47800040" +
      "626161" + "fb7e37e43c8800759c" + "626262" + "f93e00",
  );
});

const cycle: WireValue[] = [];
cycle.push(cycle);
class Named {
  readonly value = 1;
}

Deno.test.each<[string, unknown]>([
  ["NaN", NaN],
  ["Infinity", -Infinity],
  ["undefined", undefined],
  ["undefined in a map", { a: undefined }],
  ["a hole in an array", [, 1]],
  ["half a surrogate pair", "\ud800"],
  ["half a surrogate pair as a key", { "\udc00": 1 }],
  ["a bigint", 1n],
  ["a function", () => 1],
  ["a symbol", Symbol("s")],
  ["an invalid date", new Date(NaN)],
  ["a Map", new Map()],
  ["an object of a class", new Named()],
  ["an array that holds itself", cycle],
])("encodeMessage refuses %s", (_name, value) => {
  assert.throws(() => encodeMessage("x", [value as WireValue]), UnencodableError);
});

Deno.test.each([-1, 1.5, NaN, 2 ** 53])("encodeMessage refuses the id %s", (id) => {
  assert.throws(() => encodeMessage("x", [], id), UnencodableError);
});

Deno.test("encodeMessage fills a frame to its limit and not a byte further", () => {
  // 82 61 78 81 5a 00 00 ff f8 leaves 65536 - 7 bytes with a 3 byte head.
  const largest = DEFAULT_WIRE_LIMITS.maxFrameBytes - 7;
  const frame = encodeMessage("x", [new Uint8Array(largest)]);
  assert.equal(frame.length, 4 + DEFAULT_WIRE_LIMITS.maxFrameBytes);
  assert.equal((decodeMessage(payloadOf(frame)).args[0] as Uint8Array).length, largest);
  assert.throws(() => encodeMessage("x", [new Uint8Array(largest + 1)]), UnencodableError);
});

/** Arrays in arrays; the message and its arguments are the outer two levels. */
function nested(depth: number): WireValue {
  return depth === 0 ? [] : [nested(depth - 1)];
}

Deno.test("the depth limit is the same on both sides", () => {
  const deepest = [nested(29)];
  const frame = encodeMessage("x", deepest);
  assert.deepEqual(decodeMessage(payloadOf(frame)).args, deepest);
  assert.throws(() => encodeMessage("x", [nested(30)]), UnencodableError);
  const loose = { ...DEFAULT_WIRE_LIMITS, maxDepth: 33 };
  const deeper = payloadOf(encodeMessage("x", [nested(30)], undefined, loose));
  assert.throws(() => decodeMessage(deeper), CorruptedDataError);
  assert.ok(decodeMessage(deeper, loose));
});

Deno.test("the item limit is the same on both sides, and a date is two items", () => {
  const limits = { ...DEFAULT_WIRE_LIMITS, maxItems: 10 };
  const most = [{ a: new Date(0), b: 1 }, 1];
  const frame = encodeMessage("x", most, undefined, limits);
  assert.deepEqual(decodeMessage(payloadOf(frame), limits).args, most);
  assert.throws(() => encodeMessage("x", [...most, 1], undefined, limits), UnencodableError);
  const more = payloadOf(encodeMessage("x", [...most, 1]));
  assert.throws(() => decodeMessage(more, limits), CorruptedDataError);
});

Deno.test("depth counts open arrays and maps only, not those that are closed", () => {
  const wide = Array.from({ length: 100 }, () => [[{}]]);
  assert.deepEqual(decodeMessage(payloadOf(encodeMessage("x", wide))).args, wide);
});

Deno.test("decodeMessage gives the id, and none when there is none", () => {
  assert.deepEqual(decodeHex("836470696e678007"), { request: "ping", args: [], id: 7 });
  assert.deepEqual(decodeHex("826470696e6780"), { request: "ping", args: [] });
});

Deno.test.each<[string, string, WireValue]>([
  ["a half float", "f93e00", 1.5],
  ["a single float", "fa3fc00000", 1.5],
  ["a double float", "fb3ff8000000000000", 1.5],
  ["an integer in too many bytes", "1b0000000000000001", 1],
  ["a negative integer in too many bytes", "390000", -1],
  ["the largest integer", "1b001fffffffffffff", 2 ** 53 - 1],
  ["the smallest integer", "3b001ffffffffffffe", -(2 ** 53 - 1)],
  ["text with a length in too many bytes", "7a000000026869", "hi"],
  ["text with two-byte characters", "62c3a9", "é"],
  ["text that begins with U+FEFF", "64efbbbf61", "\ufeffa"],
  ["keys in any order", "a2616201616102", { b: 1, a: 2 }],
  ["a key named __proto__", "a1695f5f70726f746f5f5f01", JSON.parse('{"__proto__":1}')],
  ["tag 0", "c074323032302d30312d30315430303a30303a30305a", new Date(Date.UTC(2020, 0, 1))],
  ["tag 1 in too many bytes", "d9000100", new Date(0)],
  ["bytes", "420102", Uint8Array.of(1, 2)],
])("decodeMessage accepts %s", (_name, hex, value) => {
  assert.deepEqual(decodeItem(hex), value);
});

Deno.test("decodeMessage copies bytes out of the payload", () => {
  const payload = Uint8Array.fromHex("82617881420102");
  const { args } = decodeMessage(payload);
  payload.fill(0);
  assert.deepEqual(args[0], Uint8Array.of(1, 2));
});

Deno.test.each([
  ["nothing", ""],
  ["an integer", "01"],
  ["a map", "a0"],
  ["an array of one", "816470696e67"],
  ["an array of four", "846470696e67800101"],
  ["a number for a request", "820180"],
  ["a map for the arguments", "826470696e67a0"],
  ["a negative id", "836470696e678020"],
  ["null for an id", "836470696e6780f6"],
  ["a fractional id", "836470696e6780f93e00"],
  ["text for an id", "836470696e67806131"],
])("decodeMessage refuses the shape: %s", (_name, hex) => {
  assert.throws(() => decodeHex(hex), CorruptedDataError);
});

Deno.test("decodeMessage says what it found and what to send", () => {
  assert.throws(() => decodeHex("826470696e67a0"), {
    message: "Cannot decode the message: its second item is not an array; " +
      "send one CBOR item of the protocol",
  });
});

Deno.test.each<[string, WireValue | undefined, boolean]>([
  ["a map", {}, true],
  ["null", null, false],
  ["nothing", undefined, false],
  ["an array", [], false],
  ["a date", new Date(0), false],
  ["bytes", new Uint8Array(0), false],
  ["text", "", false],
])("isWireMap of %s", (_name, value, expected) => {
  assert.equal(isWireMap(value), expected);
});

/** A payload of the largest size: a head, then one byte again and again. */
function filled(head: string, byte: number): Uint8Array {
  const payload = new Uint8Array(DEFAULT_WIRE_LIMITS.maxFrameBytes).fill(byte);
  payload.set(Uint8Array.fromHex(head));
  return payload;
}

Deno.test.each<[string, Uint8Array, RegExp]>([
  ["65 536 arrays in each other", filled("", 0x81), /nested deeper than 32/],
  ["65 533 tags in each other", filled("826178", 0xc1), /neither a number nor text/],
  ["65 530 items in one array", filled("82617899fffa", 0x00), /announces 65530 items where/],
  ["4096 arrays of one item each", filled("826178990fff", 0x81), /announces 4095 items where/],
  ["arrays beside each other", filled("826178990400", 0x83), /nested deeper than 32/],
  ["a bignum of 64 KiB", filled("82617881c259fff5", 0xff), /tag not supported \(2\)/],
  ["text of continuation bytes", filled("8261788179fff7", 0x80), /text that is not UTF-8/],
])("decodeMessage refuses %s", (_name, payload, reason) => {
  assert.throws(() => decodeMessage(payload), (error) => {
    assert.ok(error instanceof CorruptedDataError);
    assert.match(error.message, reason);
    return true;
  });
});

Deno.test("an item is counted wherever it stands", () => {
  // 3 for the message and the array, then 1023 arrays of three items each: 4095; one more: 4096.
  const pairs = Array.from({ length: 1023 }, () => [1, 2, 3]);
  assert.ok(decodeMessage(payloadOf(encodeMessage("x", [...pairs, 1]))));
  assert.throws(() => encodeMessage("x", [...pairs, 1, 1]), UnencodableError);
});
