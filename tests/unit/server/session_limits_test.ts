/** What clients of other machines may do at most. They come over loopback and are called far. */

import assert from "node:assert/strict";
import { DEFAULT_LIMITS, type ServerLimits } from "../../../src/config/config.ts";
import { silentLog } from "../../../src/log.ts";
import { newGrant } from "../../../src/server/access/grant.ts";
import type { Arrival } from "../../../src/server/doors/door.ts";
import { TcpDoor } from "../../../src/server/doors/tcp_door.ts";
import { newCounters } from "../../../src/server/sessions/counters.ts";
import { Pace } from "../../../src/server/sessions/pace.ts";
import { Sessions } from "../../../src/server/sessions/sessions.ts";
import { Turns } from "../../../src/server/sessions/turns.ts";
import { encodeMessage } from "../../../src/wire/message.ts";
import { Client, serve } from "../../support/serve.ts";
import { until } from "../../support/until.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const PING = encodeMessage("ping", []);
const many = (count: number) => {
  const bytes = new Uint8Array(PING.length * count);
  for (let index = 0; index < count; index++) bytes.set(PING, index * PING.length);
  return bytes;
};

/** Says of everybody that they come from elsewhere. */
class FarDoor extends TcpDoor {
  host = "192.0.2.1";

  override async accept(): Promise<Arrival> {
    const { line, origin } = await super.accept();
    return { line, origin: { ...origin, host: this.host, isLocal: false } };
  }
}

/** Sessions behind a door to far clients, all of whose requests are acknowledged. */
class FarSessions implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly counters = newCounters();
  readonly door = new FarDoor("127.0.0.1", 0);
  readonly sessions: Sessions;
  readonly #running: Promise<void>;
  readonly #clients: Client[] = [];

  constructor(limits: Partial<ServerLimits>, handle: () => ["ack", []] | null = () => ["ack", []]) {
    const all = { ...DEFAULT_LIMITS, agentMs: 10_000, ...limits };
    const services = {
      clock: this.clock,
      log: silentLog,
      turns: new Turns(),
      counters: this.counters,
      limits: all,
      handle,
      admit: () => newGrant({ name: null, proof: "local" }, "read"),
    };
    this.sessions = new Sessions([this.door], services, all, () => {});
    this.#running = this.sessions.run();
  }

  async connect(): Promise<Client> {
    const { port } = this.door.address;
    const client = new Client(await Deno.connect({ hostname: "127.0.0.1", port }));
    this.#clients.push(client);
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.close();
    const stopped = this.sessions.stop("the test is over");
    await this.clock.advance(1000);
    await stopped;
    await this.#running;
  }
}

Deno.test("Pace lets a second's worth through at once and then so much a second", () => {
  const pace = new Pace({ framesPerS: 100, bytesPerS: 10_000 });
  assert.equal(pace.take(5000, 100, 1000), 0);
  assert.equal(pace.take(5000, 1, 10), 10);
  assert.equal(pace.take(5010, 100, 100), 1000);
  assert.equal(pace.take(6010, 0, 20_000), 2000);
  // A minute later only one second is there to spend.
  assert.equal(pace.take(66_010, 150, 0), 500);
});

/** Has a thousand requests met, moving time on as far as it takes; the milliseconds. */
async function thousand(far: FarSessions, others: () => Promise<unknown>): Promise<number> {
  const client = await far.connect();
  await client.write(many(1000));
  await until(() => far.counters.throttled > 0, "the wait");
  let answered = 0;
  const reading = (async () => {
    for (; answered < 1000; answered++) await client.next();
  })();
  while (answered < 1000) {
    await far.clock.advance(100);
    await others();
  }
  await reading;
  return far.clock.monotonicMs();
}

Deno.test("a far client that asks too fast is slowed down, and nobody else", async () => {
  await using far = new FarSessions({ framesPerS: 100 });
  const calm = await far.connect();
  const tookMs = await thousand(far, () => calm.ask("ping"));
  assert.ok(tookMs >= 3000 && tookMs <= 11_000, `${tookMs} ms`);
});

Deno.test("a far client that sends too many bytes is slowed down as well", async () => {
  await using far = new FarSessions({ bytesPerS: 1024 });
  const calm = await far.connect();
  const tookMs = await thousand(far, () => calm.ask("ping"));
  assert.ok(tookMs >= 3000 && tookMs <= 11_000, `${tookMs} ms`);
});

