/** What a peer must not be able to do, whatever it sends. */

import assert from "node:assert/strict";
import { EchoCommunicator, type RigAddress, type RigCounters, Socket } from "../../../mod.ts";
import { MAX_MESSAGE_BYTES } from "../../../src/rig/link/link.ts";
import { PARTIAL_MS } from "../../../src/rig/link/tcp_link.ts";
import { RawRig } from "../../support/raw_rig.ts";
import { RecordedLog } from "../../support/recorded_log.ts";
import { rejects } from "../../support/rejects.ts";
import { until } from "../../support/until.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const encoder = new TextEncoder();

/** Bytes that are no message, whether they are sent back, and what is said about them. */
const BAD: readonly [name: string, data: string | Uint8Array, isEchoed: boolean, said: RegExp][] = [
  ["nothing", "", false, /too short/],
  ["one byte", "[", false, /too short/],
  ["no JSON", "hello", true, /no list of an event and its data/],
  ["a number", "17", true, /no list/],
  ["a table", '{"event": 1}', true, /no list/],
  ["one element", "[1]", true, /no list/],
  ["an empty list", "[]", true, /no list/],
  ["an unknown event", "[3, 1]", true, /compound \(bitwise\) events are not permitted/],
  ["an event beyond all", "[256, 1]", true, /compound/],
  ["an unknown name", '["nope", 1]', true, /Cannot find the message/],
  ["half an event", "[1.5, 1]", true, /neither a name nor a whole number/],
  ["a list as the event", "[[1], 1]", true, /neither a name nor a whole number/],
  ["NaN", '[64, 20, {"t": NaN}]', true, /no list/],
  ["Infinity", "[1, Infinity]", true, /no list/],
  ["a null message of one part", '[0, "err"]', false, /null message with 1 parts/],
  ["a null message of three", "[0, 1, 2, 3]", false, /null message with 3 parts/],
  ["invalid UTF-8", Uint8Array.of(0x5b, 0x31, 0x2c, 0x22, 0xff, 0x22, 0x5d), false, /not UTF-8/],
  ["a deep nest", "[".repeat(30_000) + "]".repeat(30_000), false, /nests deeper than 64/],
  ["a deep nest of tables", '{"a":'.repeat(10_000), false, /nests deeper than 64/],
];

for (const [name, data, isEchoed, said] of BAD) {
  Deno.test(`${name} is refused in words, and the others live on`, async () => {
    const logger = new RecordedLog();
    await using server = await EchoCommunicator.server("udp://127.0.0.1:0", { logger });
    const at: RigAddress = ["127.0.0.1", server.port];
    await using other = await EchoCommunicator.client(server.serverUri);
    await using peer = await RawRig.open();
    server.assignCallback(255, () => {});
    await peer.send(data, at);
    assert.match(await logger.line(/^warn: From udp:/), said);
    assert.equal(server.counters.malformed, 1);
    assert.equal(server.counters.echoed, isEchoed ? 1 : 0);
    if (isEchoed) assert.equal(await peer.receive(), data);
    await other.init("still here");
    await peer.send("[1, 2]", at);
    assert.equal(await peer.receive(), "[1, 2]");
  });
}

Deno.test("datagrams have 0 to 65 507 bytes, and what is longer is not sent", async () => {
  await using server = await EchoCommunicator.server("udp://127.0.0.1:0");
  await using client = await EchoCommunicator.client(server.serverUri, { echoTimeoutMs: 60_000 });
  await client.send("");
  await until(() => server.counters.malformed === 1, "the empty datagram");
  const text = (bytes: number): string => `[1, "${"x".repeat(bytes - 7)}"]`;
  const got = server.onEvent("EXPINIT");
  await client.confirmedSend(text(MAX_MESSAGE_BYTES));
  assert.equal(String((await got)[0][0]).length, MAX_MESSAGE_BYTES - 7);
  await rejects(client.confirmedSend(text(MAX_MESSAGE_BYTES + 1)), "SocketError", /EMSGSIZE/);
  assert.match(String(client.onErrorReceived.result()), /EMSGSIZE/);
  await rejects(client.send(text(MAX_MESSAGE_BYTES + 1)), "SocketError", /EMSGSIZE/);
  await client.init();
});

