import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { type Rank, TURN_COST, Turns } from "../../../src/server/sessions/turns.ts";

/** Works in pieces, as a session does with the requests of a client. */
async function work(
  name: string,
  pieces: number,
  { turns, done }: { turns: Turns; done: string[] },
): Promise<void> {
  for (let piece = 1; piece <= pieces; piece++) {
    if (turns.isOver) await turns.next();
    turns.spend(TURN_COST * 0.6);
    done.push(`${name}${piece}`);
  }
  turns.passOn();
}

Deno.test("Turns lets everything else run after some work, however much there is", async () => {
  const parts = { turns: new Turns(), done: [] as string[] };
  const ticking = setImmediate().then(() => parts.done.push("tick"));
  const working = work("a", 6, parts);
  assert.deepEqual(parts.done, ["a1", "a2"]);
  await Promise.all([working, ticking]);
  assert.ok(parts.done.indexOf("tick") < parts.done.indexOf("a5"), parts.done.join(" "));
  assert.equal(parts.done.length, 7);
});

Deno.test("Turns serves those who wait one after the other, also within one turn", async () => {
  const parts = { turns: new Turns(), done: [] as string[] };
  await Promise.all([work("a", 4, parts), work("b", 3, parts), work("c", 1, parts)]);
  assert.deepEqual(parts.done, ["a1", "a2", "a3", "a4", "b1", "b2", "c1", "b3"]);
});

Deno.test("Turns keeps nobody waiting for longer than a turn", async () => {
  const parts = { turns: new Turns(), done: [] as string[] };
  for (const name of ["a", "b", "c", "d"]) await work(name, 1, parts);
  assert.deepEqual(parts.done, ["a1", "b1", "c1", "d1"]);
});

Deno.test("Turns leaves nothing behind when it is stopped", () => {
  const turns = new Turns();
  turns.spend(TURN_COST);
  turns.next();
  turns.stop();
  turns.stop();
});

Deno.test("Turns serves duties, agents, others, then the greedy, and lets one newcomer in a turn", async () => {
  const turns = new Turns();
  const done: string[] = [];
  const wait = async (name: string, rank: Rank): Promise<void> => {
    await turns.next(rank);
    done.push(name);
    // Each takes more than a third of a turn.
    turns.spend(TURN_COST * 0.4);
    turns.passOn();
  };
  await Promise.all([
    wait("more", "greedy"),
    wait("new 1", "arrival"),
    wait("new 2", "arrival"),
    wait("new 3", "arrival"),
    wait("asker 1", "asker"),
    wait("asker 2", "asker"),
    wait("agent 1", "agent"),
    wait("agent 2", "agent"),
    wait("duty", "duty"),
  ]);
  assert.deepEqual(done, [
    ...["new 1", "duty", "agent 1"],
    ...["new 2", "agent 2", "asker 1"],
    ...["new 3", "asker 2", "more"],
  ]);
  assert.equal(turns.waits, 9);
});
