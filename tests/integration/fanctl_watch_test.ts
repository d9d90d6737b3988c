import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { runFanctl } from "../../src/cli/main.ts";
import type { WireMap } from "../../src/wire/value.ts";
import { LOST_SHELF, QUIET_SHELF } from "../support/shelf_statuses.ts";
import { TestIo } from "../support/test_io.ts";
import { VirtualClock } from "../support/virtual_clock.ts";
import { type Asked, type WireConnection, WireServer } from "../support/wire_server.ts";

/** Entries of a page. */
const PAGE = 20;
const NOW = Date.UTC(2030, 0, 1);

/** Shelves that can be told to change, and those who follow them. */
class Shelves {
  readonly statuses: Map<string, WireMap>;
  readonly followers = new Set<WireConnection>();

  constructor(...statuses: WireMap[]) {
    this.statuses = new Map(statuses.map((status) => [String(status.shelf), status]));
  }

  readonly answer = async ({ request, args }: Asked, connection: WireConnection) => {
    const [shelf = null] = args;
    if (request === "list") return await connection.send("list", [...this.statuses.keys()], null);
    if (request === "status") {
      const chosen = [...this.statuses.values()]
        .filter((status) => shelf === null || shelf === status.shelf);
      const first = Number(args[1] ?? 0);
      const next = first + PAGE < chosen.length ? String(first + PAGE) : null;
      return await connection.send("status", chosen.slice(first, first + PAGE), next);
    }
    if (request !== "subscribe") return;
    if (!this.statuses.has(String(shelf))) {
      return await connection.send("error", "shelf_not_found", `Cannot find "${shelf}": none; ask`);
    }
    this.followers.add(connection);
    await connection.send("ack");
    await this.announce(String(shelf), connection);
  };

  async set(status: WireMap): Promise<void> {
    this.statuses.set(String(status.shelf), status);
    for (const follower of this.followers) await this.announce(String(status.shelf), follower);
  }

  async announce(shelf: string, connection: WireConnection): Promise<void> {
    const status = this.statuses.get(shelf);
    if (status?.pending === true) return await connection.send("pending", shelf);
    await connection.send("duty", shelf, status?.percent ?? 100, 7, 1, 0, 5000);
  }
}

function watch(server: WireServer, io: TestIo, ...words: string[]): Promise<number> {
  return runFanctl(["-p", String(server.port), "watch", ...words], io);
}

const linesOf = (text: string): string[] => text.split("\n").slice(0, -1);

Deno.test("fanctl watch --once shows every shelf once and ends", async () => {
  await using server = new WireServer(new Shelves(QUIET_SHELF, LOST_SHELF).answer);
  const io = new TestIo({ clock: new VirtualClock(NOW) });
  assert.equal(await watch(server, io, "--once"), 0);
  assert.deepEqual(linesOf(io.out), [
    "2030-01-01 00:00:00+00:00  nas  62.5 %  1480 rpm  disk 41.0 °C  " +
    "curve disks: disk 41 °C -> 62.5 %",
    "2030-01-01 00:00:00+00:00  rack  100 %  rpm unknown  " +
    "waiting for first readings; failsafe: disk is lost -> 100 %",
  ]);
});

Deno.test("fanctl watch SHELF appends a line for every announcement of that shelf", async () => {
  const shelves = new Shelves(QUIET_SHELF, LOST_SHELF);
  await using server = new WireServer(shelves.answer);
  const io = new TestIo({ clock: new VirtualClock(NOW) });
  const ended = watch(server, io, "nas", "--count", "3");
  await io.until(() => linesOf(io.out).length === 1);
  await shelves.set({ ...QUIET_SHELF, percent: 70 });
  await io.until(() => linesOf(io.out).length === 2);
  await shelves.set({ ...QUIET_SHELF, percent: 80 });
  assert.equal(await ended, 0);
  const duties = linesOf(io.out).map((line) => /nas {2}(\S+) %/.exec(line)?.[1]);
  assert.deepEqual(duties, ["62.5", "70", "80"]);
  const questions = server.asked.filter(({ request }) => request === "status");
  assert.deepEqual(questions.map(({ args }) => args), [["nas"], ["nas"], ["nas"]]);
});

Deno.test("fanctl watch --json prints a document a line with its time", async () => {
  await using server = new WireServer(new Shelves(QUIET_SHELF, LOST_SHELF).answer);
  const io = new TestIo({ clock: new VirtualClock(NOW), terminal: { columns: 80, rows: 24 } });
  assert.equal(await watch(server, io, "--once", "--json"), 0);
  const documents = linesOf(io.out).map((line) => JSON.parse(line));
  assert.deepEqual(documents.map(({ shelf }) => shelf), ["nas", "rack"]);
  assert.equal(documents[0].time, "2030-01-01T00:00:00.000Z");
  assert.equal(documents[0].override.expires, "2030-01-01T01:30:00.000Z");
});

