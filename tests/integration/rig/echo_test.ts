/** Communicators that talk to each other, over each protocol. */

import assert from "node:assert/strict";
import {
  EchoCommunicator,
  type EchoOptions,
  ExpMessage,
  isSuccess,
  type RigAddress,
} from "../../../mod.ts";
import { RawRig } from "../../support/raw_rig.ts";
import { RecordedLog } from "../../support/recorded_log.ts";
import { rejects } from "../../support/rejects.ts";
import { until } from "../../support/until.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const REFERENCE = "2030-01-31_1_subject";

/** A server and a client of it, and the client's address. */
async function pair(uri: string, options: EchoOptions = {}) {
  const server = await EchoCommunicator.server(uri, options);
  const client = await EchoCommunicator.client(server.serverUri, options);
  const first = server.onEvent("EXPINIT");
  await client.init();
  const [, address] = await first;
  return {
    server,
    client,
    address,
    async [Symbol.asyncDispose]() {
      await client.close();
      await server.close();
    },
  };
}

const URIS = ["127.0.0.1", "[::1]", "localhost"]
  .flatMap((host) => ["udp", "tcp", "ws"].map((proto) => `${proto}://${host}:0`));

for (const uri of URIS) {
  Deno.test(`${uri}: both ends tell each other everything, confirmed`, async () => {
    await using ends = await pair(uri);
    const { server, client, address } = ends;
    for (
      const [from, to, target] of [[client, server, undefined], [server, client, address]] as const
    ) {
      const got: unknown[] = [];
      to.assignCallback(ExpMessage.any(), (data, _from, event) => got.push([event, ...data]));
      await from.init(42, target);
      await from.start(REFERENCE, { mouse: "é" }, target);
      await from.status("RUNNING", target);
      await from.info(20, { t: 1.5 }, target);
      await from.stop(null, true, target);
      await from.stop("done", false, target);
      await from.cleanup([1, 2], target);
      await until(() => got.length === 7, "seven messages");
      assert.deepEqual(got, [
        [1, 42],
        [2, REFERENCE, { mouse: "é" }],
        [32, 20],
        [64, 20, { t: 1.5 }],
        [16, null],
        [4, "done"],
        [8, [1, 2]],
      ]);
      to.clearCallbacks(ExpMessage.any());
    }
  });

  Deno.test(`${uri}: what is sent without waiting comes once, and its echo is none`, async () => {
    await using ends = await pair(uri);
    const { server, client, address } = ends;
    for (
      const [from, to, target] of [[client, server, undefined], [server, client, address]] as const
    ) {
      const got: unknown[] = [];
      const before = from.counters.echoed;
      to.assignCallback("EXPINFO", ([, data]) => got.push(data));
      await Promise.all([1, 1, 2, 3, 4, 5].map((count) => from.send([64, 20, count], target)));
      // By the second confirmation whatever had gone round once would be here again.
      for (let round = 0; round < 2; round++) await from.status(20, target);
      assert.deepEqual(got, [1, 1, 2, 3, 4, 5]);
      assert.equal(from.counters.echoed, before);
      to.clearCallbacks("EXPINFO");
    }
  });

  Deno.test(`${uri}: messages that cross are told from echoes, equal ones too`, async () => {
    await using ends = await pair(uri);
    const { server, client, address } = ends;
    for (let round = 0; round < 20; round++) {
      const got = [server.onEvent("EXPINIT"), client.onEvent("EXPINIT")];
      const other = [server.onEvent("EXPEND"), client.onEvent("EXPCLEANUP")];
      await Promise.all([server.init(round, address), client.init(round)]);
      await Promise.all([server.cleanup(round, address), client.stop(round)]);
      for (const future of [...got, ...other]) assert.deepEqual((await future)[0], [round]);
    }
    assert.equal(client.counters.lateEchoes + server.counters.lateEchoes, 0);
  });

  Deno.test(`${uri}: many sends at once go one after the other, and all arrive`, async () => {
    await using ends = await pair(uri);
    const { server, client } = ends;
    const got: unknown[] = [];
    server.assignCallback("EXPINFO", ([, data]) => got.push(data));
    const numbers = Array.from({ length: 60 }, (_, index) => index);
    await Promise.all(numbers.map((number) => client.info(20, number)));
    assert.deepEqual(got, numbers);
    assert.equal(client.awaitingResponse(), false);
  });
}

