import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { followPointer, isJsonPointer } from "../../../src/sensors/network/json_pointer.ts";

const FOO = "/foo";

/** The document and the pointers of RFC 6901, section 5. */
const DOCUMENT = {
  "foo": ["bar", "baz"],
  "": 0,
  "a/b": 1,
  "c%d": 2,
  "e^f": 3,
  "g|h": 4,
  "i\\j": 5,
  'k"l': 6,
  " ": 7,
  "m~n": 8,
};

for (
  const [pointer, value] of [
    ["", DOCUMENT],
    [FOO, ["bar", "baz"]],
    [`${FOO}/0`, "bar"],
    ["/", 0],
    ["/a~1b", 1],
    ["/c%d", 2],
    ["/e^f", 3],
    ["/g|h", 4],
    ["/i\\j", 5],
    ['/k"l', 6],
    ["/ ", 7],
    ["/m~0n", 8],
  ] as const
) {
  Deno.test(`the pointer ${JSON.stringify(pointer)} leads where RFC 6901 says`, () => {
    strictEqual(isJsonPointer(pointer), true);
    deepStrictEqual(followPointer(DOCUMENT, pointer), value);
  });
}

const NOWHERE = ["2", "00", "-", "length", "0/0"].map((step) => `${FOO}/${step}`);
for (const pointer of ["/toString", ...NOWHERE]) {
  Deno.test(`the pointer ${JSON.stringify(pointer)} leads nowhere`, () => {
    strictEqual(followPointer(DOCUMENT, pointer), undefined);
  });
}

Deno.test("~01 is ~1 and no slash", () => {
  strictEqual(followPointer({ "~1": 9 }, "/~01"), 9);
});

for (const text of ["foo", "/a~", "/a~2", "#/foo"]) {
  Deno.test(`${JSON.stringify(text)} is no pointer`, () => {
    strictEqual(isJsonPointer(text), false);
  });
}
