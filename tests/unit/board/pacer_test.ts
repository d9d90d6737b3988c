import assert from "node:assert/strict";
import { Pacer } from "../../../src/board/sim/pacer.ts";

Deno.test("a pacer without a limit always has a slice and never rests", () => {
  const pacer = new Pacer(Infinity, 0, 0);
  assert.ok(pacer.sliceMs(0, 1e9) > 0);
  assert.equal(pacer.napMs(false), 0);
  assert.equal(pacer.keepsStep, false);
});

Deno.test("a pacer rests longer on an idle line", () => {
  const pacer = new Pacer(1, 0, 0);
  assert.ok(pacer.napMs(false) > pacer.napMs(true));
  assert.equal(pacer.keepsStep, true);
});

Deno.test("a pacer goes on from where it is when its speed changes", () => {
  const pacer = new Pacer(1, 0, 0);
  pacer.setSpeed(0, 100, 100);
  assert.equal(pacer.sliceMs(500, 100), 0);
  pacer.setSpeed(2, 500, 100);
  assert.equal(pacer.sliceMs(501, 100), 2);
});

Deno.test("a pacer that is twenty seconds behind forgets what is more", () => {
  const pacer = new Pacer(1, 0, 0);
  let simulatedMs = 0;
  for (
    let sliceMs = pacer.sliceMs(60_000, simulatedMs);
    sliceMs > 0;
    sliceMs = pacer.sliceMs(60_000, simulatedMs)
  ) simulatedMs += sliceMs;
  assert.equal(simulatedMs, 20_000);
  assert.equal(pacer.sliceMs(60_003, simulatedMs), 3);
});
