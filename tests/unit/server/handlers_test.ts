/** Every request of the protocol through a real socket, against a server on a virtual clock. */

import assert from "node:assert/strict";
import { StoreError } from "../../../src/errors.ts";
import type { Store } from "../../../src/server/store/store.ts";
import type { WireValue } from "../../../src/wire/value.ts";
import { serve } from "../../support/serve.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const date = (clock: VirtualClock, inMs: number): Date => new Date(clock.wallMs() + inMs);

Deno.test("ping is answered with ack, and a request with an id gets it back", async () => {
  await using served = serve();
  const client = await served.connect();
  assert.deepEqual(await client.ask("ping"), ["ack", []]);
  await client.send("ping", [], 0);
  await client.send("ping", [], Number.MAX_SAFE_INTEGER);
  await client.send("get_pwm", ["no such"], 7);
  assert.equal((await client.receive())?.id, 0);
  assert.equal((await client.receive())?.id, Number.MAX_SAFE_INTEGER);
  const refused = await client.receive();
  assert.equal(refused?.request, "error");
  assert.equal(refused?.id, 7);
});

Deno.test("get_pwm is 100 % at birth and the curve's duty once the first reading is in", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock });
  const client = await served.connect();
  assert.deepEqual(await client.ask("get_pwm", "nas"), ["set_pwm", ["nas", 100]]);
  served.tempsC.set("nas", 42.5);
  await clock.advance(1000);
  assert.deepEqual(await client.ask("get_pwm", "nas"), ["set_pwm", ["nas", 42.5]]);
});

Deno.test("get_rpm is unknown until a report, then that, then unknown again", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, config: { rpmTtlMs: 3000 } });
  const client = await served.connect();
  assert.deepEqual(await client.ask("get_rpm", "nas"), ["set_rpm", ["nas", null]]);
  assert.deepEqual(await client.ask("set_rpm", "nas", 1234.5), ["ack", []]);
  await clock.advance(3000);
  assert.deepEqual(await client.ask("get_rpm", "nas"), ["set_rpm", ["nas", 1234.5]]);
  await clock.advance(1);
  assert.deepEqual(await client.ask("get_rpm", "nas"), ["set_rpm", ["nas", null]]);
});

Deno.test("a reporter owns a shelf's rpm until its connection ends or its word is too old", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, config: { rpmTtlMs: 3000 } });
  const first = await served.connect();
  const second = await served.connect();
  await first.ask("set_rpm", "nas", 1000);
  const [request, args] = await second.ask("set_rpm", "nas", 2000);
  assert.deepEqual([request, args[0]], ["error", "not_owner"]);
  assert.deepEqual(await second.ask("get_rpm", "nas"), ["set_rpm", ["nas", 1000]]);
  await clock.advance(3001);
  assert.deepEqual(await second.ask("set_rpm", "nas", 2000), ["ack", []]);
  assert.equal((await first.ask("set_rpm", "nas", 1000))[0], "error");
  second.close();
  for (let reply = "error"; reply === "error";) {
    [reply] = await first.ask("set_rpm", "nas", 1000);
  }
  assert.deepEqual(await first.ask("get_rpm", "nas"), ["set_rpm", ["nas", 1000]]);
});

Deno.test("set_rpm refuses speeds that no fan has, and details that are no map", async () => {
  await using served = serve();
  const client = await served.connect();
  for (const rpm of [-1, 100_001, 1e308]) {
    assert.equal((await client.ask("set_rpm", "nas", rpm))[1][0], "rpm_bad_value");
  }
  for (const details of [[], "text", 5, new Date(0), new Uint8Array(1)]) {
    assert.equal((await client.ask("set_rpm", "nas", 1, details))[1][0], "bad_arguments");
  }
  assert.deepEqual(await client.ask("get_rpm", "nas"), ["set_rpm", ["nas", null]]);
});

Deno.test("an override decides at once and null takes it back", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 40 } });
  const client = await served.connect();
  assert.deepEqual(await client.ask("set_pwm_override", "nas", 61.5), ["ack", []]);
  assert.deepEqual(await client.ask("get_pwm", "nas"), ["set_pwm", ["nas", 61.5]]);
  assert.deepEqual(await client.ask("set_pwm_override", "nas", 25), ["ack", []]);
  assert.deepEqual(await client.ask("get_pwm", "nas"), ["set_pwm", ["nas", 25]]);
  assert.deepEqual(await client.ask("set_pwm_override", "nas", null), ["ack", []]);
  assert.deepEqual(await client.ask("get_pwm", "nas"), ["set_pwm", ["nas", 40]]);
});

