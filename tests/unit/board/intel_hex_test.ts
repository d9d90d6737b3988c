import assert from "node:assert/strict";
import { BoardError } from "../../../src/errors.ts";
import { parseIntelHex } from "../../../src/board/sim/intel_hex.ts";

const END = ":00000001FF\n";

Deno.test("parseIntelHex fills the flash, and leaves the rest erased", () => {
  const flash = parseIntelHex(`:03000200AABBCCCA\r\n${END}`, 8);
  assert.deepEqual([...flash], [0xff, 0xff, 0xaa, 0xbb, 0xcc, 0xff, 0xff, 0xff]);
});

Deno.test("parseIntelHex follows segments and extended addresses, and ignores start records", () => {
  const text = ":020000021000EC\n:0100000011EE\n:020000040001F9\n:0100040022D9\n" +
    ":04000005000000FAFD\n:0400000300000000F9\n" + END;
  const flash = parseIntelHex(text, 0x10010);
  assert.equal(flash[0x10000], 0x11);
  assert.equal(flash[0x10004], 0x22);
});

Deno.test.each(
  [
    ["not a record", "hello\n", /line 1: this is not a record/],
    ["a wrong checksum", `:03000200AABBCCCB\n${END}`, /line 1: the checksum is wrong/],
    ["a wrong length", `\n:04000200AABBCCC9\n${END}`, /line 2: 4 data bytes are told and 3 are/],
    ["an address outside", `:03000600AABBCCC6\n${END}`, /line 1: address 6 is outside of 8 bytes/],
    ["an unknown type", `:00000009F7\n${END}`, /line 1: record type 9 is unknown/],
    ["no end", ":03000200AABBCCCA\n", /it has no end record/],
  ] as const,
)("parseIntelHex refuses %s", (_what: string, text: string, message: RegExp) => {
  assert.throws(() => parseIntelHex(text, 8), (error) => {
    assert.ok(error instanceof BoardError);
    assert.match(error.message, message);
    return true;
  });
});
