import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Journaled } from "../../support/journaled.ts";
import { serve } from "../../support/serve.ts";
import { TestIo } from "../../support/test_io.ts";
import { runFanctl } from "../../../src/cli/main.ts";

/** Runs fanctl, which needs no server here. */
async function runCli(
  args: readonly string[],
): Promise<{ status: number; stdout: string; stderr: string }> {
  const io = new TestIo();
  const status = await runFanctl(args, io);
  return { status, stdout: io.out, stderr: io.err };
}

/** Another configuration for the shelf of these tests: half as much air. */
const CALM = `
[[sensor]]
name = "nas"
type = "file"
path = "unused"
[[shelf]]
name = "nas"
floor_percent = 10
[[shelf.cause]]
name = "curve"
sensors = ["nas"]
curve = [[20, 10], [80, 40]]
`;

Deno.test("a client is told the history page by page, in one row of steps", async () => {
  await using journaled = await Journaled.start();
  await journaled.pass(300, 40);
  await journaled.pass(100, 60);
  const client = await journaled.connect();
  const from = new Date(journaled.clock.wallMs() - 395_000);
  const steps: { at: Date; duty: [number, number, number] }[] = [];
  let cursor: string | null = null;
  let pages = 0;
  do {
    await client.send("history", ["nas", from, null, 400, cursor]);
    const [request, [entries, next, about]] = await client.next();
    equal(request, "history");
    deepEqual(about, { step_ms: 1000 });
    steps.push(...entries as unknown as typeof steps);
    cursor = next as string | null;
    pages++;
  } while (cursor !== null);
  ok(pages > 1);
  equal(new Set(steps.map(({ at }) => at.getTime())).size, steps.length);
  ok(steps.length >= 395);
  deepEqual(steps.at(0)?.duty, [40, 40, 40]);
  deepEqual(steps.at(-1)?.duty, [60, 60, 60]);
});

Deno.test("a client that asks for a history in a wrong way is told how to, and nobody is harmed", async () => {
  await using journaled = await Journaled.start();
  const client = await journaled.connect();
  const [now, before] = [new Date(1_900_000_000_000), new Date(1_800_000_000_000)];
  const wrong = [
    ["nas"],
    ["nas", null],
    ["nas", now, before],
    ["nas", before, now, 0],
    ["nas", before, now, 1.5],
    ["nas", before, now, 10_001],
    ["nas", before, now, 10, "no cursor"],
    ["nas", before, now, 10, "0 9e99 1"],
    ["nas", before, now, 10, null, 1],
  ];
  for (const args of wrong) {
    await client.send("history", args);
    deepEqual((await client.next())[1][0], "bad_arguments", JSON.stringify(args));
  }
  await client.send("history", ["other", before, now]);
  deepEqual((await client.next())[1][0], "shelf_not_found");
});

Deno.test("why at a time that is over explains what was decided then", async () => {
  await using journaled = await Journaled.start();
  await journaled.pass(30, 40);
  const thenMs = journaled.clock.wallMs() - 500;
  await journaled.pass(30, 60);
  const client = await journaled.connect();
  const [request, [[entry]]] = await client.ask("why", "nas", null, null, new Date(thenMs)) as [
    string,
    [[Record<string, unknown>]],
  ];
  equal(request, "why");
  equal(entry["percent"], 40);
  match(String(entry["because"]), /nas 40\.0 °C -> 40 %/);
  equal((entry["decided_at"] as Date).getTime(), thenMs - 500);
  equal(entry["decided_age_ms"], 500);
  const [, [code, text]] = await client.ask("why", "nas", null, null, new Date(0));
  equal(code, "store");
  match(String(text), /the journal holds no readings of that time/);
});

Deno.test("a server without a journal says so", async () => {
  await using served = serve();
  const client = await served.connect();
  const [request, [code, text]] = await client.ask("history", "nas", new Date(0));
  deepEqual([request, code], ["error", "store"]);
  match(String(text), /this server keeps no journal/);
});

Deno.test("fanctl replays a journal that is being written, and tries another configuration on it", async () => {
  await using journaled = await Journaled.start();
  await journaled.pass(100, 40);
  await journaled.pass(100, 70);
  await journaled.history(1);
  const same = await runCli(["replay", journaled.path, "--json"]);
  const { ticks, decisions, difference, recorded, other } = JSON.parse(same.stdout);
  deepEqual([ticks, difference, other], [201, null, null]);
  ok(decisions > 0);
  equal(recorded.shelves.nas.max_percent, 70);
  const config = await journaled.folder.write("calm.toml", CALM);
  const tried = await runCli(["replay", journaled.path, "--config", config, "--json"]);
  const calm = JSON.parse(tried.stdout).other;
  equal(calm.temperatures, "as recorded");
  ok(calm.shelves.nas.mean_percent < recorded.shelves.nas.mean_percent);
  ok(calm.shelves.nas.fan_power < recorded.shelves.nas.fan_power);
  deepEqual(calm.sensors, recorded.sensors);
});

Deno.test("fanctl replay names what is no journal", async () => {
  await using journaled = await Journaled.start();
  const missing = await runCli(["replay", journaled.folder.join("none.db")]);
  equal(missing.status, 1);
  match(
    missing.stderr,
    /^fanctl: Cannot read the journal ".*none.db": there is no such file; name/,
  );
  const text = await journaled.folder.write("text.db", "no database\n".repeat(500));
  const other = await runCli(["replay", text]);
  match(other.stderr, /Cannot read the journal ".*text.db": file is not a database/);
});