Deno.test("a wrong echo is a message of its own, and the right one is still awaited", async () => {
  await using peer = await RawRig.open();
  await using client = await EchoCommunicator.client(peer.uri, { echoTimeoutMs: 60_000 });
  const event = client.onEvent("EXPEND");
  const failure = client.onEvent(0);
  const sent = client.init(1);
  assert.equal(await peer.receive(), "[1, 1]");
  await peer.send('[0, "not now", 1]');
  await peer.send("[4, null]");
  assert.equal(await peer.receive(), "[4, null]");
  assert.deepEqual([(await failure)[0], (await event)[0]], [["not now", 1], [null]]);
  await peer.send("[1, 1]");
  await sent;
});

Deno.test("only wrong echoes are a timeout that tells how many", async () => {
  await using peer = await RawRig.open();
  const clock = new VirtualClock();
  await using client = await EchoCommunicator.client(peer.uri, { clock });
  const sent = client.init(1);
  await peer.receive();
  for (const text of ["[1, 2]", "[1,1]"]) {
    await peer.send(text);
    assert.equal(await peer.receive(), text);
  }
  const told = rejects(sent, "FandTimeoutError", /2 other messages came instead from udp:/);
  await clock.advance(1000);
  await told;
  assert.equal(client.isConnected, true);
});

Deno.test("an echo that comes too late is not sent back", async () => {
  await using peer = await RawRig.open();
  const clock = new VirtualClock();
  await using client = await EchoCommunicator.client(peer.uri, { clock });
  const events: unknown[] = [];
  client.assignCallback(255, (data) => events.push(data));
  const sent = client.init("slow");
  const text = await peer.receive();
  const told = rejects(sent, "FandTimeoutError", /./);
  await clock.advance(1000);
  await told;
  await peer.send(text);
  await until(() => client.counters.lateEchoes === 1, "the late echo");
  const next = client.init("next");
  await clock.advance(100);
  assert.equal(await peer.receive(), '[1, "next"]');
  await peer.send('[1, "next"]');
  await next;
  assert.deepEqual(events, []);
});

Deno.test("an echo that comes twice goes round at most once", async () => {
  await using peer = await RawRig.open();
  const clock = new VirtualClock();
  await using client = await EchoCommunicator.client(peer.uri, { clock });
  const sent = client.init("twice");
  const text = await peer.receive();
  await peer.send(text);
  await sent;
  // It could be the peer's own: it is confirmed, and a confirmation of that ends it.
  await peer.send(text);
  assert.equal(await peer.receive(), text);
  await peer.send(text);
  await until(() => client.counters.lateEchoes === 1, "the end of the circle");
  await clock.advance(100);
  await peer.send(text);
  assert.equal(await peer.receive(), text);
});

Deno.test("a server knows an echo that comes twice for what it is", async () => {
  await using server = await EchoCommunicator.server("udp://127.0.0.1:0");
  await using peer = await RawRig.open();
  const sent = server.init("twice", peer.address);
  const text = await peer.receive();
  assert.equal(text, '[1, "twice" ]');
  await peer.send(text);
  await sent;
  await peer.send(text);
  await until(() => server.counters.lateEchoes === 1, "the second echo");
  assert.equal(server.counters.echoed, 0);
});

Deno.test("a flood delays nobody else, and what is too much is dropped and counted", async () => {
  await using server = await EchoCommunicator.server("udp://127.0.0.1:0");
  const at: RigAddress = ["127.0.0.1", server.port];
  await using client = await EchoCommunicator.client(server.serverUri, { echoTimeoutMs: 10_000 });
  await using flooder = await RawRig.open();
  let isOver = false;
  const flood = (async () => {
    while (!isOver) {
      await Promise.all(Array.from({ length: 500 }, () => flooder.send("[32, 20]", at)));
    }
  })();
  await until(() => server.counters.received > 2000, "the flood");
  for (let count = 0; count < 20; count++) {
    // A datagram that the system itself has dropped is sent again, as rigs have to.
    await client.status(0).catch(() => client.status(0));
  }
  isOver = true;
  await flood;
  const { dropped, echoed }: Readonly<RigCounters> = server.counters;
  assert.ok(echoed > 0 && dropped >= 0);
  await client.init();
});

