/** What a session does when time passes, when lines end and when things go wrong. */

import assert from "node:assert/strict";
import { silentLog } from "../../../src/log.ts";
import { DEFAULT_LIMITS } from "../../../src/config/config.ts";
import { newGrant } from "../../../src/server/access/grant.ts";
import type { Line, Origin } from "../../../src/server/doors/door.ts";
import { newCounters } from "../../../src/server/sessions/counters.ts";
import { Session } from "../../../src/server/sessions/session.ts";
import { openStore, type Store } from "../../../src/server/store/store.ts";
import { Turns } from "../../../src/server/sessions/turns.ts";
import { encodeMessage } from "../../../src/wire/message.ts";
import { RecordedLog } from "../../support/recorded_log.ts";
import { serve } from "../../support/serve.ts";
import { until } from "../../support/until.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const LOCAL: Origin = {
  way: "tcp",
  peer: "127.0.0.1:1",
  host: "127.0.0.1",
  isLocal: true,
  certificate: null,
};

const PING = encodeMessage("ping", []);

const joined = (...pieces: Uint8Array[]) => new Uint8Array(pieces.flatMap((piece) => [...piece]));

Deno.test("a silent client is told to go after its time; one that asks or subscribes is not", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, limits: { idleMs: 5000 }, tempsC: { nas: 40 } });
  const silent = await served.connect();
  const asking = await served.connect();
  const subscriber = await served.connect();
  await silent.ask("ping");
  await subscriber.ask("subscribe", "nas");
  await asking.ask("ping");
  await clock.advance(4000);
  await asking.ask("ping");
  await clock.advance(1500);
  const [request, [reason]] = await silent.next();
  assert.equal(request, "disconnect");
  assert.match(String(reason), /^Cannot wait: no request within 5000 ms; /);
  assert.equal(await silent.receive(), null);
  assert.deepEqual(await asking.ask("ping"), ["ack", []]);
  await clock.advance(60_000);
  assert.equal((await subscriber.next())[0], "duty");
  assert.equal(served.server.counters.idleClosed, 2);
});

Deno.test("a frame that stays unfinished ends the connection, with the reason", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, limits: { frameMs: 3000 } });
  const client = await served.connect();
  await client.write(joined(PING, PING.subarray(0, 7)));
  assert.deepEqual(await client.next(), ["ack", []]);
  await clock.advance(3000);
  assert.equal(served.server.counters.frameLate, 0);
  await clock.advance(500);
  const [request, [reason]] = await client.next();
  assert.equal(request, "disconnect");
  assert.match(String(reason), /a frame is unfinished after 3000 ms/);
  assert.equal(await client.receive(), null);
  assert.equal(served.server.counters.frameLate, 1);
});

Deno.test("a frame's time begins with the frame, however reads cut the stream", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, limits: { frameMs: 3000 } });
  const client = await served.connect();
  await client.write(joined(PING, PING.subarray(0, 5)));
  await client.next();
  for (let round = 0; round < 5; round++) {
    await clock.advance(2500);
    await client.write(joined(PING.subarray(5), PING, PING.subarray(0, 5)));
    assert.deepEqual(await client.next(), ["ack", []]);
    assert.deepEqual(await client.next(), ["ack", []]);
  }
});

Deno.test("a frame's time does not run while the requests before it are met", async () => {
  const clock = new VirtualClock();
  const store: Store = Object.assign(openStore(null, { clock }), {
    saveOverride: () => clock.skip(100),
  });
  await using served = serve({ clock, store, limits: { frameMs: 3000 } });
  const client = await served.connect();
  const order = encodeMessage("set_pwm_override", ["nas", 50]);
  const count = 70;
  await client.write(joined(...Array.from({ length: count }, () => order), PING.subarray(0, 5)));
  for (let met = 0; met < count; met++) assert.equal((await client.next())[0], "ack");
  await clock.advance(500);
  await client.write(PING.subarray(5));
  assert.deepEqual(await client.next(), ["ack", []]);
});

Deno.test("a standstill of the server is not its clients' silence", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, limits: { frameMs: 3000 } });
  const client = await served.connect();
  await client.write(joined(PING, PING.subarray(0, 5)));
  assert.deepEqual(await client.next(), ["ack", []]);
  clock.skip(10_000);
  await clock.advance(0);
  await client.write(PING.subarray(5));
  assert.deepEqual(await client.next(), ["ack", []]);
});

Deno.test("a client that does not read is cut off after its time", async () => {
  const clock = new VirtualClock();
  const shelves = Array.from({ length: 100 }, (_, index) => `shelf ${index}`);
  await using served = serve({ clock, shelves, limits: { writeMs: 2000 } });
  const client = await served.connect();
  const requests = joined(...Array.from({ length: 500 }, () => encodeMessage("status", [])));
  const writing = client.write(requests).catch(() => {});
  await until(async () => {
    await clock.advance(500);
    return served.server.counters.writeLate === 1;
  }, "a write that is late");
  await writing;
  await until(() => served.server.clients === 0, "the client's end");
});

