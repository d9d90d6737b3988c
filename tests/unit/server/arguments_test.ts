import assert from "node:assert/strict";
import { BadArgumentsError } from "../../../src/errors.ts";
import {
  checkCount,
  dateOrNullAt,
  detailsAt,
  flagAt,
  mapOrNullAt,
  numberOrNullAt,
  optionalTextAt,
  pageSizeAt,
  textAt,
} from "../../../src/server/requests/arguments.ts";
import type { WireValue } from "../../../src/wire/value.ts";

const DATE = new Date(0);
const ALL: readonly [name: string, value: WireValue | undefined][] = [
  ["null", null],
  ["absent", undefined],
  ["boolean", true],
  ["number", 1.5],
  ["text", "text"],
  ["bytes", new Uint8Array(1)],
  ["date", DATE],
  ["array", [1]],
  ["map", { a: 1 }],
];

/** The names of the values that `read` takes; all others must be refused in proper words. */
function taken(read: (args: WireValue[]) => unknown): string[] {
  return ALL.filter(([name, value]) => {
    const args: WireValue[] = value === undefined ? [] : [value];
    try {
      read(args);
      return true;
    } catch (error) {
      assert.ok(error instanceof BadArgumentsError, `${name}: ${error}`);
      assert.match(error.message, /^Cannot do "x": argument 1 is (a|an|null|bytes|\w+).*; send /);
      return false;
    }
  }).map(([name]) => name);
}

Deno.test("each kind of argument takes its own type, and null where it may be absent", () => {
  assert.deepEqual(taken((args) => textAt("x", args, 0)), ["text"]);
  assert.deepEqual(taken((args) => optionalTextAt("x", args, 0)), ["null", "absent", "text"]);
  assert.deepEqual(taken((args) => numberOrNullAt("x", args, 0)), ["null", "absent", "number"]);
  assert.deepEqual(taken((args) => dateOrNullAt("x", args, 0)), ["null", "absent", "date"]);
  assert.deepEqual(taken((args) => flagAt("x", args, 0)), ["null", "absent", "boolean"]);
  assert.deepEqual(taken((args) => mapOrNullAt("x", args, 0)), ["null", "absent", "map"]);
  assert.deepEqual(taken((args) => detailsAt("x", args, 0)), ["null", "absent", "map"]);
});

Deno.test("an argument that is there is returned as it is", () => {
  assert.equal(textAt("x", ["a", "b"], 1), "b");
  assert.equal(optionalTextAt("x", [""], 0), "");
  assert.equal(numberOrNullAt("x", [0], 0), 0);
  assert.equal(dateOrNullAt("x", [DATE], 0), DATE);
  assert.equal(flagAt("x", [true], 0), true);
  assert.equal(flagAt("x", [], 0), false);
});

Deno.test("checkCount says how many were found and how many are wanted", () => {
  checkCount("x", [1], 1);
  checkCount("x", [1, 2], 1, 3);
  assert.throws(() => checkCount("x", [], 1), {
    message: 'Cannot do "x": 0 arguments found; send 1',
  });
  assert.throws(() => checkCount("x", [1, 2, 3, 4], 1, 3), {
    message: 'Cannot do "x": 4 arguments found; send 1 to 3',
  });
});

Deno.test("pageSizeAt is a whole number from 1, at most what the server gives", () => {
  assert.equal(pageSizeAt("x", [], 0, 100), 100);
  assert.equal(pageSizeAt("x", [7], 0, 100), 7);
  assert.equal(pageSizeAt("x", [1e9], 0, 100), 100);
  for (const wrong of [0, -1, 1.5, "7", true]) {
    assert.throws(() => pageSizeAt("x", [wrong], 0, 100), BadArgumentsError);
  }
});

Deno.test("detailsAt refuses what would not fit into everybody's status", () => {
  const fits = { steps: Array.from({ length: 200 }, () => 320), state: "held" };
  assert.equal(detailsAt("x", [fits], 0), fits);
  const tooMuch: WireValue[] = [
    { items: Array.from({ length: 600 }, () => null) },
    { text: "ä".repeat(3000) },
    { bytes: new Uint8Array(9000) },
    { a: { b: { c: { d: { e: 1 } } } } },
  ];
  for (const details of tooMuch) {
    assert.throws(() => detailsAt("x", [details], 0), {
      name: "BadArgumentsError",
      message:
        /^Cannot do "x": argument 1 has .*; send at most 8192 bytes, 512 items and 4 levels$/,
    });
  }
});