Deno.test("fanctl watch draws its table over itself in a terminal", async () => {
  const shelves = new Shelves(QUIET_SHELF, LOST_SHELF);
  await using server = new WireServer(shelves.answer);
  const terminal = { columns: 40, rows: 24 };
  const io = new TestIo({ clock: new VirtualClock(NOW), terminal });
  const ended = watch(server, io);
  await io.until(() => io.out.includes("rack"));
  const before = io.out;
  await shelves.set({ ...QUIET_SHELF, percent: 70 });
  await io.until(() => io.out.includes("70 %"));
  io.interrupt();
  assert.equal(await ended, 0);
  const redrawn = io.out.slice(before.length);
  assert.ok(redrawn.startsWith("\u001b[3A"), "moves up by the three lines of the table");
  assert.ok(redrawn.endsWith("\u001b[J"));
  const lines = linesOf(stripVTControlCharacters(redrawn));
  assert.match(lines[0] ?? "", /^SHELF {3}DUTY/);
  assert.match(lines[1] ?? "", /^nas {5}70 %/);
  assert.ok(lines.every((line) => line.length <= terminal.columns));
});

Deno.test("fanctl watch shows as many shelves as the terminal has rows for", async () => {
  const many = Array.from({ length: 50 }, (_, index) => ({ ...QUIET_SHELF, shelf: `s${index}` }));
  await using server = new WireServer(new Shelves(...many).answer);
  const io = new TestIo({ terminal: { columns: 80, rows: 10 } });
  assert.equal(await watch(server, io, "--once"), 0);
  const last = io.out.split("\u001b[J").at(-2) ?? "";
  assert.equal(last.match(/\n/g)?.length, 9);
  assert.match(last, /and 43 more/);
});

Deno.test("fanctl watch follows more shelves than may be subscribed to at once", async () => {
  const many = Array.from({ length: 300 }, (_, index) => ({ ...QUIET_SHELF, shelf: `s${index}` }));
  await using server = new WireServer(new Shelves(...many).answer);
  const io = new TestIo();
  assert.equal(await watch(server, io, "--once"), 0);
  assert.equal(new Set(linesOf(io.out).map((line) => line.split("  ")[1])).size, 300);
  assert.equal(server.asked.filter(({ request }) => request === "subscribe").length, 300);
});

Deno.test("fanctl watch follows shelves that a reload brings", async () => {
  const shelves = new Shelves(QUIET_SHELF);
  await using server = new WireServer(shelves.answer);
  const io = new TestIo();
  const ended = watch(server, io);
  await io.until(() => io.out.includes("nas"));
  shelves.statuses.set("rack", LOST_SHELF);
  await shelves.set({ ...QUIET_SHELF, percent: 70 });
  await io.until(() => io.out.includes("rack"));
  io.interrupt();
  assert.equal(await ended, 0);
});

Deno.test("fanctl watch ends at once when there is nothing to watch", async () => {
  await using server = new WireServer(new Shelves().answer);
  const io = new TestIo();
  assert.equal(await watch(server, io, "--once"), 0);
  assert.equal(io.out, "");
});

Deno.test("fanctl watch comes back when the server does", async () => {
  const shelves = new Shelves(QUIET_SHELF);
  const clock = new VirtualClock(NOW);
  const io = new TestIo({ clock });
  const first = new WireServer(shelves.answer);
  const ended = watch(first, io, "nas");
  await io.until(() => io.out.includes("62.5 %"));
  await first[Symbol.asyncDispose]();
  await io.until(() => io.err.includes("trying again"));
  await using second = new WireServer(shelves.answer, first.port);
  shelves.statuses.set("nas", { ...QUIET_SHELF, percent: 33 });
  await clock.advance(10_000);
  await io.until(() => io.out.includes("33 %"));
  assert.equal(io.err.match(/trying again/g)?.length, 1);
  assert.equal(second.clients, 1);
  io.interrupt();
  assert.equal(await ended, 0);
});

Deno.test("fanctl watch ends with 0 while it waits for a server that has gone", async () => {
  const clock = new VirtualClock(NOW);
  const io = new TestIo({ clock });
  const server = new WireServer(new Shelves(QUIET_SHELF).answer);
  const ended = watch(server, io, "nas");
  await io.until(() => io.out.includes("62.5 %"));
  await server[Symbol.asyncDispose]();
  await io.until(() => io.err.includes("trying again"));
  io.interrupt();
  assert.equal(await ended, 0);
  assert.equal(clock.waiting, 0);
});

Deno.test("fanctl watch exits with 1 when the server is not there, or a shelf is not", async () => {
  const io = new TestIo();
  const server = new WireServer(new Shelves(QUIET_SHELF).answer);
  {
    await using _open = server;
    assert.equal(await watch(server, io, "nas", "other"), 1);
  }
  assert.match(io.err, /^fanctl: Cannot find "other": none; ask\n$/);
  assert.equal(await watch(server, new TestIo(), "nas"), 1);
});
