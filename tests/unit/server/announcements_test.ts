/** What subscribers are told and when, on a virtual clock and real sockets. */

import assert from "node:assert/strict";
import type { WireValue } from "../../../src/wire/value.ts";
import { RecordedLog } from "../../support/recorded_log.ts";
import { type Client, serve, testConfig, testSensor } from "../../support/serve.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

interface Duty {
  shelf: string;
  percent: number;
  epoch: number;
  seq: number;
  ageMs: number;
  ttlMs: number;
}

/** The next message, which must be a duty. */
async function nextDuty(client: Client): Promise<Duty> {
  const [request, args] = await client.next();
  assert.equal(request, "duty");
  const [shelf, percent, epoch, seq, ageMs, ttlMs] = args as [string, ...number[]];
  return { shelf, percent, epoch, seq, ageMs, ttlMs } as Duty;
}

/** Everything pushed until now, newest last: what comes before the answer to a ping. */
async function pushed(client: Client): Promise<[string, WireValue[]][]> {
  await client.send("ping");
  const pushes: [string, WireValue[]][] = [];
  for (let next = await client.next(); next[0] !== "ack"; next = await client.next()) {
    pushes.push(next);
  }
  return pushes;
}

Deno.test("a subscriber is told at once, on every change, and at every heartbeat", async () => {
  const clock = new VirtualClock();
  const config = { tickMs: 1000, heartbeatMs: 700 };
  await using served = serve({ clock, tempsC: { nas: 40 }, config });
  const client = await served.connect();
  assert.deepEqual(await client.ask("subscribe", "nas"), ["ack", []]);
  const first = await nextDuty(client);
  assert.deepEqual([first.shelf, first.percent, first.ageMs], ["nas", 40, 0]);
  const percents = [];
  const ages = [];
  for (const stepMs of [700, 300, 400, 600, 100]) {
    if (stepMs === 300) served.tempsC.set("nas", 50);
    await clock.advance(stepMs);
    for (const [, [, percent, , , ageMs]] of await pushed(client)) {
      percents.push(percent);
      ages.push(ageMs);
    }
  }
  assert.deepEqual(percents, [40, 50, 50, 50]);
  assert.deepEqual(ages, [700, 0, 400, 100]);
});

Deno.test("an override is pushed to every subscriber of its shelf, and to nobody else", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, shelves: ["a", "b"], tempsC: { a: 30, b: 40 } });
  const clients = await Promise.all([served.connect(), served.connect(), served.connect()]);
  const [first, second, other] = clients as [Client, Client, Client];
  for (const [client, shelf] of [[first, "a"], [second, "a"], [other, "b"]] as const) {
    await client.ask("subscribe", shelf);
    await client.next();
  }
  await first.send("set_pwm_override", ["a", 77]);
  assert.equal((await first.next())[0], "ack");
  assert.equal((await nextDuty(first)).percent, 77);
  assert.equal((await nextDuty(second)).percent, 77);
  assert.deepEqual(await pushed(other), []);
});

Deno.test("seq grows with every push and epoch is the server's", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 40 } });
  const client = await served.connect();
  const [, [hello]] = await client.ask("hello", { protocol: [1, 0] });
  await client.ask("subscribe", "nas");
  let last = await nextDuty(client);
  assert.equal(last.epoch, (hello as { epoch: number }).epoch);
  for (let beat = 0; beat < 5; beat++) {
    await clock.advance(1000);
    const next = await nextDuty(client);
    assert.ok(next.seq > last.seq && next.epoch === last.epoch);
    last = next;
  }
});

Deno.test("ttlMs is the session's, or the smaller validity of the readings, less their age", async () => {
  const clock = new VirtualClock();
  const config = { dutyTtlMs: 4400, heartbeatMs: 250 };
  await using served = serve({ clock, tempsC: { nas: 40 }, config });
  const client = await served.connect();
  await client.ask("subscribe", "nas");
  assert.equal((await nextDuty(client)).ttlMs, 4400);
  // A reading is good for 4 intervals of 1000 ms and a timeout of 500 ms, and then for a tick.
  served.tempsC.delete("nas");
  for (const [afterMs, ttlMs, ageMs] of [[750, 4400, 750], [500, 4250, 250], [250, 4000, 500]]) {
    await clock.advance(afterMs ?? 0);
    const newest = (await pushed(client)).at(-1)?.[1];
    assert.deepEqual(newest?.slice(4, 6), [ageMs, ttlMs]);
  }
});

Deno.test("a heartbeat never carries a duty beyond the readings behind it", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 40 }, config: { heartbeatMs: 100 } });
  const client = await served.connect();
  await client.ask("subscribe", "nas");
  await nextDuty(client);
  served.tempsC.delete("nas");
  for (let atMs = 100; atMs <= 6000; atMs += 100) {
    await clock.advance(100);
    for (const [, [, percent, , , , ttlMs]] of await pushed(client)) {
      if (percent === 40) assert.ok(atMs + Number(ttlMs) <= 5500, `${ttlMs} ms at ${atMs}`);
      else assert.equal(percent, 100);
      assert.ok(atMs < 5000 || percent === 100, `${percent} % at ${atMs}`);
    }
  }
});

Deno.test("pending is pushed until every required sensor has reported, then duties", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock });
  const client = await served.connect();
  await client.ask("subscribe", "nas");
  assert.deepEqual(await client.next(), ["pending", ["nas"]]);
  await clock.advance(1000);
  assert.deepEqual(await pushed(client), [["pending", ["nas"]]]);
  served.tempsC.set("nas", 45);
  await clock.advance(1000);
  const pushes = await pushed(client);
  assert.deepEqual(pushes.map(([request]) => request).at(-1), "duty");
  assert.equal(pushes.at(-1)?.[1][1], 45);
});

