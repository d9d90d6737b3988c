import assert from "node:assert/strict";
import { ByteQueue } from "../../src/sockets/stream/byte_queue.ts";
import { AF_INET, AF_INET6, SOCK_DGRAM, SOCK_STREAM } from "../../src/sockets/constants.ts";
import { Socket } from "../../src/sockets/socket.ts";
import type { InetAddress } from "../../src/sockets/socket_address.ts";
import { MAX_BUFFERED_BYTES } from "../../src/sockets/stream/inbox.ts";
import { runDeno } from "../support/process.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

Deno.test("ByteQueue gives bytes in order, in pieces of any size", () => {
  const queue = new ByteQueue();
  const lent = encoder.encode("one\ntwo");
  queue.lend(lent, lent.length);
  assert.equal(queue.lineBytes, 4);
  assert.equal(decoder.decode(queue.take(4)), "one\n");
  assert.equal(queue.lineBytes, null);
  queue.keep();
  lent.fill(0);
  queue.lend(encoder.encode("\n".padStart(5000)), 5000);
  assert.equal(queue.lineBytes, 5003);
  assert.equal(decoder.decode(queue.peek(3)), "two");
  const target = new Uint8Array(6000);
  assert.equal(queue.takeInto(target, 6000), 5003);
  assert.deepEqual([queue.size, queue.take(9).length, queue.lineBytes], [0, 0, null]);
});

/** Both ends of a connection, and how to close them. */
async function pair(clock = new VirtualClock()): Promise<
  AsyncDisposable & { near: Socket; far: Socket; clock: VirtualClock }
> {
  await using server = new Socket();
  await server.bind(["127.0.0.1", 0]);
  await server.listen();
  const near = new Socket(AF_INET, SOCK_STREAM, 0, clock);
  await near.connect(server.getsockname());
  const [far] = await server.accept();
  const dispose = async (): Promise<void> => void await Promise.all([near.close(), far.close()]);
  return { near, far, clock, [Symbol.asyncDispose]: dispose };
}

Deno.test("3 000 timeouts lose no byte of what comes afterwards", async () => {
  await using ends = await pair();
  const { near, far, clock } = ends;
  near.settimeout(1);
  for (let turn = 0; turn < 3000; turn++) {
    const late = assert.rejects(near.read(100), { name: "SocketTimeout" });
    if (turn % 100 === 0) await far.send(encoder.encode("x"));
    await clock.advance(1000);
    await late;
  }
  assert.equal(clock.waiting, 0);
  await far.sendall(encoder.encode("y".repeat(70)));
  near.settimeout(null);
  assert.equal(decoder.decode(await near.read(100)), "x".repeat(30) + "y".repeat(70));
});

Deno.test("what is sent in time goes out whole, and a timeout tells how much that was", async () => {
  await using ends = await pair();
  const { near, far, clock } = ends;
  near.settimeout(1);
  const bytes = new Uint8Array(32 << 20).map((_, index) => index % 251);
  const sending = near.sendall(bytes).then(() => null, (error) => error);
  // Nobody reads, so the system takes a part only.
  let error: { name: string; sentBytes: number } | null = null;
  sending.then((found) => error = found);
  for (; error === null;) {
    await new Promise(setImmediate);
    await clock.advance(1000);
  }
  const { name, sentBytes } = await sending;
  assert.equal(name, "SocketTimeout");
  assert.ok(sentBytes > 0 && sentBytes < bytes.length, String(sentBytes));
  const [received] = await Promise.all([far.readall(), near.shutdown(1)]);
  assert.deepEqual(received, bytes.slice(0, sentBytes));
});

Deno.test("calls that cross get the bytes in the order of the calls, and sends do not mix", async () => {
  await using ends = await pair();
  const { near, far } = ends;
  const reads = [near.read(3), near.readline(), near.recv(9)];
  await Promise.all([far.sendall(encoder.encode("abcde\n")), far.sendall(encoder.encode("fg"))]);
  const found = await Promise.all(reads);
  assert.deepEqual(found.map((bytes) => decoder.decode(bytes)), ["abc", "de\n", "fg"]);
});

