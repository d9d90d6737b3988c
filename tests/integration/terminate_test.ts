import assert from "node:assert/strict";
import { SocketManager } from "../../src/communication/mod.ts";
import { TerminatingError } from "../../src/errors.ts";
import { Link, RawPeer } from "../support/raw_peer.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

Deno.test("terminate tells and closes every socket, then runs every hook once in order", async () => {
  const sockets = new SocketManager();
  const listener = sockets.listen("127.0.0.1", 0);
  const peers: RawPeer[] = [];
  const near: Deno.Conn[] = [];
  for (let n = 0; n < 5; n++) {
    const accepted = listener.accept();
    peers.push(new RawPeer(await Deno.connect({ port: listener.addr.port })));
    const socket = await accepted;
    sockets.addSocket(socket);
    near.push(socket);
  }
  const calls: string[] = [];
  sockets.whenTerminate(() => {
    calls.push(`open: ${near.filter((socket) => sockets.isSocketOpen(socket)).length}`);
  });
  sockets.whenTerminate(async () => {
    await Promise.resolve();
    calls.push("second");
    throw new Error("second failed");
  });
  sockets.whenTerminate(() => void calls.push("third"));
  const takeBack = sockets.whenTerminate(() => void calls.push("never"));
  takeBack();

  const farewells = peers.map(async (peer) => {
    const message = await peer.receive();
    assert.equal(await peer.receive(), null);
    peer.close();
    return message;
  });
  const terminated = sockets.terminate("power is going");
  assert.ok(sockets.terminating());
  assert.equal(sockets.terminate("later"), terminated);
  await assert.rejects(terminated, (error) => {
    assert.ok(error instanceof AggregateError);
    assert.deepEqual(error.errors.map(String), ["Error: second failed"]);
    return true;
  });
  assert.deepEqual(calls, ["open: 0", "second", "third"]);
  for (const farewell of await Promise.all(farewells)) {
    assert.deepEqual(farewell, { request: "disconnect", args: ["power is going"] });
  }
  assert.ok(!sockets.isSocketOpen(listener));
  assert.equal(sockets.terminationError, "power is going");
});

Deno.test("after terminate nothing new begins", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const sockets = new SocketManager();
  await sockets.terminate();
  assert.throws(() => sockets.addSocket(listener), TerminatingError);
  assert.throws(() => sockets.whenTerminate(() => {}), TerminatingError);
  assert.throws(() => sockets.listen("127.0.0.1", 0), TerminatingError);
  await assert.rejects(sockets.connect("127.0.0.1", listener.addr.port), TerminatingError);
  assert.equal(sockets.terminationError, undefined);
});

Deno.test("terminate ends a connect that is under way", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const sockets = new SocketManager();
  const attempt = sockets.connect("127.0.0.1", listener.addr.port);
  const refused = assert.rejects(attempt, TerminatingError);
  await sockets.terminate();
  await refused;
});

Deno.test("terminate closes sockets that their owners have closed already", async () => {
  await using link = await Link.open();
  const listener = link.sockets.listen("127.0.0.1", 0);
  listener.close();
  link.socket.close();
  await link.sockets.terminate();
});

Deno.test("sleep ends when its time is up, when its signal says so, and on terminate", async () => {
  const clock = new VirtualClock();
  const sockets = new SocketManager({ clock });
  const ended: string[] = [];
  const short = sockets.sleep(1000).then(() => ended.push("short"));
  const controller = new AbortController();
  const stopped = sockets.sleep(2000, { signal: controller.signal });
  const long = sockets.sleep(86_400_000).then(() => ended.push("long"));
  await clock.advance(999);
  assert.deepEqual(ended, []);
  await clock.advance(1);
  await short;
  controller.abort(new Error("wake up"));
  await assert.rejects(stopped, { message: "wake up" });
  await sockets.terminate();
  await long;
  assert.deepEqual(ended, ["short", "long"]);
  await sockets.sleep(1000);
  assert.equal(clock.waiting, 0);
});

Deno.test.each([-1, NaN, 2 ** 31])("sleep refuses %s ms", (durationMs) => {
  assert.throws(() => new SocketManager().sleep(durationMs), RangeError);
});