for (const proto of ["tcp", "ws"]) {
  Deno.test(`${proto}: a lost server is noticed at once, and ends what waits`, async () => {
    await using ends = await pair(`${proto}://127.0.0.1:0`, { echoTimeoutMs: 60_000 });
    const { server, client } = ends;
    assert.equal(client.isConnected, true);
    const forever = client.onEvent("EXPEND");
    await server.close();
    assert.match(await client.onConnectionLost, /has closed the connection|reset/);
    assert.equal(client.isConnected, false);
    await rejects(client.init(), "SocketError", /ENOTCONN/);
    assert.equal(forever.done(), false);
    await client.close();
    assert.equal(forever.cancelled(), true);
  });

  Deno.test(`${proto}: a lost client is noticed, and the others live on`, async () => {
    await using ends = await pair(`${proto}://127.0.0.1:0`, { echoTimeoutMs: 60_000 });
    const { server, client, address } = ends;
    await using other = await EchoCommunicator.client(server.serverUri);
    await other.status(0);
    await client.close();
    assert.match(await server.onConnectionLost, /has closed the connection/);
    assert.equal(server.isConnected, true);
    await rejects(server.init(1, address), "SocketError", /ENOTCONN/);
    await other.status(10);
  });

  Deno.test(`${proto}: a peer that goes before it confirms is no timeout`, async () => {
    await using ends = await pair(`${proto}://127.0.0.1:0`, { echoTimeoutMs: 60_000 });
    const { server, client, address } = ends;
    // Its answer is the goodbye: nothing is confirmed any more.
    client.assignCallback("EXPSTART", () => void client.close());
    const [first, second] = await Promise.allSettled([
      server.start(REFERENCE, null, address),
      server.start(REFERENCE, null, address),
    ]);
    assert.equal(first.status, "fulfilled");
    assert.equal(second.status, "rejected");
  });
}

Deno.test("nobody answers: a clear error in time, and the communicator lives on", async () => {
  await using rig = await RawRig.open();
  const clock = new VirtualClock();
  await using client = await EchoCommunicator.client(rig.uri, { clock, name: "camera" });
  const sent = client.start(REFERENCE);
  await rig.receive();
  assert.equal(client.awaitingResponse(), true);
  assert.equal(client.awaitingResponse(rig.address), true);
  const told = rejects(
    sent,
    "FandTimeoutError",
    "Cannot confirm a message to camera: nothing " +
      `came back from ${rig.uri} within 1000 ms; check the peer, or allow more time`,
  );
  await clock.advance(1000);
  await told;
  assert.deepEqual([client.isConnected, client.awaitingResponse()], [true, false]);
  const next = client.init();
  await rig.send(await rig.receive());
  await next;
  assert.deepEqual([client.counters.unconfirmed, client.counters.confirmed], [1, 1]);
  assert.equal(clock.waiting, 0);
});

Deno.test("a confirmed send refuses times and addresses that are none", async () => {
  await using ends = await pair("udp://127.0.0.1:0");
  const { server, client } = ends;
  for (const timeoutMs of [-1, NaN, -Infinity]) {
    const asked = client.confirmedSend([1, 2], undefined, timeoutMs || -1);
    await rejects(asked, "RangeError", /it is no time; give more than 0/);
  }
  await client.confirmedSend([1, 2], undefined, 0);
  await rejects(server.init(1), "TypeError", /a server has many peers; name the address of one/);
  const elsewhere: RigAddress = ["127.0.0.1", 9];
  await rejects(client.init(1, elsewhere), "RangeError", /this is a client of udp:/);
  await client.init(1, [client.hostname, client.port]);
  await using mute = await EchoCommunicator.client("udp://127.0.0.1:9", { echoTimeoutMs: -1 });
  await rejects(mute.init(), "RangeError", /Cannot wait -1 ms/);
});

Deno.test("more than 64 messages for one peer are refused and counted", async () => {
  await using rig = await RawRig.open();
  const client = await EchoCommunicator.client(rig.uri);
  const sends = Array.from({ length: 65 }, (_, index) => client.init(index));
  await rejects(sends[64] ?? Promise.resolve(), "LimitError", /64 messages wait for their turn/);
  assert.equal(client.counters.refusedSends, 1);
  const settled = Promise.allSettled(sends.slice(0, 64));
  await client.close();
  for (const { status } of await settled) assert.equal(status, "rejected");
});

Deno.test("more than 64 messages that nobody has confirmed are refused and counted", async () => {
  await using peer = await RawRig.open();
  const clock = new VirtualClock();
  await using client = await EchoCommunicator.client(peer.uri, { clock });
  for (let count = 0; count < 64; count++) await client.send([64, 20, count]);
  await rejects(client.send([64, 20, 64]), "LimitError", /64 messages have not come back/);
  assert.equal(client.counters.refusedSends, 1);
  await client.send([0, "none is awaited", 1]);
  await clock.advance(10_000);
  await client.send([64, 20, 64]);
});

Deno.test("closing ends what waits, cancels futures, and frees the port", async () => {
  const server = await EchoCommunicator.server("udp://127.0.0.1:0");
  const client = await EchoCommunicator.client(server.serverUri);
  const event = client.onEvent("EXPSTART");
  const token = client.alyx();
  await until(() => client.counters.confirmed === 1, "the confirmation");
  const ended = assert.rejects(token, { name: "AbortError" });
  await client.close();
  await client.close();
  await ended;
  assert.equal(event.cancelled(), true);
  assert.equal(isSuccess(client.onConnectionLost), true);
  assert.equal(client.onConnectionLost.result(), "Close called on communicator");
  assert.deepEqual([client.onErrorReceived.cancelled(), client.onEofReceived.cancelled()], [
    true,
    true,
  ]);
  assert.equal(client.isConnected, false);
  await rejects(client.init(), "FandConnectionResetError", /the communicator was closed/);
  await rejects(client.send([1, 2]), "FandConnectionResetError", /the communicator was closed/);
  const { serverUri } = server;
  await server.close();
  await using again = await EchoCommunicator.server(serverUri);
  assert.equal(again.serverUri, serverUri);
});