Deno.test("closing ends what waits, and what was sent still arrives", async () => {
  await using ends = await pair();
  const { near, far } = ends;
  const waiting = assert.rejects(near.recv(1), { code: "EBADF" });
  const sending = near.sendall(new Uint8Array(8 << 20));
  const closing = near.close();
  await waiting;
  assert.equal((await far.readall()).length, 8 << 20);
  assert.equal(await sending, 8 << 20);
  await closing;
});

Deno.test("a read that never ends stops at its limit, and what has come can still be read", async () => {
  await using ends = await pair();
  const { near, far } = ends;
  const sending = far.sendall(new Uint8Array(MAX_BUFFERED_BYTES + 100_000));
  await assert.rejects(near.readline(), { code: "ENOBUFS" });
  let count = 0;
  while (count < MAX_BUFFERED_BYTES + 100_000) count += (await near.recv(1 << 20)).length;
  assert.equal(await sending, count);
});

Deno.test("listening with a backlog keeps the port that binding has got", async () => {
  const ports = new Set<unknown>();
  for (let turn = 0; turn < 50; turn++) {
    await using server = new Socket();
    await server.bind(["127.0.0.1", 0]);
    const [, port] = server.getsockname();
    // Others who let the system choose, at the very moment that the listener is exchanged.
    const others = Array.from({ length: 20 }, () => new Socket());
    const listening = [server.listen(5), server.listen(5)];
    for (const other of others) await other.bind(["127.0.0.1", 0]);
    await Promise.all(listening);
    assert.equal(server.getsockname()[1], port);
    ports.add(port);
    await using client = new Socket();
    await client.connect(server.getsockname());
    const [accepted, address] = await server.accept();
    assert.deepEqual(address, client.getsockname());
    await accepted.close();
    for (const other of others) await other.close();
  }
  assert.ok(ports.size > 1);
});

Deno.test("processes that are being started do not keep a port from who has bound it", async () => {
  let isOver = false;
  // Until its own program begins, each of them has a copy of every listener of this process.
  const starting = Array.from({ length: 3 }, async () => {
    while (!isOver) await new Deno.Command("true").output();
  });
  try {
    await using target = new Socket();
    await target.bind(["127.0.0.1", 0]);
    await target.listen();
    for (let turn = 0; turn < 30; turn++) {
      await using server = new Socket();
      await server.bind(["127.0.0.1", 0]);
      await server.listen(5);
      await using client = new Socket();
      await client.bind(["127.0.0.1", 0]);
      await client.connect(target.getsockname());
      await (await target.accept())[0].close();
    }
  } finally {
    isOver = true;
    await Promise.all(starting);
  }
});

Deno.test("a socket that is closed while it begins to listen does not listen", async () => {
  const server = new Socket();
  await server.bind(["127.0.0.1", 0]);
  const address = server.getsockname();
  const listening = assert.rejects(server.listen(5), { code: "EBADF" });
  await server.close();
  await listening;
  await using next = new Socket();
  // Another test may be starting a process, which has a copy of the listener for a while.
  while (await next.bind(address).then(() => false, ({ code }) => code === "EADDRINUSE"));
  assert.deepEqual(next.getsockname(), address);
});

Deno.test("a connect that nobody answers ends in time, and another one may begin", async () => {
  await using server = new Socket();
  await server.bind(["127.0.0.1", 0]);
  await server.listen(0);
  await using first = new Socket();
  // One may wait, and no more: what else knocks is not even heard.
  await first.connect(server.getsockname());
  const clock = new VirtualClock();
  await using late = new Socket(AF_INET, SOCK_STREAM, 0, clock);
  late.settimeout(1);
  const connecting = assert.rejects(late.connect(server.getsockname()), { name: "SocketTimeout" });
  await clock.advance(1000);
  await connecting;
  await (await server.accept())[0].close();
  late.settimeout(null);
  await late.connect(server.getsockname());
  await (await server.accept())[0].close();
  assert.equal((await late.recv(1)).length, 0);
});

Deno.test("accepts that cross each get a connection", async () => {
  await using server = new Socket();
  await server.bind(["127.0.0.1", 0]);
  await server.listen(-5);
  const accepts = [server.accept(), server.accept()];
  const clients = [new Socket(), new Socket()];
  for (const client of clients) await client.connect(server.getsockname());
  const accepted = await Promise.all(accepts);
  const ports = accepted.map(([, address]) => address[1]);
  assert.deepEqual(ports.sort(), clients.map((client) => client.getsockname()[1]).sort());
  for (const [socket] of accepted) await socket.close();
  for (const client of clients) await client.close();
});