Deno.test("replies to what came before a client's disconnect are sent", async () => {
  await using served = serve();
  const client = await served.connect();
  await client.write(joined(PING, PING, encodeMessage("disconnect", [null]), PING));
  assert.deepEqual(await client.next(), ["ack", []]);
  assert.deepEqual(await client.next(), ["ack", []]);
  assert.equal(await client.receive().catch(() => null), null);
});

Deno.test("frames before a fault are answered, then the fault", async () => {
  await using served = serve();
  const client = await served.connect();
  await client.write(joined(PING, PING, new Uint8Array([0, 0, 0, 1, 0xff]), PING));
  assert.deepEqual(await client.next(), ["ack", []]);
  assert.deepEqual(await client.next(), ["ack", []]);
  assert.equal((await client.next())[0], "disconnect");
  assert.equal(await client.receive(), null);
});

Deno.test("a stopping server tells every client and does nothing more that it is asked", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 40 } });
  const clients = await Promise.all(Array.from({ length: 20 }, () => served.connect()));
  for (const client of clients) await client.ask("ping");
  const stopped = served.server.stop();
  for (const client of clients) {
    assert.deepEqual(await client.next(), ["disconnect", ["the server is stopping"]]);
    assert.equal(await client.receive(), null);
    await client.send("set_pwm_override", ["nas", 99]).catch(() => {});
  }
  for (const client of clients.slice(10)) client.close();
  await until(() => served.server.clients === 10, "the end of those who have closed");
  await clock.advance(499);
  assert.equal(served.server.clients, 10);
  await clock.advance(1);
  await stopped;
  assert.equal(served.server.clients, 0);
  assert.equal(served.server.controller.shelf("nas").override, null);
  assert.equal(clock.waiting, 0);
});

Deno.test("a failing store refuses the override, and what nobody foresaw is an internal error", async () => {
  let failure = new Error("disk on fire");
  const store: Store = {
    epoch: 1,
    loadOverrides: () => [],
    loadProfile: () => null,
    saveProfile() {},
    saveOverride() {
      throw failure;
    },
    close() {},
    [Symbol.dispose]() {},
  };
  const log = new RecordedLog();
  await using served = serve({ store, log, tempsC: { nas: 40 } });
  const client = await served.connect();
  const [request, [code, message]] = await client.ask("set_pwm_override", "nas", 60);
  assert.deepEqual([request, code], ["error", "internal"]);
  assert.doesNotMatch(String(message), /fire/);
  assert.ok(
    log.lines.some((line) => /^error: .*"set_pwm_override" failed: disk on fire/.test(line)),
  );
  const { StoreError } = await import("../../../src/errors.ts");
  failure = new StoreError("Cannot keep the override: the disk is full; make room");
  assert.equal((await client.ask("set_pwm_override", "nas", 60))[1][0], "store");
  assert.deepEqual(await client.ask("get_pwm", "nas"), ["set_pwm", ["nas", 40]]);
});

Deno.test("a reply is written however close to the end of another write it becomes ready", async () => {
  for (let steps = 0; steps < 10; steps++) await readSoonAfterWrite(steps);
});

/** Ends a read so many steps of the microtask queue after a write. */
async function readSoonAfterWrite(steps: number): Promise<void> {
  const clock = new VirtualClock();
  const writes: { bytes: Uint8Array; end: (count: number) => void }[] = [];
  const reads: { buffer: Uint8Array; end: (count: number | null) => void }[] = [];
  const line = {
    read: (buffer: Uint8Array) => new Promise((end) => reads.push({ buffer, end })),
    write: (bytes: Uint8Array) => new Promise((end) => writes.push({ bytes, end })),
    close() {},
  } as unknown as Line;
  const session = new Session({ line, origin: LOCAL }, {
    clock,
    log: silentLog,
    turns: new Turns(),
    counters: newCounters(),
    limits: DEFAULT_LIMITS,
    handle: () => ["ack", []],
    admit: () => newGrant({ name: null, proof: "local" }, "read"),
  });
  const ended = session.run();
  session.push("nas", PING);
  reads[0]?.buffer.set(PING);
  writes[0]?.end(PING.length);
  for (let step = 0; step < steps; step++) await Promise.resolve();
  reads[0]?.end(PING.length);
  await clock.advance(0);
  assert.equal(writes.length, 2, `${steps} steps`);
  writes[1]?.end(writes[1].bytes.length);
  await clock.advance(0);
  reads[1]?.end(null);
  await ended;
}
