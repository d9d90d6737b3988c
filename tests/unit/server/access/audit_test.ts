/** Who has changed what: kept with a limit, paged, and told by a real server with a journal. */

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { ClientConfig } from "../../../../src/config/client_config.ts";
import { DEFAULT_JOURNAL } from "../../../../src/config/journal_config.ts";
import { digestOf } from "../../../../src/config/token.ts";
import { systemClock } from "../../../../src/clock.ts";
import { type Actor, Audit, MOST_A_MINUTE } from "../../../../src/server/access/audit.ts";
import { configChange } from "../../../../src/server/access/config_audit.ts";
import { type AuditEntry, AuditTable } from "../../../../src/server/journal/audit_table.ts";
import { Journal } from "../../../../src/server/journal/journal.ts";
import { silentLog } from "../../../../src/log.ts";
import { type Client, serve, testConfig, testShelf } from "../../../support/serve.ts";
import { VirtualClock } from "../../../support/virtual_clock.ts";

const ENTRY: AuditEntry = {
  atMs: 0,
  who: "anna",
  client: null,
  from: "tls 192.0.2.1:5",
  what: "set_profile",
  about: null,
  before: "none",
  after: "night",
};

const actor = (who: string | null, host = "192.0.2.1"): Actor => ({
  who,
  client: null,
  from: `tcp ${host}:1`,
  host,
});

Deno.test("the table keeps the newest within its entries and its bytes, and pages downwards", () => {
  using sql = new DatabaseSync(":memory:");
  const table = new AuditTable(sql, { auditEntries: 10, maxBytes: 1_000_000 });
  assert.deepEqual(table.page({ below: null, most: 5 }), { entries: [], next: null });
  for (let count = 1; count <= 25; count++) table.add([{ ...ENTRY, atMs: count }]);
  const first = table.page({ below: null, most: 6 });
  assert.deepEqual(first.entries.map(({ atMs }) => atMs), [25, 24, 23, 22, 21, 20]);
  const second = table.page({ below: first.next, most: 6 });
  assert.deepEqual(second.entries.map(({ atMs }) => atMs), [19, 18, 17, 16]);
  assert.equal(second.next, null);
  const small = new AuditTable(sql, { auditEntries: 10, maxBytes: 8 * 300 });
  small.add([{ ...ENTRY, atMs: 26 }]);
  const bytes = JSON.stringify({ ...ENTRY, atMs: 26 }).length;
  const kept = small.page({ below: null, most: 100 }).entries.map(({ atMs }) => atMs);
  assert.deepEqual(kept, [26, 25, 24].slice(0, Math.floor(300 / bytes)));
});

Deno.test("who changes things without end is told one by one up to a limit, then counted", () => {
  const clock = new VirtualClock();
  const kept: AuditEntry[] = [];
  const audit = new Audit(clock, (entry) => kept.push(entry));
  const change = { what: "set_profile", about: null, before: "x".repeat(5000), after: "y" };
  for (let count = 0; count < MOST_A_MINUTE + 7; count++) audit.record(actor("anna"), change);
  audit.record(actor(null, "192.0.2.7"), change);
  assert.equal(kept.length, MOST_A_MINUTE + 1);
  assert.equal(kept.at(-1)?.from, "tcp 192.0.2.7:1");
  assert.ok((kept[0]?.before ?? "").length <= 1001);
  audit.flush();
  audit.flush();
  assert.equal(kept.length, MOST_A_MINUTE + 2);
  assert.deepEqual([kept.at(-1)?.who, kept.at(-1)?.what], ["anna", "more"]);
  assert.match(kept.at(-1)?.after ?? "", /^7 changes more/);
  assert.deepEqual(audit.counters, { recorded: MOST_A_MINUTE + 2, omitted: 7 });
});

Deno.test("however many they are, actors share what is told in a minute", async () => {
  const clock = new VirtualClock();
  let kept = 0;
  const audit = new Audit(clock, () => kept++);
  const change = { what: "set_profile", about: null, before: "x", after: "y" };
  for (let host = 0; host < 5000; host++) audit.record(actor(null, `h${host}`), change);
  assert.ok(kept <= 256 + MOST_A_MINUTE, `${kept}`);
  await clock.advance(60_000);
  audit.record(actor(null, "another"), change);
  audit.flush();
  assert.equal(audit.counters.recorded, kept);
});

