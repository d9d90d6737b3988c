import assert from "node:assert/strict";
import type { WireValue } from "../../../src/wire/value.ts";
import { type Client, serve, testConfig, testSensor, testShelf } from "../../support/serve.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

/** The status of one shelf. */
async function statusOf(client: Client, shelf: string): Promise<Record<string, WireValue>> {
  const [request, args] = await client.ask("status", shelf);
  assert.equal(request, "status");
  const [[status], next] = args as [[Record<string, WireValue>], null];
  assert.equal(next, null);
  return status;
}

Deno.test("status shows everything behind a duty, and how fresh it is", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 42.5 } });
  const client = await served.connect();
  await client.ask("set_rpm", "nas", 1180, { compare: [136], steps: [320] });
  await client.ask("subscribe", "nas");
  await client.next();
  await clock.advance(400);
  const expires = new Date(clock.wallMs() + 60_000);
  await client.ask("set_pwm_override", "nas", 10, expires, false, "a try");
  await client.next();
  await clock.advance(100);
  const { override, ...rest } = await statusOf(client, "nas");
  const { owner, ...order } = override as Record<string, WireValue>;
  assert.match(String(owner), /^127\.0\.0\.1:\d+$/);
  assert.deepEqual(order, {
    percent: 10,
    expires,
    forced: false,
    reason: "a try",
    in_force: false,
    limit: "floor 20 %",
  });
  assert.deepEqual(rest, {
    shelf: "nas",
    percent: 20,
    pending: false,
    fault: null,
    rpm: 1180,
    rpm_age_ms: 500,
    details: { compare: [136], steps: [320] },
    fans: [],
    causes: [
      { kind: "floor", name: "floor", percent: 20, text: "floor 20 %" },
      { kind: "override", name: "override", percent: 10, text: "override 10 %" },
      { kind: "curve", name: "curve", percent: 42.5, text: "nas 42.5 °C -> 42.5 %" },
    ],
    sensors: [
      {
        name: "nas",
        kind: "other",
        state: "ok",
        fault: null,
        temp_c: 42.5,
        age_ms: 0,
        reason: null,
      },
    ],
    findings: [],
    decided_age_ms: 500,
    ttl_ms: 5000,
    epoch: clock.wallMs() - 500,
    seq: 2,
  });
});

Deno.test("status of a shelf at birth says that it waits, and for what", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock });
  const client = await served.connect();
  const { percent, pending, rpm, rpm_age_ms, details, override, seq, causes } = await statusOf(
    client,
    "nas",
  );
  assert.deepEqual([percent, pending, rpm, rpm_age_ms, details, override, seq], [
    100,
    true,
    null,
    null,
    null,
    null,
    0,
  ]);
  assert.deepEqual((causes as { kind: string; name: string }[])[0], {
    kind: "failsafe",
    name: "birth",
    percent: 100,
    text: 'failsafe: waiting for the first reading of "nas" -> 100 %',
  });
});

Deno.test("status shows a lost sensor, an override in force, and no override that has ended", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, tempsC: { nas: 40 } });
  const client = await served.connect();
  await client.ask("hello", { protocol: [1, 0], client: "test/1" });
  await client.ask("set_pwm_override", "nas", 60, new Date(clock.wallMs() + 2000));
  const { override } = await statusOf(client, "nas");
  const { owner, ...order } = override as Record<string, WireValue>;
  assert.match(String(owner), /^test\/1 at 127\.0\.0\.1:\d+$/);
  assert.deepEqual(order, {
    percent: 60,
    expires: new Date(clock.wallMs() + 2000),
    forced: false,
    reason: null,
    in_force: true,
    limit: null,
  });
  served.misses.set("nas", "no answer");
  await clock.advance(4000);
  const status = await statusOf(client, "nas");
  assert.equal(status.override, null);
  assert.equal(status.percent, 100);
  assert.deepEqual(status.sensors, [{
    name: "nas",
    kind: "other",
    state: "failed",
    fault: "missing",
    temp_c: null,
    age_ms: 4000,
    reason: "4 misses in 3.0 s: no answer",
  }]);
});

Deno.test("status pages through shelves as list does, and refuses what is no page", async () => {
  const shelves = ["d", "a", "c", "b", "e"];
  await using served = serve({ shelves, limits: { page: 4 } });
  const client = await served.connect();
  assert.deepEqual(await client.ask("list"), ["list", [["a", "b", "c", "d"], "d"]]);
  assert.deepEqual(await client.ask("list", "d"), ["list", [["e"], null]]);
  assert.deepEqual(await client.ask("list", null, 2), ["list", [["a", "b"], "b"]]);
  assert.deepEqual(await client.ask("list", "zzz"), ["list", [[], null]]);
  const seen: WireValue[] = [];
  let cursor: WireValue = null;
  do {
    const [, [page, next]] = await client.ask("status", null, cursor, 2) as [
      string,
      [{ shelf: string }[], string | null],
    ];
    seen.push(...page.map(({ shelf }) => shelf));
    cursor = next;
  } while (cursor !== null);
  assert.deepEqual(seen, ["a", "b", "c", "d", "e"]);
  for (const args of [[null, 0], [null, -1], [null, 1.5], [7], [null, null, null]]) {
    assert.equal((await client.ask("list", ...args))[1][0], "bad_arguments");
  }
  for (const args of [[null, null, 0], [7], [null, 7], [null, null, null, null]]) {
    assert.equal((await client.ask("status", ...args))[1][0], "bad_arguments");
  }
});

Deno.test("a shelf with more than fits into a message does not hide the others", async () => {
  const sensors = Array.from({ length: 600 }, (_, index) => `sensor ${index}`);
  const config = testConfig({ shelves: [] });
  config.sensors = sensors.map(testSensor);
  config.shelves = [testShelf("big", sensors), testShelf("small", ["sensor 0"])];
  await using served = serve({ config });
  const client = await served.connect();
  const [request, args] = await client.ask("status");
  assert.equal(request, "status");
  const [[big, small]] = args as [[Record<string, WireValue>, Record<string, WireValue>]];
  assert.deepEqual([big.shelf, small.shelf], ["big", "small"]);
  assert.equal((big.sensors as WireValue[]).length, 64);
  assert.deepEqual(big.omitted, { causes: 0, sensors: 536 });
  assert.equal(small.omitted, undefined);
});
