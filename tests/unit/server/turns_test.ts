import assert from "node:assert/strict";
import { Turns } from "../../../src/server/turns.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

/** Works in pieces, as a session does with the requests of a client. */
async function work(
  name: string,
  pieces: number,
  parts: { clock: VirtualClock; turns: Turns; done: string[] },
): Promise<void> {
  const { clock, turns, done } = parts;
  for (let piece = 1; piece <= pieces; piece++) {
    if (turns.isOver(clock.monotonicMs())) await turns.next();
    clock.skip(6);
    done.push(`${name}${piece}`);
  }
  turns.passOn();
}

Deno.test("Turns lets everything else run after some work, however much there is", async () => {
  const clock = new VirtualClock();
  const parts = { clock, turns: new Turns(clock), done: [] as string[] };
  clock.after(0, () => parts.done.push("tick"));
  const working = work("a", 6, parts);
  assert.deepEqual(parts.done, ["a1", "a2"]);
  await clock.advance(100);
  await working;
  assert.deepEqual(parts.done.slice(0, 4), ["a1", "a2", "tick", "a3"]);
  assert.equal(parts.done.length, 7);
  parts.turns.stop();
  assert.equal(clock.waiting, 0);
});

Deno.test("Turns serves those who wait one after the other, also within one turn", async () => {
  const clock = new VirtualClock();
  const parts = { clock, turns: new Turns(clock), done: [] as string[] };
  const working = [work("a", 4, parts), work("b", 3, parts), work("c", 1, parts)];
  await clock.advance(100);
  await Promise.all(working);
  assert.deepEqual(parts.done, ["a1", "a2", "a3", "a4", "b1", "b2", "c1", "b3"]);
  parts.turns.stop();
});

Deno.test("Turns keeps nobody waiting while there is time", async () => {
  const clock = new VirtualClock();
  const parts = { clock, turns: new Turns(clock), done: [] as string[] };
  for (const name of ["a", "b", "c"]) {
    await work(name, 1, parts);
    await clock.advance(20);
  }
  assert.deepEqual(parts.done, ["a1", "b1", "c1"]);
  assert.equal(clock.waiting, 0);
});
