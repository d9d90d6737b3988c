/** Many clients of one server at a time, well and badly behaved, over real sockets. */

import assert from "node:assert/strict";
import { encodeMessage } from "../../src/wire/message.ts";
import type { WireValue } from "../../src/wire/value.ts";
import { type Client, serve, testConfig, testSensor, testShelf } from "../support/serve.ts";
import { until } from "../support/until.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

const named = (count: number) =>
  Array.from({ length: count }, (_, index) => `shelf ${String(index).padStart(5, "0")}`);

const temps = (names: string[], tempC: number) =>
  Object.fromEntries(names.map((name) => [name, tempC]));

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}

/** Reads and counts until the server has closed. */
async function countToEnd(client: Client): Promise<number> {
  let count = 0;
  while (await client.receive() !== null) count++;
  return count;
}

Deno.test("50 of 50 connections are served, each in its own order", async () => {
  await using served = serve({ tempsC: { nas: 40 } });
  const clients = await Promise.all(Array.from({ length: 50 }, () => served.connect()));
  await Promise.all(clients.map(async (client, index) => {
    for (let round = 0; round < 40; round++) {
      await client.send("ping", [], index * 1000 + round);
      const reply = await client.receive();
      assert.deepEqual(reply, { request: "ack", args: [], id: index * 1000 + round });
    }
  }));
  assert.equal(served.server.clients, 50);
  assert.equal(served.server.counters.accepted, 50);
});

Deno.test("2000 requests in one write get 2000 replies in their order", async () => {
  await using served = serve({ tempsC: { nas: 40 } });
  const client = await served.connect();
  const frames = Array.from({ length: 2000 }, (_, id) => {
    if (id % 3 === 0) return encodeMessage("ping", [], id);
    return encodeMessage("get_pwm", [id % 3 === 1 ? "nas" : "unknown"], id);
  });
  const writing = client.write(joined(frames));
  for (let id = 0; id < 2000; id++) {
    const reply = await client.receive();
    assert.deepEqual([reply?.request, reply?.id], [["ack", "set_pwm", "error"][id % 3], id]);
  }
  await writing;
});

Deno.test("a frame may come byte by byte, and several may be cut anywhere", async () => {
  await using served = serve({ tempsC: { nas: 40 } });
  const client = await served.connect();
  const frame = encodeMessage("get_pwm", ["nas"], 5);
  for (const byte of frame) await client.write(new Uint8Array([byte]));
  assert.deepEqual(await client.receive(), { request: "set_pwm", args: ["nas", 40], id: 5 });
  const three = joined([frame, frame, frame]);
  for (let cut = 1; cut < three.length; cut++) {
    await client.write(three.subarray(0, cut));
    await client.write(three.subarray(cut));
    for (let reply = 0; reply < 3; reply++) assert.equal((await client.receive())?.id, 5);
  }
});

Deno.test("a client that has closed its sending side still gets its replies", async () => {
  await using served = serve({ tempsC: { nas: 40 } });
  const client = await served.connect();
  await client.write(joined(Array.from({ length: 500 }, () => encodeMessage("get_pwm", ["nas"]))));
  await client.socket.closeWrite();
  assert.equal(await countToEnd(client), 500);
  await until(() => served.server.clients === 0, "the end of the session");
});

Deno.test("a client that closes within a frame is forgotten without a word", async () => {
  await using served = serve();
  const client = await served.connect();
  await client.write(encodeMessage("ping", []).subarray(0, 6));
  await client.socket.closeWrite();
  assert.equal(await client.receive(), null);
  await until(() => served.server.clients === 0, "the end of the session");
});

Deno.test("a subscriber that does not read gets the newest state, never a backlog", async () => {
  const clock = new VirtualClock();
  const shelves = named(100);
  const limits = { writeMs: 3_600_000 };
  await using served = serve({ clock, shelves, limits, tempsC: temps(shelves, 40) });
  const lazy = await served.connect();
  const keen = await served.connect();
  for (const shelf of shelves) {
    await lazy.send("subscribe", [shelf]);
    await keen.ask("subscribe", shelf);
    await keen.next();
  }
  // Replies that nobody reads fill the buffers on the way; from then on pushes wait.
  const writing = lazy.write(
    joined(Array.from({ length: 300 }, () => encodeMessage("status", []))),
  );
  await keen.ask("ping");
  for (let percent = 20; percent <= 80; percent++) {
    for (const shelf of shelves) served.tempsC.set(shelf, percent);
    await clock.advance(1000);
  }
  const pushes: WireValue[][] = [];
  for (let replies = 0; replies < 300;) {
    const [request, args] = await lazy.next();
    if (request === "duty") pushes.push(args);
    if (request === "status") replies++;
  }
  await writing;
  await lazy.send("ping");
  for (let next = await lazy.next(); next[0] !== "ack"; next = await lazy.next()) {
    pushes.push(next[1]);
  }
  assert.equal(pushes.at(-1)?.[1], 80);
  assert.ok(pushes.length < 20 * shelves.length, `${pushes.length} pushes for 61 changes`);
});

