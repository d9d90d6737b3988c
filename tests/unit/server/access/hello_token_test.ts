/** Proving a name on a real server: what a wrong token costs, and what a reload changes. */

import assert from "node:assert/strict";
import type { ClientConfig } from "../../../../src/config/client_config.ts";
import { digestOf } from "../../../../src/config/token.ts";
import { MOST_DELAYED } from "../../../../src/server/access/failed_proofs.ts";
import type { WireMap, WireValue } from "../../../../src/wire/value.ts";
import { RecordedLog } from "../../../support/recorded_log.ts";
import { type Client, serve, testConfig } from "../../../support/serve.ts";
import { until } from "../../../support/until.ts";
import { VirtualClock } from "../../../support/virtual_clock.ts";

const HELLO = { protocol: [1, 3] };
const RACK: ClientConfig = {
  name: "rack",
  role: "agent",
  shelves: ["rack-1"],
  token: digestOf("secret"),
};
const shelves = ["rack-1", "rack-2"];
const config = { localRole: "read" as const, clients: [RACK] };

/** The next message that is no push. */
async function answer(client: Client): Promise<[string, unknown[]] | null> {
  for (;;) {
    const message = await client.receive();
    if (message === null) return null;
    if (!["duty", "pending"].includes(message.request)) return [message.request, message.args];
  }
}

Deno.test("a wrong token is answered after a second, nothing behind it is met, and that is all", async () => {
  const clock = new VirtualClock();
  await using served = serve({ clock, config, shelves });
  const client = await served.connect();
  await client.ask("ping");
  await client.send("hello", [{ ...HELLO, token: "wrong" }], 5);
  await client.send("ping", [], 6);
  const other = await served.connect();
  await until(() => served.server.failedProofs.failed === 1, "the token is looked at");
  const [, [counted]] = await other.ask("counters");
  assert.equal((counted as WireMap).proofs_failed, 1);
  await clock.advance(999);
  await other.ask("ping");
  await clock.advance(1);
  const refused = await client.receive();
  assert.deepEqual([refused?.request, refused?.id, refused?.args[0]], ["error", 5, "denied"]);
  assert.ok(!String(refused?.args[1]).includes("rack"));
  assert.equal((await answer(client))?.[0], "disconnect");
  assert.equal(await client.receive(), null);
});

Deno.test("many wrong tokens hold so many clients, and say so much in the log", async () => {
  const clock = new VirtualClock();
  const log = new RecordedLog();
  const limits = { clients: 500 };
  await using served = serve({ clock, log, config, shelves, limits });
  const many = MOST_DELAYED + 20;
  let cut = 0;
  for (let count = 0; count < many; count++) {
    const client = await served.connect();
    await client.send("hello", [{ ...HELLO, token: `guess ${count}` }]);
    await until(() => served.server.failedProofs.failed > count, "the token is looked at");
    if (count >= MOST_DELAYED && await client.receive() === null) cut++;
  }
  assert.equal(cut, 20);
  assert.deepEqual(served.server.failedProofs, { failed: many, undelayed: 20 });
  const said = () => log.lines.filter((line) => /proved/.test(line));
  assert.equal(said().length, 1);
  await clock.advance(60_000);
  assert.equal(said().length, 2);
  assert.match(said()[1] ?? "", new RegExp(`${many - 1} times more within 60 s`));
  const another = await served.connect();
  assert.equal((await another.ask("hello", { ...HELLO, token: "secret" }))[0], "hello");
});