Deno.test("another configuration is told by the settings that differ, and by no others", () => {
  const shelves = ["one", "two", "three"];
  const before = testConfig({ shelves });
  assert.equal(configChange("reload", before, testConfig({ shelves })), null);
  assert.equal(configChange("reload", before, testConfig({ shelves: shelves.toReversed() })), null);
  const raised = before.shelves.map((shelf) =>
    shelf.name === "two" ? { ...shelf, floorPercent: 35 } : shelf
  );
  assert.deepEqual(configChange("reload", before, { ...before, shelves: raised, port: 5 }), {
    what: "reload",
    about: "test",
    before: "port: 0; shelves.two.floor_percent: 20",
    after: "port: 5; shelves.two.floor_percent: 35",
  });
  const client = configChange("reload", before, { ...before, clients: [ANNA] });
  assert.match(client?.after ?? "", /^clients\.anna\.role: "admin"; .*\.token: "[0-9a-f]{8}…"$/);
  assert.ok(!JSON.stringify(client).includes(ANNA.token ?? ""));
  const many = Array.from({ length: 100 }, (_, index) => testShelf(`s${index}`, ["one"]));
  const added = configChange("reload", before, { ...before, shelves: many });
  assert.match(added?.after ?? "", /; and \d+ more$/);
});

const ANNA: ClientConfig = { name: "anna", role: "admin", shelves: [], token: digestOf("secret") };

/** Every entry, the oldest first, page by page. */
async function auditOf(client: Client): Promise<Record<string, unknown>[]> {
  const entries: Record<string, unknown>[] = [];
  for (let cursor: string | null = null;;) {
    const [request, [page, next]] = await client.ask("audit", cursor, 2);
    assert.equal(request, "audit");
    entries.push(...page as Record<string, unknown>[]);
    if (next === null || next === undefined) return entries.reverse();
    cursor = String(next);
  }
}

Deno.test("a server tells who has changed what, from where, before and after", async () => {
  await using journal = Journal.start(DEFAULT_JOURNAL, {
    log: silentLog,
    wallMs: systemClock.wallMs,
    source: () => "test",
  });
  assert.ok(journal);
  const options = { journal, config: { clients: [ANNA] }, tempsC: { nas: 40 } };
  await using served = serve(options);
  const client = await served.connect();
  await client.ask("hello", { protocol: [1, 3], client: "test", token: "secret" });
  const stranger = await served.connect();
  await stranger.ask("hello", { protocol: [1, 3], client: "anna" });
  const until = new Date(Date.now() + 60_000);
  await client.ask("set_pwm_override", "nas", 60, null, false, "quiet");
  await client.ask("set_pwm_expire", "nas", until);
  await stranger.ask("set_pwm_override", "nas", null);
  await stranger.ask("set_pwm_override", "nas", null);
  await stranger.ask("set_pwm_override", "no such shelf", 5);
  await stranger.ask("set_pwm_override", "nas", 500);
  await stranger.ask("set_profile", "normal");
  await served.server.reload({ ...testConfig(options), clients: [ANNA], rpmTtlMs: 7777 });
  const told = (await auditOf(client)).map(({ who, client, what, about, before, after }) => [
    who,
    client,
    what,
    about,
    before,
    String(after).replace(/20\d\d-\S+Z/, "then"),
  ]);
  assert.deepEqual(told, [
    ["anna", "test", "set_pwm_override", "nas", "none", "60 % (quiet)"],
    ["anna", "test", "set_pwm_expire", "nas", "60 % (quiet)", "60 % until then (quiet)"],
    [
      null,
      "anna",
      "set_pwm_override",
      "nas",
      `60 % until ${until.toISOString()} (quiet)`,
      "none",
    ],
    [null, "anna", "set_profile", null, "none", "normal until then, by hand"],
    [null, null, "reload", "test", "rpm_ttl_ms: 10000", "rpm_ttl_ms: 7777"],
  ]);
  const [first] = await auditOf(client);
  assert.match(String(first?.["from"]), /^tcp 127\.0\.0\.1:\d+$/);
  assert.ok(first?.["at"] instanceof Date);
  assert.equal((await client.ask("audit", "x"))[1][0], "bad_arguments");
});

Deno.test("what is done to a board is told when it is done, and what it is asked is not", async () => {
  await using journal = Journal.start(DEFAULT_JOURNAL, {
    log: silentLog,
    wallMs: systemClock.wallMs,
    source: () => "test",
  });
  assert.ok(journal);
  await using served = serve({ journal });
  const agent = await served.connect();
  const client = await served.connect();
  await agent.ask("board", "b", {});
  const ask = async (action: string, answer: (ticket: number) => Promise<unknown>) => {
    await client.send("board_do", ["b", action, { channel: 0, percent: 40 }]);
    const [, [ticket]] = await agent.next();
    await answer(Number(ticket));
    return await client.next();
  };
  const done = (ticket: number) => agent.ask("board_done", ticket, {});
  const failed = (ticket: number) => agent.ask("board_done", ticket, null, "board", "no");
  await ask("info", done);
  await ask("set", failed);
  assert.deepEqual(await auditOf(client), []);
  await ask("set", done);
  const [entry] = await auditOf(client);
  assert.deepEqual(
    [entry?.["what"], entry?.["about"], entry?.["after"]],
    ["board_do set", "b", '{"channel":0,"percent":40}'],
  );
});
