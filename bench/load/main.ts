/**
 * The server under the load of its agents: `deno task bench:load [AGENTS…] [--report]`. Agents and
 * those who ask are processes of their own; all share the machine, so what clients cost is in the
 * figures.
 *
 * @module
 */

import { startDeno, type TestProcess } from "../../tests/support/process.ts";
import { counters } from "./counters.ts";
import { ms, pause, type Spread } from "./figures.ts";
import { ServerUnderLoad } from "./server_under_load.ts";

const SECONDS = 20;
const ASKED_A_SECOND = 1000;
const ASKING = 50;

const sizes = Deno.args.filter((arg) => /^\d+$/.test(arg)).map(Number);
/** Of the server's Deno, as --cpu-prof. */
const flags = Deno.args.filter((arg) => arg.startsWith("--") && arg !== "--report");
/** Agents report their fans once a second, as they do; without it they only listen. */
const reportMs = Deno.args.includes("--report") ? 1000 : 0;

const encoder = new TextEncoder();

function row(what: string, measured: string, goal = ""): void {
  Deno.stdout.writeSync(encoder.encode(`${what.padEnd(38)} ${measured.padEnd(52)} ${goal}\n`));
}

async function told<T>(process: TestProcess, word: string): Promise<T> {
  const line = await process.line(new RegExp(`^${word} `), 120_000);
  return JSON.parse(line.slice(word.length + 1));
}

const spreadText = ({ p50, p99, max }: Spread): string =>
  `p50 ${ms(p50)}, p99 ${ms(p99)}, max ${ms(max)}`;

interface Measured {
  orders: Spread;
  unheard: number;
  gaps: Spread;
  lost: number;
}

/** Connections that subscribe and do no more: their memory is theirs, and not their shelves'. */
async function plain(connections: number): Promise<void> {
  await using server = await ServerUnderLoad.start(1, [], connections + 10);
  await pause(2000);
  const emptyKiB = await server.residentKiB();
  await using fleet = start("bench/load/agents.ts", server.port, connections, 0, 0, 1);
  await told(fleet, "settled");
  const eachKiB = (await server.residentKiB() - emptyKiB) / connections;
  row(`${connections} connections: memory`, `${eachKiB.toFixed(1)} KiB each`, "16 KiB");
}

function start(script: string, ...args: number[]): TestProcess {
  return startDeno(["run", "--allow-net=127.0.0.1", script, ...args.map(String)]);
}

async function measure(agents: number): Promise<void> {
  const startMs = performance.now();
  await using server = await ServerUnderLoad.start(agents, flags);
  const emptyKiB = await server.residentKiB();
  await using fleet = start("bench/load/agents.ts", server.port, agents, SECONDS, reportMs);
  const { tookMs, retried } = await told<{ tookMs: number; retried: number }>(fleet, "joined");
  const coldMs = performance.now() - startMs;
  await told(fleet, "settled");
  const fullKiB = await server.residentKiB();
  const workedMs = await server.workedMs();
  await using others = start(
    "bench/load/others.ts",
    ...[server.port, ASKED_A_SECOND, ASKING, SECONDS, agents],
  );
  const measured = await told<Measured>(fleet, "measured");
  const asked = await told<{ asked: number; tookMs: Spread }>(others, "asked");
  const cpu = (await server.workedMs() - workedMs) / SECONDS / 10;
  row(
    `${agents} agents: joined`,
    `${ms(tookMs)}, ${ms(coldMs)} from the start, ${retried} retried`,
  );
  row(
    "  memory",
    `${((fullKiB - emptyKiB) / agents).toFixed(1)} KiB an agent and its shelf; ${
      fullKiB >> 10
    } MiB`,
  );
  row("  heartbeats, one to the next", spreadText(measured.gaps), "1000 ms");
  row(
    "  order to its agent",
    `${spreadText(measured.orders)}; ${measured.unheard} unheard`,
    "p99 100 ms",
  );
  row("  others' requests", `${asked.asked / SECONDS}/s, ${spreadText(asked.tookMs)}`);
  const { ticks_late: late, tick_delay_most_ms: worst } = await counters(server.port);
  row("  server", `${cpu.toFixed(1)} % of a core; ${measured.lost} lost`);
  row("  ticks", `${late} late, the worst by ${worst} ms`, "0 late");
  const said = server.log.split("\n").filter((line) => /warn|error/.test(line)).slice(0, 5);
  for (const line of said) row("  it said", line);
}

if (sizes.length === 0) sizes.push(100, 1000, 10_000);
if (reportMs === 0) { for (const connections of sizes) await plain(connections); }
for (const agents of sizes) await measure(agents);
