import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Slots } from "../../../src/sensors/tools/slots.ts";

const never = new AbortController().signal;

Deno.test("slots are given out in the order in which they were asked for", async () => {
  const slots = new Slots(2);
  const order: string[] = [];
  const take = async (name: string): Promise<() => void> => {
    const giveBack = await slots.take(never);
    order.push(name);
    return giveBack;
  };
  const [a, b] = await Promise.all([take("a"), take("b")]);
  const waiting = [take("c"), take("d")];
  deepStrictEqual(order, ["a", "b"]);
  b();
  const c = await waiting[0];
  deepStrictEqual(order, ["a", "b", "c"]);
  a();
  await waiting[1];
  deepStrictEqual(order, ["a", "b", "c", "d"]);
  c?.();
});

Deno.test("a slot that is given back twice counts once", async () => {
  const slots = new Slots(1);
  const giveBack = await slots.take(never);
  giveBack();
  giveBack();
  await slots.take(never);
  const abort = new AbortController();
  const second = slots.take(abort.signal);
  abort.abort(new Error("no slot"));
  await rejects(second, /no slot/);
});

Deno.test("who gives up waiting leaves the queue to the others", async () => {
  const slots = new Slots(1);
  const giveBack = await slots.take(never);
  const abort = new AbortController();
  const impatient = slots.take(abort.signal);
  const patient = slots.take(never);
  abort.abort(new Error("no patience"));
  await rejects(impatient, /no patience/);
  giveBack();
  strictEqual(typeof await patient, "function");
});

Deno.test("no slot is given to who has given up before", async () => {
  const slots = new Slots(1);
  await rejects(slots.take(AbortSignal.abort(new Error("too late"))), /too late/);
  strictEqual(typeof await slots.take(never), "function");
});
