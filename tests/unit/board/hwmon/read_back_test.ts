import assert from "node:assert/strict";
import { ReadBack } from "../../../../src/board/hwmon/read_back.ts";

Deno.test("a value that reads as it was written is the chip's word", () => {
  const memory = new ReadBack();
  assert.equal(memory.saw(77, 0), "as written");
  memory.wrote(100);
  assert.equal(memory.saw(100, 0), "as written");
  assert.equal(memory.saw(77, 500), "changed");
  assert.equal(memory.rounded, 0);
  assert.equal(memory.valueFor(100), 100);
});

Deno.test("a value that the chip rounds is learned when it stays, and is no change", () => {
  const memory = new ReadBack();
  memory.wrote(100);
  assert.equal(memory.saw(102, 0), "settling");
  assert.equal(memory.saw(102, 3999), "settling");
  assert.equal(memory.saw(102, 4000), "rounded");
  assert.equal(memory.saw(102, 4500), "as written");
  assert.equal(memory.saw(103, 5000), "changed");
  memory.wrote(100);
  assert.equal(memory.rounded, 0);
});

Deno.test("a driver that tells an old value for a while has changed nothing", () => {
  const memory = new ReadBack();
  memory.wrote(60);
  memory.saw(60, 0);
  memory.wrote(100);
  assert.equal(memory.saw(60, 0), "settling");
  assert.equal(memory.saw(60, 1500), "settling");
  assert.equal(memory.saw(100, 3000), "as written");
  assert.equal(memory.rounded, 0);
  // Even one that took longer than any known: what was learned is put right.
  memory.wrote(150);
  memory.saw(100, 10_000);
  assert.equal(memory.saw(100, 14_000), "rounded");
  assert.equal(memory.valueFor(150), 200);
  assert.equal(memory.saw(150, 15_000), "as written");
  assert.equal(memory.valueFor(150), 150);
});

Deno.test("a chip that goes step by step to the value is settling, however long it takes", () => {
  const memory = new ReadBack();
  memory.wrote(100);
  for (let found = 20; found < 100; found += 5) {
    assert.equal(memory.saw(found, found * 500), "settling");
  }
  assert.equal(memory.saw(100, 60_000), "as written");
});

Deno.test("a value that jumps about is somebody else's", () => {
  const memory = new ReadBack();
  memory.wrote(100);
  const findings = [200, 20, 210, 30, 220, 40, 230].map((found, at) => memory.saw(found, at * 500));
  assert.ok(findings.includes("changed"), findings.join());
});

Deno.test("a chip that rounds down is told more, until the fan gets what it should", () => {
  const memory = new ReadBack();
  // Three levels only: 0, 127 and 254.
  const chip = (value: number): number => Math.min(2, Math.round(value / 127)) * 127;
  let value = memory.valueFor(60);
  for (let nowMs = 0; chip(value) < 60; nowMs += 10_000) {
    memory.wrote(value);
    memory.saw(chip(value), nowMs);
    assert.equal(memory.saw(chip(value), nowMs + 4000), "rounded");
    const next = memory.valueFor(60);
    assert.ok(next > value);
    value = next;
  }
  assert.equal(chip(value), 127);
  assert.equal(memory.valueFor(255), 255);
});