Deno.test("a client on this machine may ask as fast as it likes", async () => {
  await using served = serve({ limits: { framesPerS: 10, bytesPerS: 1024 } });
  const client = await served.connect();
  const writing = client.write(many(5000));
  for (let reply = 0; reply < 5000; reply++) await client.next();
  await writing;
  assert.equal(served.server.counters.throttled, 0);
});

Deno.test("a server that stops does not wait for a client that waits", async () => {
  const far = new FarSessions({ framesPerS: 10 });
  const client = await far.connect();
  await client.write(many(1000));
  await until(() => far.counters.throttled === 1, "the wait");
  await far[Symbol.asyncDispose]();
  assert.equal(far.sessions.size, 0);
});

Deno.test("one address of another machine has so many connections, and others have theirs", async () => {
  await using far = new FarSessions({ clientsPerAddress: 2 });
  const first = await far.connect();
  await first.ask("ping");
  await (await far.connect()).ask("ping");
  const third = await far.connect();
  assert.deepEqual(await third.next(), ["disconnect", [
    "Cannot serve this client: 2 clients of 192.0.2.1 are connected; close some or raise " +
    '"limits.clients_per_address"',
  ]]);
  assert.equal(far.counters.refusedByAddress, 1);
  far.door.host = "192.0.2.2";
  assert.deepEqual(await (await far.connect()).ask("ping"), ["ack", []]);
  far.door.host = "192.0.2.1";
  first.close();
  await until(() => far.sessions.size === 2, "the end of the first");
  assert.deepEqual(await (await far.connect()).ask("ping"), ["ack", []]);
});

Deno.test("so many requests may wait for their answers, and no more", async () => {
  await using far = new FarSessions({ outstanding: 2 }, () => null);
  const client = await far.connect();
  for (let id = 0; id < 3; id++) await client.send("history", [], id);
  const reply = await client.receive();
  assert.deepEqual([reply?.request, reply?.args[0], reply?.id], ["error", "limit", 2]);
  assert.match(String(reply?.args[1]), /2 requests of this connection wait for their answers/);
  assert.equal(far.counters.outstandingRefused, 1);
});

Deno.test("one connection subscribes to so many shelves", async () => {
  const shelves = ["a", "b", "c"];
  const tempsC = { a: 40, b: 40, c: 40 };
  await using served = serve({ shelves, tempsC, limits: { subscriptions: 2 } });
  const client = await served.connect();
  for (const shelf of ["a", "b", "a"]) {
    assert.equal((await client.ask("subscribe", shelf))[0], "ack");
    assert.equal((await client.next())[0], "duty");
  }
  const [request, [code, message]] = await client.ask("subscribe", "c");
  assert.deepEqual([request, code], ["error", "limit"]);
  assert.match(String(message), /this connection has 2 shelves; .*"limits\.subscriptions"/);
  await client.ask("unsubscribe", "a");
  assert.equal((await client.ask("subscribe", "c"))[0], "ack");
  assert.equal(served.server.counters.subscriptionsRefused, 1);
});

Deno.test("counters tell what has happened", async () => {
  await using served = serve({ limits: { clients: 2, subscriptions: 1 } });
  const client = await served.connect();
  await client.ask("ping");
  const bad = await served.connect();
  await bad.writeHex("00000000");
  await bad.receive();
  await until(() => served.server.clients === 1, "the end of the bad one");
  await (await served.connect()).ask("ping");
  await (await served.connect()).receive();
  const [request, [counters]] = await client.ask("counters");
  assert.equal(request, "counters");
  const { tick_delay_ms: _last, tick_delay_most_ms: _most, ...rest } = counters as Record<
    string,
    number
  >;
  assert.deepEqual(rest, {
    clients: 2,
    accepted: 3,
    refused: 1,
    refused_by_address: 0,
    accept_failed: 0,
    idle_closed: 0,
    agent_silent: 0,
    frame_late: 0,
    write_late: 0,
    corrupted: 1,
    throttled: 0,
    subscriptions_refused: 0,
    outstanding_refused: 0,
    proofs_failed: 0,
    turns_waited: 0,
    ticks_late: 0,
  });
  assert.equal((await client.ask("counters", 1))[1][0], "bad_arguments");
});