Deno.test("addresses of IPv6 are told in their shortest form, however they were written", async () => {
  for (const type of [SOCK_STREAM, SOCK_DGRAM]) {
    await using bound = new Socket(AF_INET6, type);
    await bound.bind(["0:0:0:0:0:0:0:1", 0]);
    if (type === SOCK_STREAM) await bound.listen();
    const [host, port] = bound.getsockname() as InetAddress;
    assert.equal(host, "::1");
    await using connected = new Socket(AF_INET6, type);
    await connected.connect(["0:0::1", port]);
    assert.deepEqual(connected.getpeername(), ["::1", port, 0, 0]);
    assert.equal(connected.getsockname()[0], "::1");
  }
});

Deno.test("sockets have numbers of their own", async () => {
  await using ends = await pair();
  const { near, far } = ends;
  assert.notEqual(near.fileno(), far.fileno());
  assert.deepEqual([near.family, near.type], [AF_INET, SOCK_STREAM]);
  await assert.rejects(near.send("text" as never), TypeError);
  await assert.rejects(near.recv(-1), RangeError);
});

Deno.test("a socket that nobody references is closed", async () => {
  const script = `
    import { Socket } from "${new URL("../../mod.ts", import.meta.url)}";
    const server = new Socket();
    await server.bind(["127.0.0.1", 0]);
    await server.listen();
    await (async () => { await new Socket().connect(server.getsockname()); })();
    const [connection] = await server.accept();
    const gone = connection.recv(1);
    const collecting = setInterval(() => globalThis.gc(), 10);
    console.log((await gone).length);
    clearInterval(collecting);
    await connection.close();
    await server.close();`;
  const flags = ["--v8-flags=--expose-gc", "--allow-net=127.0.0.1", "--no-check", "--ext=ts"];
  const { code, stdout, stderr } = await runDeno(["run", ...flags, "-"], { stdin: script });
  assert.deepEqual([code, stdout.trim()], [0, "0"], stderr);
});

Deno.test("a socket that only somebody who waits for its bytes holds stays open", async () => {
  const script = `
    import { Socket } from "${new URL("../../mod.ts", import.meta.url)}";
    const server = new Socket();
    await server.bind(["127.0.0.1", 0]);
    await server.listen();
    const receive = async (method, ...args) => {
      const socket = new Socket();
      await socket.connect(server.getsockname());
      return socket[method](...args);
    };
    const calls = [["recv", 1], ["read", 1], ["readline"], ["readall"], ["readinto", new Uint8Array(1)]];
    const waiting = Promise.all(calls.map((call) => receive(...call)));
    const peers = [];
    for (const _ of calls) peers.push((await server.accept())[0]);
    for (let turn = 0; turn < 20; turn++) {
      globalThis.gc();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    for (const peer of peers) await peer.sendall(new TextEncoder().encode("\\n"));
    for (const peer of peers) await peer.close();
    console.log((await waiting).map((found) => found.length ?? found).join());
    await server.close();`;
  const flags = ["--v8-flags=--expose-gc", "--allow-net=127.0.0.1", "--no-check", "--ext=ts"];
  const { code, stdout, stderr } = await runDeno(["run", ...flags, "-"], { stdin: script });
  assert.deepEqual([code, stdout.trim()], [0, "1,1,1,1,1"], stderr);
});

Deno.test("a process ends although a receive and an accept were given up", async () => {
  const script = `
    import { Socket } from "${new URL("../../mod.ts", import.meta.url)}";
    const server = new Socket();
    await server.bind(["127.0.0.1", 0]);
    await server.listen();
    const client = new Socket();
    await client.connect(server.getsockname());
    for (const socket of [client, server]) socket.settimeout(0);
    await server.accept();
    for (const act of [() => client.recv(1), () => server.accept()]) {
      console.log(await act().catch((error) => error.code));
    }
    globalThis.kept = [client, server];`;
  const flags = ["--allow-net=127.0.0.1", "--no-check", "--ext=ts"];
  const { code, stdout, stderr } = await runDeno(["run", ...flags, "-"], { stdin: script });
  assert.deepEqual([code, stdout.trim()], [0, "EAGAIN\nEAGAIN"], stderr);
});