Deno.test("an override ends on time, and a new one ends the old one's expiry", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 40 } });
  const client = await served.connect();
  await client.ask("set_pwm_override", "nas", 60);
  assert.deepEqual(await client.ask("set_pwm_expire", "nas", date(clock, 1500)), ["ack", []]);
  await clock.advance(1000);
  assert.deepEqual(await client.ask("get_pwm", "nas"), ["set_pwm", ["nas", 60]]);
  await clock.advance(1000);
  assert.deepEqual(await client.ask("get_pwm", "nas"), ["set_pwm", ["nas", 40]]);
  await client.ask("set_pwm_override", "nas", 80);
  await clock.advance(10_000);
  assert.deepEqual(await client.ask("get_pwm", "nas"), ["set_pwm", ["nas", 80]]);
  assert.deepEqual(await client.ask("set_pwm_override", "nas", 70, date(clock, 2000)), ["ack", []]);
  assert.deepEqual(await client.ask("set_pwm_expire", "nas", null), ["ack", []]);
  await clock.advance(10_000);
  assert.deepEqual(await client.ask("get_pwm", "nas"), ["set_pwm", ["nas", 70]]);
});

Deno.test("an expiry needs an override in force and a date in the future", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 40 } });
  const client = await served.connect();
  const code = async (request: string, ...args: WireValue[]) => {
    const [reply, [code]] = await client.ask(request, "nas", ...args);
    return reply === "error" ? code : reply;
  };
  assert.equal(await code("set_pwm_expire", date(clock, 1000)), "no_override");
  assert.equal(await code("set_pwm_expire", null), "no_override");
  assert.equal(await code("set_pwm_override", 50, date(clock, 0)), "expire_bad_value");
  assert.equal(await code("set_pwm_override", 50, date(clock, -1e9)), "expire_bad_value");
  assert.deepEqual(await client.ask("get_pwm", "nas"), ["set_pwm", ["nas", 40]]);
  await client.ask("set_pwm_override", "nas", 50);
  assert.equal(await code("set_pwm_expire", date(clock, -1)), "expire_bad_value");
  await client.ask("set_pwm_override", "nas", 55, date(clock, 1000));
  await clock.advance(1000);
  assert.equal(await code("set_pwm_expire", date(clock, 1000)), "no_override");
});

Deno.test("percentages outside 0 to 100 are refused, and what was in force stays", async () => {
  await using served = serve({ tempsC: { nas: 40 } });
  const client = await served.connect();
  await client.ask("set_pwm_override", "nas", 33);
  for (const percent of [-1, -1e-9, 100.001, 101, 1e308, -1e308]) {
    const [request, [code]] = await client.ask("set_pwm_override", "nas", percent);
    assert.deepEqual([request, code], ["error", "pwm_bad_value"], `${percent}`);
  }
  assert.deepEqual(await client.ask("get_pwm", "nas"), ["set_pwm", ["nas", 33]]);
  assert.deepEqual(await client.ask("set_pwm_override", "nas", 100), ["ack", []]);
});

Deno.test("the ack names what limits an override: floor, lost sensor, critical temperature", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 40 } });
  const client = await served.connect();
  assert.deepEqual(await client.ask("set_pwm_override", "nas", 0), ["ack", [20, "floor 20 %"]]);
  assert.deepEqual(await client.ask("get_pwm", "nas"), ["set_pwm", ["nas", 20]]);
  served.tempsC.set("nas", 95);
  await clock.advance(1000);
  assert.deepEqual(await client.ask("set_pwm_override", "nas", 30), [
    "ack",
    [100, 'critical: "nas" 95.0 °C >= 90.0 °C -> 100 %'],
  ]);
  served.tempsC.set("nas", 40);
  await clock.advance(1000);
  served.misses.set("nas", "no answer");
  await clock.advance(4000);
  const [, [percent, text]] = await client.ask("set_pwm_override", "nas", 30);
  assert.equal(percent, 100);
  assert.match(String(text), /^failsafe: sensor "nas" lost \(4 misses in 3.0 s: no answer\)/);
  const [, [still]] = await client.ask("set_pwm_expire", "nas", date(clock, 1000));
  assert.equal(still, 100);
});

Deno.test("a store that keeps nothing keeps nobody from lifting a duty", async () => {
  let isFull = false;
  const store: Store = {
    epoch: 1,
    loadOverrides: () => [],
    loadProfile: () => null,
    saveProfile() {},
    saveOverride() {
      if (isFull) throw new StoreError("Cannot keep the override: the disk is full; make room");
    },
    close() {},
    [Symbol.dispose]() {},
  };
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 40 }, store });
  await clock.advance(1000);
  const client = await served.connect();
  const percentAfter = async (...order: WireValue[]): Promise<unknown> => {
    const [request] = await client.ask("set_pwm_override", "nas", ...order);
    assert.equal(request, isFull ? "error" : "ack");
    return (await client.ask("get_pwm", "nas"))[1][1];
  };
  assert.equal(await percentAfter(30), 30);
  isFull = true;
  assert.equal(await percentAfter(25), 30);
  assert.equal(await percentAfter(35), 35);
  assert.equal(await percentAfter(90, date(clock, 60_000), true), 35);
  assert.equal(await percentAfter(null), 40);
  assert.equal(await percentAfter(90), 40);
  assert.equal(await percentAfter(100), 100);
});

