import assert from "node:assert/strict";
import {
  addSocket,
  call,
  connect,
  isSocketOpen,
  recv,
  sendMessage,
  sleep,
  terminate,
  terminating,
  whenTerminate,
} from "../../src/communication/mod.ts";
import { TerminatingError } from "../../src/errors.ts";
import { RawPeer } from "../support/raw_peer.ts";

// Everything that ends the whole process's sockets stands in this one test: a test file has a
// process-wide set of its own, and after terminate that is of no more use.
Deno.test("the functions of the module share one set of sockets for the process", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  addSocket(listener);
  const accepted = listener.accept();
  const near = await connect("127.0.0.1", listener.addr.port);
  const far = await accepted;
  addSocket(far);

  const called = call(near, "ping");
  assert.deepEqual(await recv(far), ["ping", [], 1]);
  await sendMessage(far, { request: "ack", args: [], id: 1 });
  assert.deepEqual(await called, ["ack", [], 1]);

  const calls: string[] = [];
  whenTerminate(() => void calls.push("hook"));
  const resting = sleep(60_000).then(() => void calls.push("woken"));
  assert.ok(!terminating());
  await terminate();
  await resting;
  assert.ok(terminating());
  assert.deepEqual(calls, ["woken", "hook"]);
  for (const socket of [listener, near, far]) assert.ok(!isSocketOpen(socket));
  using stranger = new RawPeer(await openPair());
  assert.throws(() => addSocket(stranger.socket), TerminatingError);
});

/** One end of a connection that nobody manages. */
async function openPair(): Promise<Deno.Conn> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [far, near] = await Promise.all([
    listener.accept(),
    Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
  ]);
  far.close();
  return near;
}
