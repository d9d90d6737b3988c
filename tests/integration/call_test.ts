import assert from "node:assert/strict";
import { MAX_UNREAD_MESSAGES } from "../../src/communication/connection.ts";
import { Link } from "../support/raw_peer.ts";
import { rejects } from "../support/rejects.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

Deno.test("call takes the reply with its id and leaves pushes to recv", async () => {
  await using link = await Link.open();
  const called = link.sockets.call(link.socket, "ping");
  const asked = await link.peer.receive();
  await link.peer.send("duty", ["shelf", 50]);
  await link.peer.send("ack", [], asked?.id);
  await link.peer.send("pending", ["shelf"]);
  assert.deepEqual(await called, ["ack", [], asked?.id]);
  assert.deepEqual(await link.sockets.recv(link.socket), ["duty", ["shelf", 50]]);
  assert.deepEqual(await link.sockets.recv(link.socket), ["pending", ["shelf"]]);
});

Deno.test("call hands pushes to onPush, and an error of it to the caller", async () => {
  await using link = await Link.open();
  const pushes: unknown[] = [];
  const called = link.sockets.call(link.socket, "ping", [], {
    onPush: (request, args) => {
      pushes.push([request, args]);
      if (pushes.length === 2) throw new Error("too many");
    },
  });
  await link.peer.send("duty", ["shelf", 50]);
  await link.peer.send("duty", ["shelf", 60]);
  await rejects(called, "Error", "too many");
  assert.deepEqual(pushes, [["duty", ["shelf", 50]], ["duty", ["shelf", 60]]]);
});

Deno.test("calls that share a socket get their own replies, in any order", async () => {
  await using link = await Link.open();
  const first = link.sockets.call(link.socket, "get_pwm", ["a"]);
  const second = link.sockets.call(link.socket, "get_pwm", ["b"]);
  const pushed = link.sockets.recv(link.socket);
  const [one, two] = [await link.peer.receive(), await link.peer.receive()];
  await link.peer.send("set_pwm", ["b", 2], two?.id);
  await link.peer.send("duty", []);
  await link.peer.send("set_pwm", ["a", 1], one?.id);
  assert.deepEqual((await first)[1], ["a", 1]);
  assert.deepEqual((await second)[1], ["b", 2]);
  assert.deepEqual(await pushed, ["duty", []]);
});

Deno.test("call throws the error that the reply stands for", async () => {
  await using link = await Link.open();
  const called = link.sockets.call(link.socket, "get_pwm", ["x"]);
  const asked = await link.peer.receive();
  await link.peer.send("error", ["shelf_not_found", 'Cannot find "x"'], asked?.id);
  await rejects(called, "ShelfNotFoundError", 'Cannot find "x"');
});

Deno.test("the reply to a call that gave up is dropped", async () => {
  const clock = new VirtualClock();
  await using link = await Link.open({ clock });
  const called = link.sockets.call(link.socket, "ping", [], { timeoutMs: 20 });
  const refused = rejects(called, "FandTimeoutError", /the reply to "ping": 20 ms/);
  const asked = await link.peer.receive();
  await clock.advance(20);
  await refused;
  await link.peer.send("ack", [], asked?.id);
  await link.peer.send("duty", []);
  assert.deepEqual(await link.sockets.recv(link.socket), ["duty", []]);
});

Deno.test("call ends when too many messages come that nobody takes", async () => {
  await using link = await Link.open();
  const called = link.sockets.call(link.socket, "ping");
  const refused = rejects(called, "LimitError", /256 other messages wait unread/);
  for (let n = 0; n < MAX_UNREAD_MESSAGES; n++) await link.peer.send("duty", [n]);
  await refused;
  assert.deepEqual(await link.sockets.recv(link.socket), ["duty", [0]]);
});

Deno.test("call on a closed connection fails like send", async () => {
  await using link = await Link.open();
  await link.sockets.resetConnection(link.socket, undefined, false);
  await rejects(link.sockets.call(link.socket, "ping"), "SendReceiveError", /is closed/);
});
