import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import {
  connect,
  isSocketOpen,
  recv,
  resetConnection,
  send,
  SocketManager,
} from "../../src/communication/mod.ts";
import { MAX_QUEUED_BYTES } from "../../src/communication/connection.ts";
import { FandTimeoutError } from "../../src/errors.ts";
import { encodeMessage } from "../../src/wire/message.ts";
import { Request } from "../../src/wire/request.ts";
import { Link, RawPeer } from "../support/raw_peer.ts";
import { rejects } from "../support/rejects.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

Deno.test("the example of the communication module runs as its documentation has it", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const server = (async () => {
    using peer = new RawPeer(await listener.accept());
    assert.deepEqual(await peer.receive(), { request: "get_pwm", args: ["myshelf1"] });
    await peer.send("set_pwm", ["myshelf1", 40]);
    assert.deepEqual(await peer.receive(), { request: "disconnect", args: [null] });
  })();

  const s = await connect("localhost", listener.addr.port);
  await send(s, Request.GET_PWM, "myshelf1");
  const [req, args] = await recv(s);
  assert.equal(req, Request.SET_PWM);
  assert.deepEqual(args, ["myshelf1", 40]);

  assert.ok(isSocketOpen(s));
  await resetConnection(s);
  assert.ok(!isSocketOpen(s));
  await server;
});

Deno.test("recv finishes a message that comes byte by byte and keeps what follows", async () => {
  await using link = await Link.open();
  const received = link.sockets.recv(link.socket);
  for (const byte of encodeMessage("set_pwm", ["a", 1])) await link.peer.write(Uint8Array.of(byte));
  assert.deepEqual(await received, ["set_pwm", ["a", 1]]);
  await link.peer.writeHex(
    encodeMessage("ping", []).toHex() + encodeMessage("ack", [], 3).toHex(),
  );
  assert.deepEqual(await link.sockets.recv(link.socket), ["ping", []]);
  assert.deepEqual(await link.sockets.recv(link.socket), ["ack", [], 3]);
});

Deno.test("recv that times out loses no byte, not even of half a frame", async () => {
  const clock = new VirtualClock();
  await using link = await Link.open({ clock });
  const frame = encodeMessage("set_pwm", ["shelf", 50]);
  const first = link.sockets.recv(link.socket);
  const refused = rejects(
    first,
    "FandTimeoutError",
    "Cannot receive: 10000 ms have passed; check that the peer answers",
  );
  await link.peer.write(frame.subarray(0, 7));
  await clock.advance(10_000);
  await refused;
  for (let round = 0; round < 100; round++) {
    const again = link.sockets.recv(link.socket, { timeoutMs: 1 });
    const refusedAgain = assert.rejects(again, FandTimeoutError);
    await clock.advance(1);
    await refusedAgain;
  }
  await link.peer.write(frame.subarray(7));
  assert.deepEqual(await link.sockets.recv(link.socket), ["set_pwm", ["shelf", 50]]);
  assert.equal(clock.waiting, 0);
});

Deno.test("recv that is aborted loses nothing, and ends with the reason of its signal", async () => {
  await using link = await Link.open();
  const controller = new AbortController();
  const aborted = link.sockets.recv(link.socket, { signal: controller.signal });
  const next = link.sockets.recv(link.socket);
  const reason = new Error("enough");
  controller.abort(reason);
  await assert.rejects(aborted, (error) => error === reason);
  await assert.rejects(link.sockets.recv(link.socket, { signal: controller.signal }));
  await link.peer.send("ping");
  assert.deepEqual(await next, ["ping", []]);
});

Deno.test("concurrent recvs are served in the order of their calls", async () => {
  await using link = await Link.open();
  const received = Array.from({ length: 50 }, () => link.sockets.recv(link.socket));
  for (let n = 0; n < 50; n++) await link.peer.send("list", [n]);
  for (const [n, [, args]] of (await Promise.all(received)).entries()) assert.deepEqual(args, [n]);
});