Deno.test("a client that does not read delays nobody else", async () => {
  const shelves = named(100);
  await using served = serve({ shelves, tempsC: temps(shelves, 40) });
  const lazy = await Promise.all(Array.from({ length: 5 }, () => served.connect()));
  const flood = joined(Array.from({ length: 1000 }, () => encodeMessage("status", [])));
  const writing = lazy.map((client) => client.write(flood).catch(() => {}));
  const keen = await served.connect();
  for (let round = 0; round < 200; round++) await keen.ask("ping");
  for (const client of lazy) client.close();
  await Promise.all(writing);
  await until(() => served.server.clients === 1, "the end of the others");
  assert.deepEqual(await keen.ask("ping"), ["ack", []]);
});

Deno.test("clients that are silent, send a byte, never read, or come and go delay nobody else", async () => {
  const shelves = named(20);
  await using served = serve({ shelves, tempsC: temps(shelves, 40), limits: { clients: 2000 } });
  const [first = ""] = shelves;
  const agent = await served.connect();
  assert.equal((await agent.ask("subscribe", first))[0], "ack");
  await agent.next();
  const silent = await Promise.all(Array.from({ length: 1000 }, () => served.connect()));
  const slow = await Promise.all(Array.from({ length: 50 }, () => served.connect()));
  for (const client of slow) await client.write(encodeMessage("ping", []).subarray(0, 1));
  const deaf = await Promise.all(Array.from({ length: 10 }, () => served.connect()));
  const flood = joined(Array.from({ length: 500 }, () => encodeMessage("status", [])));
  const writing = deaf.map((client) => client.write(flood).catch(() => {}));
  let isOver = false;
  const restless = Promise.all(Array.from({ length: 2 }, async () => {
    while (!isOver) (await Deno.connect({ hostname: "127.0.0.1", port: served.port })).close();
  }));
  const asker = await served.connect();
  for (let round = 0; round < 40; round++) {
    assert.deepEqual(await asker.ask("ping"), ["ack", []]);
    const percent = 50 + round % 2;
    await asker.ask("set_pwm_override", first, percent);
    let pushed = await agent.next();
    while (pushed[1][1] !== percent) pushed = await agent.next();
  }
  isOver = true;
  await restless;
  for (const client of [...silent, ...slow, ...deaf]) client.close();
  await Promise.all(writing);
  await until(() => served.server.clients === 2, "the end of the others");
  assert.equal(served.server.counters.refused, 0);
});

Deno.test("nothing that clients do delays a tick by as much as its period", async () => {
  const shelves = named(1000);
  const config = { tickMs: 500 };
  await using served = serve({ shelves, tempsC: temps(shelves, 40), config });
  const [first = ""] = shelves;
  const subscribers = await Promise.all(Array.from({ length: 100 }, () => served.connect()));
  const reading = subscribers.map(async (client) => {
    await client.send("subscribe", [first]);
    await countToEnd(client);
  });
  const requests = [
    [encodeMessage("status", [])],
    [encodeMessage("ping", [])],
    [
      encodeMessage("set_pwm_override", [first, 50]),
      encodeMessage("set_pwm_override", [first, 60]),
    ],
  ];
  const greedy = await Promise.all(requests.map(() => served.connect()));
  const before = served.elapsedMs.length;
  const flooding = greedy.map((client, index) => {
    const block = joined(Array.from({ length: 2000 }, () => requests[index] ?? []).flat());
    const writing = (async () => {
      for (;;) await client.write(block);
    })().catch(() => {});
    return Promise.all([writing, countToEnd(client).catch(() => 0)]);
  });
  await until(() => served.elapsedMs.length >= before + 6, "six ticks", 60_000);
  const late = served.server.controller.lateTicks;
  for (const client of [...greedy, ...subscribers]) client.close();
  await Promise.all([...flooding, ...reading.map((each) => each.catch(() => {}))]);
  assert.equal(late, 0, `ticks came after ${served.elapsedMs.map(Math.round)} ms`);
});

