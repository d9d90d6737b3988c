import assert from "node:assert/strict";
import { Communicator } from "../../../mod.ts";
import { MAX_DEPTH } from "../../../src/rig/json.ts";

const encoder = new TextEncoder();
const encoded = (data: unknown): string => new TextDecoder().decode(Communicator.encode(data));
const decoded = (text: string): unknown => Communicator.decode(encoder.encode(text));

Deno.test("encode writes JSON as Python does, and leaves texts and bytes alone", () => {
  for (
    const [data, text] of [
      [[null, 21, "message"], '[null, 21, "message"]'],
      [
        { b: 1.5, a: [true, { c: -0.25 }], 7: "x" },
        '{"7": "x", "b": 1.5, "a": [true, {"c": -0.25}]}',
      ],
      ["plain ☃", "plain ☃"],
      [
        ["é☃", '\u0007"\\\u007f', "\ud83d\ude00", "\ud800"],
        '["\\u00e9\\u2603", "\\u0007\\"\\\\\\u007f", "\\ud83d\\ude00", "\\ud800"]',
      ],
      [[undefined, { gone: undefined }], "[null, {}]"],
      [[1n << 64n, 1e21, -0], "[18446744073709551616, 1e+21, 0]"],
      [[new Date(0)], '["1970-01-01T00:00:00.000Z"]'],
      [Uint8Array.of(0x68, 0x69), "hi"],
      [[], "[]"],
    ] as const
  ) assert.equal(encoded(data), text);
});

Deno.test("encode refuses what JSON has no way to say", () => {
  const circle: unknown[] = [];
  circle.push(circle);
  for (const data of [[NaN], [Infinity], [() => 0], [Symbol("x")], circle]) {
    assert.throws(() => encoded(data), /UnencodableError: Cannot write a message/);
  }
});

Deno.test("decode reads JSON, and gives what is none as the text that it is", () => {
  assert.deepEqual(decoded(' [1, {"a": "é"}] '), [1, { a: "é" }]);
  assert.deepEqual(decoded("\ufeff[1, 2]"), [1, 2]);
  assert.equal(decoded("hello"), "hello");
  assert.equal(decoded("[1, NaN]"), "[1, NaN]");
  const trap = decoded('{"__proto__": {"polluted": true}}') as Record<string, unknown>;
  assert.equal(Object.getPrototypeOf(trap), Object.prototype);
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
});

Deno.test("decode refuses what is not UTF-8, and what nests too deep", () => {
  assert.throws(
    () => Communicator.decode(Uint8Array.of(0x5b, 0xff)),
    /CorruptedDataError: .*UTF-8/,
  );
  for (const [open, close] of [["[", "]"], ['{"a":', "}"]] as const) {
    const deep = (depth: number): string => open.repeat(depth) + "1" + close.repeat(depth);
    assert.ok(decoded(deep(MAX_DEPTH)));
    assert.throws(() => decoded(deep(MAX_DEPTH + 1)), /CorruptedDataError: .*nests deeper than 64/);
    assert.throws(() => decoded(deep(100_000)), /CorruptedDataError/);
  }
  assert.deepEqual(decoded(`["${"[".repeat(1000)}\\"["]`), [`${"[".repeat(1000)}"[`]);
});
