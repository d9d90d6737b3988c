import assert from "node:assert/strict";
import { formatNumber } from "../../src/cli/percent.ts";
import { rawValue } from "../../src/cli/raw.ts";
import { printable, toJson } from "../../src/cli/text.ts";
import { UsageError } from "../../src/errors.ts";

Deno.test("printable() shows control characters and leaves all other text alone", () => {
  assert.equal(printable("größe °C 扇\t\u001b[31m\u202e"), "größe °C 扇\\u0009\\u001b[31m\\u202e");
});

Deno.test("toJson() writes dates in ISO 8601, bytes in hexadecimal, and one line", () => {
  const value = {
    when: new Date(0),
    bytes: new Uint8Array([1, 255]),
    text: "a\nb\u009b",
    n: [1.5],
  };
  const json = toJson(value);
  assert.equal(
    json,
    '{"when":"1970-01-01T00:00:00.000Z","bytes":"01ff","text":"a\\nb\\u009b","n":[1.5]}',
  );
  assert.equal(JSON.parse(json).text, value.text);
});

Deno.test.each([[25, "25"], [62.5, "62.5"], [33.333, "33.3"], [99.96, "100"], [0, "0"]])(
  "formatNumber() writes %d as %s",
  (value, text) => assert.equal(formatNumber(value), text),
);

Deno.test("rawValue() reads JSON, dates after an @, and else text", () => {
  const read = (text: string) => rawValue(text, () => "Europe/Paris");
  assert.equal(read("nas"), "nas");
  assert.equal(read("40"), 40);
  assert.equal(read("-1.5e3"), -1500);
  assert.equal(read("null"), null);
  assert.equal(read("true"), true);
  assert.equal(read('"40"'), "40");
  assert.equal(read("1e999"), Infinity);
  assert.deepEqual(read('{"a":[1,"b"]}'), { a: [1, "b"] });
  assert.deepEqual(read("@2030-01-01T00:00:00Z"), new Date("2030-01-01T00:00:00Z"));
  assert.deepEqual(read("@2030-01-01"), new Date("2029-12-31T23:00:00Z"));
  assert.throws(() => read("@nas"), UsageError);
});