Deno.test("concurrent sends never mix, however large they are", async () => {
  await using link = await Link.open();
  const sends = Array.from(
    { length: 20 },
    (_, n) => link.sockets.send(link.socket, "list", n, new Uint8Array(50_000).fill(n)),
  );
  for (let n = 0; n < 20; n++) {
    const message = await link.peer.receive();
    assert.deepEqual(message?.args, [n, new Uint8Array(50_000).fill(n)]);
  }
  await Promise.all(sends);
});

Deno.test("what several senders write arrives whole although the peer reads late", async () => {
  await using link = await Link.open();
  const block = new Uint8Array(60_000);
  let sent = 0;
  const sender = async () => {
    for (let n = 0; n < 20; n++) await link.sockets.send(link.socket, "list", sent++, block);
  };
  const senders = Array.from({ length: 10 }, sender);
  const seen = new Set<unknown>();
  while (seen.size < 200) seen.add((await link.peer.receive())?.args[0]);
  await Promise.all(senders);
  assert.deepEqual([...seen].sort(), Array.from({ length: 200 }, (_, n) => n).sort());
});

Deno.test("send gives up on a peer that does not read, and refuses to queue without end", async () => {
  const clock = new VirtualClock();
  await using link = await Link.open({ clock });
  const block = new Uint8Array(60_000);
  const sends: Promise<void>[] = [];
  const queued = () => sends.length * 60_000;
  let refusal: unknown;
  // The system takes some MB before anything waits here.
  for (let n = 0; refusal === undefined && n < 2000; n++) {
    const sent = link.sockets.send(link.socket, "list", n, block);
    sent.catch((error) => refusal ??= error);
    sends.push(sent);
    await link.sockets.sleep(0, { signal: AbortSignal.abort() }).catch(() => {});
  }
  assert.ok(queued() > MAX_QUEUED_BYTES);
  assert.equal((refusal as Error).name, "SendReceiveError");
  assert.match(String(refusal), /bytes wait for a peer that does not read; send less/);
  const all = Promise.allSettled(sends);
  await clock.advance(10_000);
  const outcomes = await all;
  assert.ok(
    outcomes.some((outcome) =>
      outcome.status === "rejected" && outcome.reason instanceof FandTimeoutError
    ),
  );
});

Deno.test("a send that gave up before it began is not sent; one that had begun is finished", async () => {
  const clock = new VirtualClock();
  await using link = await Link.open({ clock });
  const controller = new AbortController();
  const { signal } = controller;
  const begun = link.sockets.sendMessage(link.socket, { request: "list", args: [1] }, { signal });
  const waiting = link.sockets.sendMessage(link.socket, { request: "list", args: [2] }, { signal });
  const settled = Promise.allSettled([begun, waiting]);
  controller.abort(new Error("enough"));
  assert.deepEqual((await settled).map(({ status }) => status), ["rejected", "rejected"]);
  await link.sockets.send(link.socket, "list", 3);
  assert.deepEqual((await link.peer.receive())?.args, [1]);
  assert.deepEqual((await link.peer.receive())?.args, [3]);
});

Deno.test("send refuses what cannot be encoded and sends nothing of it", async () => {
  await using link = await Link.open();
  await rejects(link.sockets.send(link.socket, "x", NaN), "UnencodableError", /it holds NaN/);
  await link.sockets.send(link.socket, "ping");
  assert.deepEqual(await link.peer.receive(), { request: "ping", args: [] });
});

Deno.test("recv returns an error message like any other", async () => {
  await using link = await Link.open();
  await link.peer.send("error", ["shelf_not_found", "Cannot find it"], 4);
  const expected = ["error", ["shelf_not_found", "Cannot find it"], 4];
  assert.deepEqual(await link.sockets.recv(link.socket), expected);
  assert.ok(link.sockets.isSocketOpen(link.socket));
});

