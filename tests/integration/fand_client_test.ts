import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { FandClient, type ShelfChange } from "../../mod.ts";
import {
  BadArgumentsError,
  ConnectionFailedError,
  FandConnectionResetError,
  FandTimeoutError,
  ShelfNoOverrideError,
  ShelfNotFoundError,
  StoreError,
} from "../../src/errors.ts";
import { Request } from "../../src/wire/request.ts";
import { RawPeer } from "../support/raw_peer.ts";
import { serve, type ServeOptions, testSensor, type TestServer } from "../support/serve.ts";

const WARM = { shelves: ["nas", "attic"], tempsC: { nas: 50, attic: 30 } };

/** A server and a client of it that has seen both shelves decided. */
async function serving(
  options: ServeOptions = WARM,
): Promise<AsyncDisposable & { server: TestServer; fand: FandClient }> {
  const server = serve(options);
  const fand = new FandClient({ port: server.port, name: "a test" });
  for await (const { state } of fand.watch("nas")) if (state === "duty") break;
  return {
    server,
    fand,
    async [Symbol.asyncDispose]() {
      await fand.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** The next change for which `isWanted` holds. */
async function until(
  changes: AsyncGenerator<ShelfChange>,
  isWanted: (change: ShelfChange) => boolean,
): Promise<ShelfChange> {
  for (;;) {
    const { value, done } = await changes.next();
    ok(!done, "the watch has ended");
    if (isWanted(value)) return value;
  }
}

Deno.test("FandClient asks what a program wants to know", async () => {
  await using both = await serving();
  const { fand } = both;
  deepEqual(await fand.list(), ["attic", "nas"]);
  equal(await fand.getPwm("nas"), 50);
  equal(await fand.getRpm("nas"), null);
  const status = await fand.status("nas");
  equal(status.percent, 50);
  equal(status.sensors[0]?.tempC, 50);
  deepEqual((await fand.statuses()).map(({ shelf }) => shelf), ["attic", "nas"]);
  const { because, steps, decidedAt } = await fand.why("nas");
  equal(because, status.causes[0]?.text);
  ok(steps.some(({ what, value }) => what === "sensor" && value === 50));
  equal(decidedAt, null);
  const { protocol, requests, limits } = await fand.server();
  equal(protocol[0], 1);
  ok(requests.includes("history"));
  equal(limits.get("page"), 100);
  deepEqual(await fand.profiles(), ["normal"]);
  equal(await fand.profile(), null);
  deepEqual(await fand.alerts(), []);
  await rejects(fand.acknowledgeAlert("hot"), BadArgumentsError);
  await rejects(fand.history("nas", new Date(Date.now() - 60_000)), StoreError);
  await rejects(fand.getPwm("cellar"), ShelfNotFoundError);
  deepEqual(await fand.call(Request.GET_PWM, ["attic"]), [Request.SET_PWM, ["attic", 30]]);
});

Deno.test("FandClient orders a duty, lets it end and takes it back", async () => {
  await using both = await serving();
  const { fand } = both;
  equal(await fand.setPwmOverride("nas", 70, { reason: "a recording" }), null);
  const { override } = await fand.status("nas");
  equal(override?.percent, 70);
  equal(override?.reason, "a recording");
  ok(override?.owner.startsWith("a test at 127.0.0.1:"));
  const expire = new Date("2099-01-01T00:00:00Z");
  equal(await fand.setPwmExpire("nas", expire), null);
  deepEqual((await fand.status("nas")).override?.expires, expire);
  deepEqual((await fand.setPwmOverride("nas", 5))?.percent, 20);
  equal(await fand.setPwmOverride("nas", null), null);
  await rejects(fand.setPwmExpire("nas", null), ShelfNoOverrideError);
});

Deno.test("a watch tells the state of now and every change, and no change twice", async () => {
  await using both = await serving();
  const { server, fand } = both;
  const changes = fand.watch("nas");
  deepEqual((await changes.next()).value, {
    shelf: "nas",
    state: "duty",
    percent: 50,
    urgentPercent: 0,
  });
  await fand.setPwmOverride("nas", 60);
  equal((await changes.next()).value?.percent, 60);
  server.tempsC.set("nas", 95);
  const hot = await until(changes, ({ percent }) => percent === 100);
  equal(hot.urgentPercent, 100);
  await changes.return();
});

Deno.test("who takes changes slowly gets the newest, and two watches of a shelf do not mix", async () => {
  await using both = await serving();
  const { fand } = both;
  const [slow, other] = [fand.watch("nas"), fand.watch("nas")];
  equal((await slow.next()).value?.percent, 50);
  equal((await other.next()).value?.percent, 50);
  for (const percent of [61, 62, 63]) {
    await fand.setPwmOverride("nas", percent);
    await until(other, (change) => change.percent === percent);
  }
  equal((await slow.next()).value?.percent, 63);
  await other.return();
  await fand.setPwmOverride("nas", 64);
  equal((await slow.next()).value?.percent, 64);
  await slow.return();
});

Deno.test("a watch goes on over a restart of the server; what was known is lost in between", async () => {
  // Readings are soon too old, so that what is known is soon lost.
  const quick = { ...testSensor("nas"), intervalMs: 100, timeoutMs: 50, misses: 1 };
  const config = { heartbeatMs: 100, tickMs: 100, sensors: [quick] };
  const first = serve({ config, tempsC: { nas: 50 } });
  const { port } = first;
  await using fand = new FandClient({ port });
  const changes = fand.watch("nas");
  await until(changes, ({ state }) => state === "duty");
  await first[Symbol.asyncDispose]();
  equal((await until(changes, ({ state }) => state !== "duty")).state, "lost");
  await using _second = serve({ config: { ...config, port }, tempsC: { nas: 55 } });
  equal((await until(changes, ({ state }) => state === "duty")).percent, 55);
  equal(await fand.getPwm("nas"), 55);
  await changes.return();
});

Deno.test("a watch ends with why when its shelf is gone after a restart", async () => {
  const first = serve(WARM);
  await using fand = new FandClient({ port: first.port });
  const changes = fand.watch("attic");
  await until(changes, ({ state }) => state === "duty");
  const { port } = first;
  await first[Symbol.asyncDispose]();
  await using _second = serve({ config: { port }, tempsC: { nas: 50 } });
  await rejects(until(changes, () => false), ShelfNotFoundError);
});

Deno.test("a question is asked again over another connection, an order is not", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using fand = new FandClient({ port: listener.addr.port });
  /** Answers `hello`, and cuts the line at the question after it. */
  const cutAtQuestion = async () => {
    using peer = new RawPeer(await listener.accept());
    await answerHello(peer);
    const message = await peer.receive();
    peer.close();
    return message;
  };
  const [asked, percent] = [cutAtQuestion(), fand.getPwm("nas")];
  equal((await asked)?.request, Request.GET_PWM);
  using second = new RawPeer(await listener.accept());
  await answerHello(second);
  const again = await second.receive();
  await second.send(Request.SET_PWM, ["nas", 41], again?.id);
  equal(await percent, 41);

  const order = fand.setPwmOverride("nas", 60);
  equal((await second.receive())?.request, Request.SET_PWM_OVERRIDE);
  second.close();
  await rejects(order, FandConnectionResetError);
});

Deno.test("a server without hello is one of protocol 1.0; one of another major is refused", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using old = new FandClient({ port: listener.addr.port });
  const info = old.server();
  using peer = new RawPeer(await listener.accept());
  const hello = await peer.receive();
  await peer.send(Request.ERROR, ["unknown_request", 'Cannot do "hello"'], hello?.id);
  const ping = await peer.receive();
  await peer.send(Request.ACK, [], ping?.id);
  deepEqual((await info).protocol, [1, 0]);

  await using other = new FandClient({ port: listener.addr.port });
  const refused = rejects(other.ping(), BadArgumentsError);
  using newer = new RawPeer(await listener.accept());
  const asked = await newer.receive();
  await newer.send(Request.ERROR, ["bad_arguments", 'Cannot do "hello": protocol 1'], asked?.id);
  await refused;
});

Deno.test("a signal and a time limit end every wait, and the client goes on", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using fand = new FandClient({ port: listener.addr.port });
  const controller = new AbortController();
  const reason = new Error("enough");
  const { signal } = controller;
  const asked = fand.getPwm("nas", { signal });
  const changes = fand.watch("nas", { signal });
  const watched = changes.next();
  using peer = new RawPeer(await listener.accept());
  await answerHello(peer);
  await peer.receive();
  controller.abort(reason);
  await rejects(asked, reason);
  await rejects(watched, reason);
  await rejects(fand.ping({ timeoutMs: 20 }), FandTimeoutError);
  const list = fand.list();
  let message = await peer.receive();
  while (message?.request !== Request.LIST) message = await peer.receive();
  await peer.send(Request.LIST, [["nas"], null], message.id);
  deepEqual(await list, ["nas"]);
});

Deno.test("without a server the first question fails at once; after close, every one", async () => {
  const port = (() => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    return listener.addr.port;
  })();
  const fand = new FandClient({ port });
  await rejects(fand.ping(), ConnectionFailedError);
  await fand.close();
  await rejects(fand.ping(), FandConnectionResetError);
});

Deno.test("close ends watches, and tells the server", async () => {
  await using both = await serving();
  const { server, fand } = both;
  const changes = fand.watch("nas");
  await changes.next();
  const waiting = changes.next();
  await fand.close();
  equal((await waiting).done, true);
  equal(server.server.clients, 0);
});

async function answerHello(peer: RawPeer): Promise<void> {
  const message = await peer.receive();
  equal(message?.request, Request.HELLO);
  await peer.send(Request.HELLO, [{ protocol: [1, 2], server: "a test" }], message?.id);
}
