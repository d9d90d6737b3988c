import assert from "node:assert/strict";
import { Communicator, ExpMessage, Future, type RigAddress, type RigEvent } from "../../../mod.ts";
import { MAX_CALLBACKS } from "../../../src/rig/communicator.ts";
import { RecordedLog } from "../../support/recorded_log.ts";

const FROM: RigAddress = ["192.0.2.7", 11001];

/** One that sends into a list, and receives what the test says. */
class ListCommunicator extends Communicator {
  readonly sent: unknown[] = [];
  readonly isConnected = true;

  send(data: unknown): Promise<void> {
    this.sent.push(Communicator.decode(Communicator.encode(data)));
    return Promise.resolve();
  }

  take(message: unknown): void {
    this.receive(Communicator.encode(message), FROM);
  }

  init(): void {}
  start(): void {}
  stop(): void {}
  status(): void {}
  info(): void {}
  cleanup(): void {}
  alyx(): void {}
}

Deno.test("a communicator knows the parts of its URI, and its name", () => {
  const rig = new ListCommunicator("UDP://[::1]:80", "camera");
  assert.deepEqual([rig.protocol, rig.hostname, rig.port], ["udp", "::1", 80]);
  assert.equal(rig.name, "camera");
  const other = new ListCommunicator("nas-1");
  assert.deepEqual([other.serverUri, other.name], ["udp://nas-1:11001", "nas-1"]);
  assert.throws(() => new ListCommunicator("nas.example.org"), /RangeError: Cannot use the host/);
  assert.throws(() => new ListCommunicator("nas:99999"), RangeError);
  assert.throws(() => new ListCommunicator(null as unknown as string), TypeError);
});

Deno.test("callbacks are called in order, with the event where there are several", () => {
  const rig = new ListCommunicator("localhost");
  const calls: unknown[] = [];
  rig.assignCallback("expstart", (...args) => calls.push(["one", ...args]));
  rig.assignCallback(ExpMessage.EXPSTART | ExpMessage.EXPEND, (...args) => calls.push(args));
  rig.assignCallback("EXPSTART", (...args) => calls.push(["last", ...args]));
  rig.take([2, "reference", null]);
  rig.take(["expend", 7]);
  rig.take([64, 20, {}]);
  assert.deepEqual(calls, [
    ["one", ["reference", null], FROM],
    [["reference", null], FROM, 2],
    ["last", ["reference", null], FROM],
    [[7], FROM, 4],
  ]);
});

Deno.test("a future is resolved once, and one of several events is enough", async () => {
  const log = new RecordedLog();
  const rig = new ListCommunicator("localhost", "rig", log);
  const single = rig.onEvent("EXPINIT");
  const either = rig.onEvent(ExpMessage.EXPEND | ExpMessage.EXPINTERRUPT);
  const failure = rig.onEvent(0);
  rig.take([1, 42]);
  rig.take([16, "smoke"]);
  rig.take([4, "late"]);
  rig.take([0, "ValueError: no", 2]);
  rig.take([null, "again", 2]);
  assert.deepEqual(await single, [[42], FROM]);
  assert.deepEqual(await either, [["smoke"], FROM, 16]);
  assert.deepEqual(await failure, [["ValueError: no", 2], FROM]);
  assert.equal(log.lines.filter((line) => /already resolved/.test(line)).length, 0);
  const given = new Future<RigEvent>();
  rig.assignCallback("EXPINIT", given);
  given.cancel();
  rig.take([1, 1]);
  rig.take([1, 2]);
  assert.equal(log.lines.filter((line) => /warn: Future already resolved/.test(line)).length, 1);
});

Deno.test("clearing tells how many, cancels futures, and clears null callbacks too", () => {
  const rig = new ListCommunicator("localhost");
  const one = (): void => assert.fail("it was cleared");
  const future = rig.onEvent(ExpMessage.EXPEND | ExpMessage.EXPSTART);
  for (const event of [2, 2, 6, 0]) rig.assignCallback(event, one);
  assert.equal(rig.clearCallbacks("EXPSTART", one), 3);
  assert.equal(future.cancelled(), false);
  assert.equal(rig.clearCallbacks(2 | 4), 3);
  assert.equal(future.cancelled(), true);
  assert.equal(rig.clearCallbacks(0), 1);
  assert.equal(rig.clearCallbacks(1024), 0);
  for (const event of [2, 4]) rig.take([event, 1]);
  rig.take([0, "err", 1]);
  const kept = rig.onEvent(1);
  assert.equal(rig.clearCallbacks(1, null, false), 1);
  assert.equal(kept.cancelled(), false);
});

Deno.test("closing cancels every future, and a new one can be assigned", async () => {
  const rig = new ListCommunicator("localhost");
  const futures = [rig.onEvent(255), rig.onEvent(0), rig.onEvent("ALYX")];
  await rig.close();
  assert.ok(futures.every((future) => future.cancelled()));
});

Deno.test("what cannot be assigned is refused before anything happens", () => {
  const rig = new ListCommunicator("localhost");
  assert.throws(() => rig.assignCallback("EXPSTOP", () => {}), RangeError);
  assert.throws(() => rig.assignCallback(1.5, () => {}), TypeError);
  assert.throws(
    () => rig.assignCallback(1, "f" as unknown as () => void),
    /neither a function nor/,
  );
  for (let count = 0; count < MAX_CALLBACKS / 8; count++) rig.assignCallback(255, () => {});
  assert.throws(() => rig.assignCallback(1, () => {}), /LimitError: .*4096 are assigned/);
  assert.equal(rig.clearCallbacks(255), MAX_CALLBACKS);
});

Deno.test("a callback that fails is told, and what fails about a failure is not", async () => {
  const log = new RecordedLog();
  const rig = new ListCommunicator("localhost", "rig", log);
  rig.assignCallback(255, () => {
    throw new TypeError(`no ${"x".repeat(1000)}\u001b[2J`);
  });
  rig.assignCallback(0, () => {
    throw new Error("again");
  });
  rig.take([8, null]);
  await log.line(/error: Callback for EXPCLEANUP failed with "TypeError: no x/);
  const [[event, text, about]] = rig.sent as [[number, string, number]];
  assert.deepEqual([event, about], [0, 8]);
  assert.ok(text.startsWith("TypeError: no xx") && text.length <= 501);
  rig.take([0, "it failed", 8]);
  assert.equal(rig.sent.length, 1);
  assert.ok(log.lines.some((line) => /EXPCLEANUP on udp:.*192.0.2.7:11001 failed/.test(line)));
});