Deno.test("recv of disconnect closes the socket and tells the peer's reason", async () => {
  await using link = await Link.open();
  await link.peer.send("disconnect", ["maintenance"]);
  const waiting = [link.sockets.recv(link.socket), link.sockets.recv(link.socket)];
  for (const received of waiting) {
    await rejects(
      received,
      "FandConnectionResetError",
      "Cannot receive: the peer said disconnect: maintenance; connect again",
    );
  }
  assert.ok(!link.sockets.isSocketOpen(link.socket));
  assert.equal(await link.peer.receive(), null);
  await rejects(link.sockets.recv(link.socket), "FandConnectionResetError", /closed on this side/);
  await rejects(link.sockets.send(link.socket, "ping"), "SendReceiveError", /is closed/);
});

Deno.test("recv gives every message that came before the peer closed", async () => {
  await using link = await Link.open();
  await link.peer.send("ping");
  await link.peer.send("ack");
  link.peer.close();
  assert.deepEqual(await link.sockets.recv(link.socket), ["ping", []]);
  assert.deepEqual(await link.sockets.recv(link.socket), ["ack", []]);
  await rejects(
    link.sockets.recv(link.socket),
    "FandConnectionResetError",
    "Cannot receive: the peer closed the connection; connect again",
  );
  assert.ok(!link.sockets.isSocketOpen(link.socket));
});

Deno.test("recv tells a reset from an orderly end", async () => {
  const server = createServer((far) => far.once("data", () => far.resetAndDestroy()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const sockets = new SocketManager();
  const socket = await sockets.connect("127.0.0.1", (server.address() as AddressInfo).port);
  const received = sockets.recv(socket);
  await sockets.send(socket, "ping");
  await rejects(
    received,
    "FandConnectionResetError",
    "Cannot receive: the peer reset the connection; connect again",
  );
  await new Promise((done) => server.close(done));
});

Deno.test.each([
  ["an HTTP request", "474554202f20485454502f312e310d0a", /length is 1195725856/],
  ["a length of 0", "00000000", /length is 0/],
  ["a frame that is not CBOR", "00000001ff", /Cannot decode the message/],
])("recv of %s tells the peer and closes", async (_name, hex, message) => {
  await using link = await Link.open();
  await link.peer.writeHex(hex as string);
  await rejects(link.sockets.recv(link.socket), "CorruptedDataError", message as RegExp);
  assert.ok(!link.sockets.isSocketOpen(link.socket));
  const farewell = await link.peer.receive();
  assert.equal(farewell?.request, "disconnect");
  assert.match(String(farewell?.args[0]), message as RegExp);
  assert.equal(await link.peer.receive(), null);
  link.peer.close();
  await link.sockets.resetConnection(link.socket);
});

Deno.test("recv and send on a socket that its owner has closed say so", async () => {
  await using link = await Link.open();
  const waiting = link.sockets.recv(link.socket);
  link.socket.close();
  await rejects(waiting, "FandConnectionResetError", /closed on this side/);
  await rejects(link.sockets.send(link.socket, "ping"), "SendReceiveError", /is closed/);
});

Deno.test("resetConnection delivers the reason although unread bytes wait here", async () => {
  await using link = await Link.open();
  await link.peer.write(new Uint8Array(100_000).fill(1));
  await Promise.all([
    link.sockets.resetConnection(link.socket, "no more"),
    link.peer.receive().then(async (message) => {
      assert.deepEqual(message, { request: "disconnect", args: ["no more"] });
      assert.equal(await link.peer.receive(), null);
      link.peer.close();
    }),
  ]);
});

Deno.test("resetConnection ends who waits, and can close without a word", async () => {
  await using link = await Link.open();
  const waiting = link.sockets.recv(link.socket);
  const refused = rejects(waiting, "FandConnectionResetError", /closed on this side/);
  await link.sockets.resetConnection(link.socket, "unsaid", false);
  await refused;
  assert.equal(await link.peer.receive(), null);
  await link.sockets.resetConnection(link.socket);
});

Deno.test("resetConnection does not wait for a peer that neither reads nor closes", async () => {
  const clock = new VirtualClock();
  await using link = await Link.open({ clock });
  const closed = link.sockets.resetConnection(link.socket);
  assert.deepEqual(await link.peer.receive(), { request: "disconnect", args: [null] });
  assert.equal(await link.peer.receive(), null);
  await clock.advance(250);
  await closed;
  assert.equal(clock.waiting, 0);
});