Deno.test("a forced override goes below a failsafe for an hour at most, not below the rest", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock });
  const client = await served.connect();
  const ask = (percent: number, expire: Date | null) =>
    client.ask("set_pwm_override", "nas", percent, expire, true);
  served.misses.set("nas", "no answer");
  await clock.advance(5000);
  assert.equal((await client.ask("get_pwm", "nas"))[1][1], 100);
  assert.equal((await ask(30, null))[1][0], "expire_bad_value");
  assert.equal((await ask(30, date(clock, 3_600_001)))[1][0], "expire_bad_value");
  assert.equal((await client.ask("get_pwm", "nas"))[1][1], 100);
  assert.deepEqual(await ask(30, date(clock, 3_600_000)), ["ack", []]);
  assert.equal((await client.ask("get_pwm", "nas"))[1][1], 30);
  assert.deepEqual(await ask(5, date(clock, 60_000)), ["ack", [20, "floor 20 %"]]);
  assert.equal((await client.ask("set_pwm_expire", "nas", null))[1][0], "expire_bad_value");
  served.misses.delete("nas");
  served.tempsC.set("nas", 91);
  await clock.advance(1000);
  assert.equal((await client.ask("get_pwm", "nas"))[1][1], 100);
  served.tempsC.delete("nas");
  served.misses.set("nas", "no answer");
  await clock.advance(10_000);
  assert.equal((await client.ask("get_pwm", "nas"))[1][1], 20);
  await clock.advance(49_000);
  assert.equal((await client.ask("get_pwm", "nas"))[1][1], 100);
});

Deno.test("ranks hold side by side on several shelves of one server", async () => {
  const clock = new VirtualClock();
  const shelves = ["critical", "lost", "floor", "override", "curve"];
  const tempsC = { critical: 92, floor: 10, override: 70, curve: 55 };
  await using served = serve({ clock, shelves, tempsC });
  const client = await served.connect();
  served.misses.set("lost", "gone");
  await clock.advance(4000);
  for (const shelf of ["critical", "lost", "override"]) {
    await client.ask("set_pwm_override", shelf, 35);
  }
  const seen = await Promise.all(shelves.map((shelf) => client.send("get_pwm", [shelf])))
    .then(async () => {
      const replies = [];
      for (const _ of shelves) replies.push((await client.next())[1]);
      return replies;
    });
  assert.deepEqual(seen, [
    ["critical", 100],
    ["lost", 100],
    ["floor", 20],
    ["override", 35],
    ["curve", 55],
  ]);
});

Deno.test("what cannot be met is an error with a code, and the connection stays", async () => {
  await using served = serve();
  const client = await served.connect();
  const unknown = ["reboot", "toString", "__proto__", "", "ack", "set_pwm", "duty", "error"];
  for (const request of unknown) {
    const [reply, args] = await client.ask(request);
    assert.deepEqual([reply, args[0]], ["error", "unknown_request"], request);
    assert.match(String(args[1]), /^Cannot .*: .*; .*[^.]$/);
  }
  for (const request of ["get_pwm", "get_rpm", "status", "subscribe", "unsubscribe"]) {
    const [reply, args] = await client.ask(request, "no such shelf");
    assert.deepEqual([reply, args[0]], ["error", "shelf_not_found"], request);
    assert.match(String(args[1]), /"no such shelf"/);
  }
  assert.deepEqual(await client.ask("ping"), ["ack", []]);
});

Deno.test("a name of any length and script is refused in a message that can be sent", async () => {
  await using served = serve();
  const client = await served.connect();
  for (const name of ["🌀".repeat(2000), `a${"🌀".repeat(2000)}`, "x".repeat(60_000), "\0\n\x1b"]) {
    assert.equal((await client.ask(name))[1][0], "unknown_request");
    assert.equal((await client.ask("get_pwm", name))[1][0], "shelf_not_found");
  }
});

Deno.test("unsubscribe ends the pushes of one shelf", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, shelves: ["a", "b"], tempsC: { a: 30, b: 40 } });
  const client = await served.connect();
  assert.deepEqual(await client.ask("subscribe", "a"), ["ack", []]);
  assert.equal((await client.next())[0], "duty");
  assert.deepEqual(await client.ask("subscribe", "b"), ["ack", []]);
  assert.equal((await client.next())[0], "duty");
  assert.deepEqual(await client.ask("unsubscribe", "a"), ["ack", []]);
  await clock.advance(1000);
  const [, [shelf]] = await client.next();
  assert.equal(shelf, "b");
  assert.deepEqual(await client.ask("unsubscribe", "a"), ["ack", []]);
  assert.deepEqual(await client.ask("ping"), ["ack", []]);
});
