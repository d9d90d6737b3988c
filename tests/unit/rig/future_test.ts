import assert from "node:assert/strict";
import { Future, isSuccess } from "../../../mod.ts";

Deno.test("a future tells how it stands without anybody waiting", async () => {
  const pending = new Future<number>();
  assert.deepEqual([pending.done(), pending.cancelled(), isSuccess(pending)], [
    false,
    false,
    false,
  ]);
  assert.throws(
    () => pending.result(),
    /FandError: Cannot tell the result of a future: it is pend/,
  );
  assert.throws(() => pending.exception(), /Cannot tell the error of a future/);
  pending.setResult(3);
  assert.deepEqual([pending.done(), pending.result(), isSuccess(pending)], [true, 3, true]);
  assert.equal(pending.exception(), null);
  assert.equal(await pending, 3);
});

Deno.test("a future that fails is done and no success, and disturbs nobody", async () => {
  const failed = new Future<number>();
  failed.setException(new RangeError("too far"));
  assert.deepEqual([failed.done(), failed.cancelled(), isSuccess(failed)], [true, false, false]);
  assert.equal(failed.exception()?.message, "too far");
  assert.throws(() => failed.result(), RangeError);
  await assert.rejects(async () => await failed, RangeError);
});

Deno.test("a cancelled future is done, and its waiters get an AbortError", async () => {
  const future = new Future<number>();
  const waiting = assert.rejects(async () => await future, { name: "AbortError" });
  assert.equal(future.cancel(), true);
  assert.equal(future.cancel(), false);
  assert.deepEqual([future.done(), future.cancelled(), isSuccess(future)], [true, true, false]);
  assert.throws(() => future.result(), { name: "AbortError" });
  assert.throws(() => future.exception(), { name: "AbortError" });
  await waiting;
});

Deno.test("a future is settled once", () => {
  const future = new Future<number>();
  future.setResult(1);
  assert.throws(() => future.setResult(2), /Cannot settle a future: it is resolved already/);
  assert.throws(() => future.setException(new Error("late")), /it is resolved already/);
  assert.equal(future.cancel(), false);
  assert.equal(future.result(), 1);
});