Deno.test("a reload disconnects whoever is no client any more, and agents with other shelves", async () => {
  const clock = new VirtualClock();
  const options = { clock, config, shelves, tempsC: { "rack-1": 40, "rack-2": 40 } };
  await using served = serve(options);
  const local = await served.connect();
  const reload = (clients: readonly ClientConfig[], localRole: "read" | "operate" = "read") =>
    served.server.reload({ ...testConfig(options), clients, localRole });
  const prove = async () => {
    const client = await served.connect();
    assert.equal((await client.ask("hello", { ...HELLO, token: "secret" }))[0], "hello");
    return client;
  };
  const kept = await prove();
  await reload([RACK], "operate");
  assert.deepEqual(await kept.ask("set_rpm", "rack-1", 900), ["ack", []]);
  assert.equal((await kept.ask("set_rpm", "rack-2", 900))[1][0], "denied");
  assert.deepEqual(await local.ask("set_pwm_override", "rack-1", 50), ["ack", []]);
  await reload([{ ...RACK, shelves: ["rack-2"] }]);
  assert.equal((await answer(kept))?.[0], "disconnect");
  assert.equal((await local.ask("set_pwm_override", "rack-1", 60))[1][0], "denied");
  const moved = await prove();
  assert.deepEqual(await moved.ask("set_rpm", "rack-2", 900), ["ack", []]);
  await reload([]);
  const [request, reason] = await answer(moved) ?? [];
  assert.equal(request, "disconnect");
  assert.match(String(reason), /\[\[client\]\] has changed/);
  assert.deepEqual(await local.ask("ping"), ["ack", []]);
});

Deno.test("of a hello that is refused nothing takes effect, neither its token nor its claim", async () => {
  await using served = serve({ config: { ...config, localRole: "operate" }, shelves });
  const client = await served.connect();
  const hello = async (args: WireMap) => (await client.ask("hello", args))[1][0] as WireMap;
  const { epoch } = await hello(HELLO);
  const claim = Number(epoch) + 1000;
  const refused = await client.ask("hello", { token: "secret", claim, protocol: [2, 0] });
  assert.equal(refused[1][0], "bad_arguments");
  const mixed = await client.ask("hello", { ...HELLO, token: "secret", claim: -1 });
  assert.equal(mixed[1][0], "bad_arguments");
  const now = await hello(HELLO);
  assert.deepEqual([now.role, now.epoch], ["operate", epoch]);
});

Deno.test("whoever proves another name keeps nothing of what the one before was allowed", async () => {
  const clients = [RACK, { ...RACK, name: "other", shelves: ["rack-2"], token: digestOf("too") }];
  const clock = new VirtualClock();
  await using served = serve({ clock, config: { ...config, clients }, shelves });
  const client = await served.connect();
  const asked = async (request: string, ...args: WireValue[]) => {
    await client.send(request, args);
    return (await answer(client))?.[0];
  };
  await asked("hello", { ...HELLO, token: "secret" });
  assert.equal(await asked("subscribe", "rack-1"), "ack");
  assert.equal(await asked("set_rpm", "rack-1", 900), "ack");
  await asked("hello", { ...HELLO, token: "too" });
  await clock.advance(5000);
  assert.deepEqual(await client.ask("ping"), ["ack", []]);
  const successor = await served.connect();
  await successor.ask("hello", { ...HELLO, token: "secret" });
  assert.deepEqual(await successor.ask("set_rpm", "rack-1", 901), ["ack", []]);
});

Deno.test("a claim needs an agent's role", async () => {
  await using served = serve({ config, shelves });
  const client = await served.connect();
  assert.equal((await client.ask("hello", { ...HELLO, claim: 7 }))[1][0], "denied");
  assert.equal((await client.ask("hello", { ...HELLO, claim: 7, token: "secret" }))[0], "hello");
});

Deno.test("no agent claims an epoch that leaves none for the servers after this one", async () => {
  for (const wallMs of [0, Date.UTC(2040, 0, 1)]) {
    const clock = new VirtualClock(wallMs);
    await using served = serve({ clock, shelves });
    const client = await served.connect();
    const epochOf = async (claim: number) => {
      const [reply, [hello]] = await client.ask("hello", { ...HELLO, claim });
      return reply === "hello" ? (hello as { epoch: number }).epoch : hello;
    };
    const before = await epochOf(0);
    for (const claim of [2 ** 48 - 1, Math.max(wallMs, Date.UTC(2026, 0, 1)) + 316e9]) {
      assert.equal(await epochOf(claim), "bad_arguments");
    }
    assert.equal(await epochOf(0), before);
    const soon = Math.max(wallMs, Date.UTC(2026, 0, 1)) + 86_400_000;
    assert.equal(await epochOf(soon), soon + 1);
    assert.equal(served.server.audited.recorded, 1);
  }
});