Deno.test("a token is given, or asked for and waited for", async () => {
  await using ends = await pair("udp://127.0.0.1:0");
  const { server, client } = ends;
  const alyx = { baseUrl: "https://alyx.example.org", user: "foo", token: { token: "4157" } };
  const given = server.onEvent("ALYX");
  assert.equal(await client.alyx(alyx), undefined);
  assert.deepEqual((await given)[0], ["https://alyx.example.org", { foo: { token: "4157" } }]);
  server.assignCallback("ALYX", (_data, address) => server.alyx(alyx, address));
  for (const nobody of [null, { ...alyx, user: null, token: null }]) {
    assert.deepEqual(await client.alyx(nobody), [alyx.baseUrl, { foo: { token: "4157" } }]);
  }
});

Deno.test("what fails in a callback is told to the other end, in words", async () => {
  const logger = new RecordedLog();
  await using ends = await pair("udp://127.0.0.1:0", { logger });
  const { server, client } = ends;
  const called: string[] = [];
  server.assignCallback("EXPSTART", () => {
    called.push("first");
    throw new RangeError("on purpose");
  });
  server.assignCallback("EXPSTART", () => called.push("second"));
  server.assignCallback("EXPEND", async () => {
    await Promise.resolve();
    throw new Error("later");
  });
  const failed = client.onEvent(0);
  await client.start(REFERENCE);
  assert.deepEqual((await failed)[0], ["RangeError: on purpose", 2]);
  assert.deepEqual(called, ["first"]);
  const late = client.onEvent(0);
  await client.stop();
  assert.deepEqual((await late)[0], ["Error: later", 4]);
  await logger.line(/error: Callback for EXPSTART on udp:.* failed with "RangeError: on purpose"/);
  await logger.line(/info: Received '\[2, "2030-01-31_1_subject", null\]' from udp:/);
});

Deno.test("a server refuses schemes and peers that it does not have", async () => {
  for (const uri of ["http://127.0.0.1:0", "wss://127.0.0.1:0", "foo://127.0.0.1"]) {
    await rejects(EchoCommunicator.server(uri), "RangeError", /it is none of udp, tcp, ws/);
    await rejects(EchoCommunicator.client(uri), "RangeError", /./);
  }
  await rejects(EchoCommunicator.client("udp://127.0.0.1:0"), "RangeError", /the port "0"/);
  const peers = ["nas"];
  await rejects(
    EchoCommunicator.server("udp://127.0.0.1:0", { peers }),
    "RangeError",
    /no address/,
  );
  await using taken = await EchoCommunicator.server("udp://127.0.0.1:0");
  await rejects(EchoCommunicator.server(taken.serverUri), "SocketError", /EADDRINUSE/);
  const closed = await EchoCommunicator.server("tcp://127.0.0.1:0");
  await closed.close();
  await rejects(EchoCommunicator.client(closed.serverUri), "SocketError", /ECONNREFUSED/);
  const ws = closed.serverUri.replace("tcp", "ws");
  await rejects(EchoCommunicator.client(ws), "SocketError", /ECONNREFUSED/);
});

for (const proto of ["udp", "tcp", "ws"]) {
  Deno.test(`${proto}: a listed peer is let in however its address is written`, async () => {
    const peers = ["0:0:0:0:0:0:0:1"];
    await using server = await EchoCommunicator.server(`${proto}://[::1]:0`, { peers });
    await using client = await EchoCommunicator.client(`${proto}://[0:0::1]:${server.port}`);
    const prepared = server.onEvent("EXPINIT");
    await client.init(42);
    const [data, address] = await prepared;
    assert.deepEqual(data, [42]);
    await server.init(43, address);
  });
}

Deno.test("TCP and WebSocket peers that are not listed, or too many, are turned away", async () => {
  for (const proto of ["tcp", "ws"]) {
    await using strict = await EchoCommunicator.server(`${proto}://127.0.0.1:0`, {
      peers: ["::1"],
    });
    await Promise.resolve(EchoCommunicator.client(strict.serverUri)).then(async (client) => {
      await client.onConnectionLost;
      await client.close();
    }, () => {});
    assert.equal(strict.counters.foreign, 1);
    await using server = await EchoCommunicator.server(`${proto}://127.0.0.1:0`);
    await using clients = new AsyncDisposableStack();
    for (let count = 0; count < 64; count++) {
      const client = clients.use(await EchoCommunicator.client(server.serverUri));
      await client.status(0);
    }
    await Promise.resolve(EchoCommunicator.client(server.serverUri)).then(async (client) => {
      await client.onConnectionLost;
      await client.close();
    }, () => {});
    assert.equal(server.counters.refusedPeers, 1);
  }
});