Deno.test("a sensor that never reports ends the waiting in a failsafe", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock });
  const client = await served.connect();
  await client.ask("subscribe", "nas");
  assert.deepEqual(await client.next(), ["pending", ["nas"]]);
  await clock.advance(5000);
  const pushes = await pushed(client);
  assert.deepEqual(pushes.at(-1)?.[1].slice(0, 2), ["nas", 100]);
});

Deno.test("a late tick leads to failsafe until the next one, a period later", async () => {
  const clock = new VirtualClock();
  const log = new RecordedLog();
  await using served = serve({ clock, log, tempsC: { nas: 40 } });
  const client = await served.connect();
  await client.ask("subscribe", "nas");
  await clock.advance(1000);
  assert.equal((await pushed(client)).at(-1)?.[1][1], 40);
  // Nothing runs for 3 s, then everything that was due at once.
  clock.skip(3000);
  await clock.advance(0);
  assert.equal((await pushed(client)).at(-1)?.[1][1], 100);
  assert.equal(served.server.controller.lateTicks, 1);
  assert.match(log.lines.join("\n"), /warn: Tick is 2000 ms late; all shelves go to failsafe/);
  await clock.advance(999);
  assert.equal((await client.ask("get_pwm", "nas"))[1][1], 100);
  await clock.advance(1);
  assert.equal((await pushed(client)).at(-1)?.[1][1], 40);
  assert.deepEqual(served.elapsedMs, [0, 1000, 3000, 1000]);
});

Deno.test("an override between two ticks renews nothing and ends no failsafe", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 40 } });
  const client = await served.connect();
  await client.ask("subscribe", "nas");
  await nextDuty(client);
  await clock.advance(600);
  assert.equal((await client.ask("set_pwm_override", "nas", 50))[0], "ack");
  const { percent, ageMs, ttlMs } = await nextDuty(client);
  assert.deepEqual([percent, ageMs, ttlMs], [50, 600, 4900]);
  clock.skip(3000);
  await clock.advance(0);
  await pushed(client);
  assert.deepEqual(await client.ask("set_pwm_override", "nas", 45), [
    "ack",
    [100, "failsafe: the tick is 2.6 s late -> 100 %"],
  ]);
});

Deno.test("a tick that is late by no more than its period is no fault", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 40 } });
  const client = await served.connect();
  clock.skip(2000);
  await clock.advance(0);
  assert.equal(served.server.controller.lateTicks, 0);
  assert.equal((await client.ask("get_pwm", "nas"))[1][1], 40);
});

Deno.test("an answer between stopped ticks does not trust their last decision", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 40 } });
  const client = await served.connect();
  clock.skip(2001);
  assert.equal((await client.ask("get_pwm", "nas"))[1][1], 100);
  const [, [[status]]] = await client.ask("status", "nas") as [string, [[{ fault: string }]]];
  assert.match(status.fault, /the last tick ran 2001 ms ago/);
});

Deno.test("a reload keeps clients, their subscriptions and overrides, and goes on counting", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, shelves: ["a", "b"], tempsC: { a: 30, b: 40, c: 50 } });
  const client = await served.connect();
  for (const shelf of ["a", "b"]) {
    await client.ask("subscribe", shelf);
    await client.next();
  }
  await client.ask("set_pwm_override", "a", 66);
  const before = await nextDuty(client);
  await served.server.reload(testConfig({ shelves: ["a", "c"], clock }));
  assert.equal(served.readingsStopped, 1);
  await clock.advance(1000);
  const after = await nextDuty(client);
  assert.deepEqual([after.shelf, after.percent], ["a", 66]);
  assert.ok(after.seq > before.seq, "agents ignore what is not newer");
  assert.deepEqual(await client.ask("list"), ["list", [["a", "c"], null]]);
  assert.equal((await client.ask("get_pwm", "b"))[1][0], "shelf_not_found");
  await served.server.reload(testConfig({ shelves: ["b"], clock }));
  const again = await nextDuty(client);
  assert.deepEqual([again.shelf, again.percent], ["b", 40]);
  assert.ok(again.seq > after.seq);
});

Deno.test("after a reload a sensor goes on, and waits again when it is read elsewhere", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 40 } });
  const client = await served.connect();
  await client.ask("subscribe", "nas");
  await client.next();
  served.tempsC.clear();
  await served.server.reload(testConfig({ clock }));
  await clock.advance(1000);
  assert.equal((await nextDuty(client)).percent, 40);
  const elsewhere = { type: "missing" as const, reason: "another place" };
  await served.server.reload(
    testConfig({ clock, config: { sensors: [{ ...testSensor("nas"), source: elsewhere }] } }),
  );
  await clock.advance(1000);
  assert.deepEqual((await pushed(client)).at(-1), ["pending", ["nas"]]);
  client.close();
  await served.server.stop();
  await served.server.reload(testConfig({ clock }));
  assert.equal(clock.waiting, 0);
  assert.equal(served.readingsStopped, 3);
});

Deno.test("a reload after the wall clock was set back prolongs no override", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 60 } });
  const client = await served.connect();
  const expire = new Date(clock.wallMs() + 60_000);
  await client.ask("set_pwm_override", "nas", 30, expire, true);
  clock.stepWall(-3_600_000);
  await served.server.reload(testConfig({ clock }));
  assert.equal((await client.ask("get_pwm", "nas"))[1][1], 30);
  await clock.advance(61_000);
  assert.equal((await client.ask("get_pwm", "nas"))[1][1], 60);
});