Deno.test("connections beyond the cap are told so at once, and let in when there is room", async () => {
  await using served = serve({ limits: { clients: 3 } });
  const clients = await Promise.all([served.connect(), served.connect(), served.connect()]);
  for (const client of clients) await client.ask("ping");
  for (let round = 0; round < 30; round++) {
    const refused = await served.connect();
    // What a client has sent already must not cost it the reason.
    await refused.send("hello", [{ protocol: [1, 0] }]).catch(() => {});
    const [request, [reason]] = await refused.next();
    assert.equal(request, "disconnect");
    assert.equal(
      reason,
      'Cannot serve this client: 3 clients are connected; try again later or raise "limits.clients"',
    );
    assert.equal(await refused.receive(), null);
    refused.close();
  }
  assert.equal(served.server.counters.refused, 30);
  for (const client of clients) assert.deepEqual(await client.ask("ping"), ["ack", []]);
  clients[0]?.close();
  await until(() => served.server.clients === 2, "room for one");
  const admitted = await served.connect();
  assert.deepEqual(await admitted.ask("ping"), ["ack", []]);
});

Deno.test("two reporters on one shelf: the second is refused until the first has gone", async () => {
  await using served = serve();
  const first = await served.connect();
  const second = await served.connect();
  assert.deepEqual(await first.ask("set_rpm", "nas", 900), ["ack", []]);
  const [request, [code]] = await second.ask("set_rpm", "nas", 1800);
  assert.deepEqual([request, code], ["error", "not_owner"]);
  first.close();
  await until(
    async () => (await second.ask("set_rpm", "nas", 1800))[0] === "ack",
    "the second reporter's turn",
  );
  assert.deepEqual(await second.ask("get_rpm", "nas"), ["set_rpm", ["nas", 1800]]);
});

Deno.test("list and status page through 10 000 shelves, each once and in order", async () => {
  const shelves = named(10_000);
  await using served = serve({ shelves, tempsC: temps(shelves, 40), config: { tickMs: 60_000 } });
  const client = await served.connect();
  for (const request of ["list", "status"]) {
    const seen: string[] = [];
    let cursor: WireValue = null;
    do {
      const args: WireValue[] = request === "list" ? [cursor] : [null, cursor];
      const [reply, [page, next]] = await client.ask(request, ...args) as [
        string,
        [(string | { shelf: string })[], string | null],
      ];
      assert.equal(reply, request);
      assert.ok(page.length > 0 && page.length <= 100);
      seen.push(...page.map((entry) => typeof entry === "string" ? entry : entry.shelf));
      cursor = next;
    } while (cursor !== null);
    assert.deepEqual(seen, shelves);
  }
});

Deno.test("10 000 shelves with ten sensors each are decided without a late tick", async () => {
  const shelves = named(10_000);
  const config = testConfig({ shelves: [] });
  config.tickMs = 1000;
  config.sensors = shelves.flatMap((shelf) => tenSensors(shelf).map(testSensor));
  config.shelves = shelves.map((shelf) => testShelf(shelf, tenSensors(shelf)));
  const tempsC = temps(config.sensors.map(({ name }) => name), 40);
  await using served = serve({ config, tempsC });
  const client = await served.connect();
  await until(() => served.elapsedMs.length > 3, "three ticks", 60_000);
  const [last = ""] = shelves.slice(-1);
  assert.deepEqual(await client.ask("get_pwm", last), ["set_pwm", [last, 40]]);
  assert.equal(served.server.controller.lateTicks, 0);
});

function tenSensors(shelf: string): string[] {
  return Array.from({ length: 10 }, (_, index) => `${shelf} ${index}`);
}

Deno.test("2000 connections one after the other leave nothing behind", async () => {
  await using served = serve({ tempsC: { nas: 40 } });
  for (let round = 0; round < 200; round++) {
    const clients = await Promise.all(Array.from({ length: 10 }, () => served.connect()));
    await Promise.all(clients.map((client) => client.ask("subscribe", "nas")));
    for (const client of clients) client.close();
  }
  await until(() => served.server.clients === 0, "the end of all sessions");
  assert.equal(served.server.counters.accepted, 2000);
});