Deno.test("a client hears nobody but its server", async () => {
  await using server = await EchoCommunicator.server("udp://127.0.0.1:0");
  await using client = await EchoCommunicator.client(server.serverUri);
  const first = server.onEvent("EXPINIT");
  await client.init();
  const [, address] = await first;
  const events: unknown[] = [];
  client.assignCallback(255, (data) => events.push(data));
  await using stranger = await RawRig.open();
  await stranger.send("[1, 666]", address);
  const last = client.onEvent("EXPEND");
  await server.stop("real", false, address);
  await last;
  assert.deepEqual(events, [["real"]]);
});

Deno.test("TCP: messages are found however they are cut, and what is none is skipped", async () => {
  const clock = new VirtualClock();
  const logger = new RecordedLog();
  await using server = await EchoCommunicator.server("tcp://127.0.0.1:0", { clock, logger });
  const got: unknown[] = [];
  server.assignCallback("EXPINIT", ([data]) => got.push(data));
  await using socket = new Socket();
  await socket.connect(["127.0.0.1", server.port]);
  const send = (text: string): Promise<number> => socket.sendall(encoder.encode(text));
  const back = async (text: string): Promise<void> => {
    const { length } = encoder.encode(text);
    assert.equal(new TextDecoder().decode(await socket.read(length)), text);
  };
  await send('[1, 1][1, "]"] \n[1, [2, "\\"]"]]');
  await back('[1, 1][1, "]"][1, [2, "\\"]"]]');
  for (const byte of '[1, "☃"]') await send(byte);
  await back('[1, "☃"]');
  await send("hello");
  await back("hello");
  // What is too long is left out, and the next one is found.
  await send(`[1, "${"x".repeat(70_000)}"][1, 3]`);
  await back("[1, 3]");
  assert.equal(server.counters.oversized, 1);
  // A beginning without an end is given up.
  await send('[1, "never');
  await until(() => clock.waiting > 0, "the time for the rest");
  await clock.advance(PARTIAL_MS);
  await send("[1, 4]");
  await back("[1, 4]");
  await socket.sendall(Uint8Array.of(0xff, 0xfe));
  await logger.line(/not UTF-8/);
  await send("[1, 5]");
  await back("[1, 5]");
  assert.deepEqual(got, [1, "]", [2, '"]'], "☃", 3, 4, 5]);
});

Deno.test("TCP: a peer that never reads is not waited for", async () => {
  await using server = await EchoCommunicator.server("tcp://127.0.0.1:0", { echoTimeoutMs: 50 });
  await using socket = new Socket();
  await socket.connect(["127.0.0.1", server.port]);
  const ready = server.onEvent("EXPINIT");
  await socket.sendall(encoder.encode("[1, 2]"));
  const [, address] = await ready;
  const large = "x".repeat(60_000);
  // What the system takes is gone; what it does not take waits, and is bounded.
  await until(() => {
    server.send([0, large, 1], address).catch(() => {});
    return server.counters.refusedSends > 0;
  }, "a refusal");
  await rejects(server.send([0, large, 1], address), "SocketError", /ENOBUFS/);
  await using client = await EchoCommunicator.client(server.serverUri);
  await client.init();
});

Deno.test("WebSocket: pages, other requests and large messages are refused", async () => {
  await using server = await EchoCommunicator.server("ws://127.0.0.1:0");
  const url = server.serverUri.replace("ws:", "http:");
  const plain = await fetch(url);
  assert.equal(plain.status, 426);
  assert.match(await plain.text(), /this is a WebSocket; connect to it/);
  const upgrade = {
    connection: "upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    origin: "https://evil.example",
  };
  const socket = new Socket();
  await socket.connect(["127.0.0.1", server.port]);
  const lines = Object.entries(upgrade).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  await socket.sendall(encoder.encode(`GET / HTTP/1.1\r\nhost: rig\r\n${lines}\r\n`));
  assert.match(new TextDecoder().decode(await socket.readline()), /^HTTP\/1.1 403 /);
  await socket.close();
  assert.equal(server.counters.foreign, 1);
  const peer = new WebSocket(server.serverUri);
  await new Promise((resolve) => peer.addEventListener("open", resolve));
  peer.send("x".repeat(MAX_MESSAGE_BYTES + 1));
  await until(() => server.counters.oversized === 1, "the large message");
  const closed = new Promise((resolve) => peer.addEventListener("close", resolve));
  peer.close();
  await closed;
});
