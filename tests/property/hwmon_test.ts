import assert from "node:assert/strict";
import { ReadBack } from "../../src/board/hwmon/read_back.ts";
import { fc } from "../deps.ts";

/** A chip that knows some levels only, the highest among them, and picks one by its own rule. */
const chips = fc.record({
  levels: fc.uniqueArray(fc.integer({ min: 0, max: 254 }), { maxLength: 40 }),
  picks: fc.constantFrom("nearest", "lower", "higher"),
});

function chipOf(levels: readonly number[], picks: string): (value: number) => number {
  const sorted = [...levels, 0, 255].sort((one, other) => one - other);
  return (value) => {
    const lower = sorted.findLast((level) => level <= value) ?? 0;
    const higher = sorted.find((level) => level >= value) ?? 255;
    if (picks === "nearest") return value - lower <= higher - value ? lower : higher;
    return picks === "lower" ? lower : higher;
  };
}

Deno.test("whatever a chip rounds, its fans get what they should, and nobody is suspected", () => {
  fc.assert(fc.property(
    chips,
    fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 8 }),
    ({ levels, picks }, duties) => {
      const chip = chipOf(levels, picks);
      const memory = new ReadBack();
      let nowMs = 0;
      for (const wanted of duties) {
        let tries = 0;
        for (let made = -1; made < wanted; nowMs += 500) {
          // Each try is at a higher value than the one before.
          assert.ok(++tries <= 256);
          const value = memory.valueFor(wanted);
          assert.ok(value >= wanted);
          memory.wrote(value);
          for (const endMs = nowMs + 4500; nowMs <= endMs; nowMs += 500) {
            assert.notEqual(memory.saw(chip(value), nowMs), "changed");
          }
          made = chip(value);
        }
      }
    },
  ));
});

Deno.test("a value that was right is never taken for another one, whatever it becomes", () => {
  const value = fc.integer({ min: 0, max: 255 });
  fc.assert(fc.property(value, value, (written, found) => {
    fc.pre(found !== written);
    const memory = new ReadBack();
    memory.wrote(written);
    memory.saw(written, 0);
    for (let nowMs = 500; nowMs < 20_000; nowMs += 500) {
      assert.equal(memory.saw(found, nowMs), "changed");
      memory.wrote(written);
    }
    assert.equal(memory.rounded, 0);
  }));
});
