/**
 * How agents come back to a server that was restarted: `deno task bench:restart [AGENTS…]`. They
 * are real sessions in two processes, on one machine with the server.
 *
 * @module
 */

import { startDeno, type TestProcess } from "../../tests/support/process.ts";
import { pause } from "../load/figures.ts";
import { ServerUnderLoad } from "../load/server_under_load.ts";

const PROCESSES = 2;
const SETTLED_MS = 4000;
/** Longer than the agents hold their duties. */
const AWAY_MS = 8000;
const ALL_MS = 120_000;
/** In which the rate of connections is looked at. */
const BIN_MS = 100;

const encoder = new TextEncoder();

function row(what: string, measured: string): void {
  Deno.stdout.writeSync(encoder.encode(`${what.padEnd(38)} ${measured}\n`));
}

/** What a process of agents tells when all of its agents are there. */
interface All {
  readonly atMs: number;
  readonly connectedMs: readonly number[];
  readonly expired: number;
}

async function allOf(fleet: readonly TestProcess[]): Promise<All> {
  const told = await Promise.all(fleet.map(async (process) => {
    const line = await process.line(/^all /, ALL_MS);
    return JSON.parse(line.slice("all ".length)) as All;
  }));
  return {
    atMs: Math.max(...told.map(({ atMs }) => atMs)),
    connectedMs: told.flatMap(({ connectedMs }) => connectedMs),
    expired: told.reduce((sum, { expired }) => sum + expired, 0),
  };
}

/** The most connections in any tenth of a second, a second. */
function peakRate(connectedMs: readonly number[]): number {
  const bins = new Map<number, number>();
  for (const ms of connectedMs) {
    const bin = Math.floor(ms / BIN_MS);
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
  }
  return Math.max(0, ...bins.values()) * 1000 / BIN_MS;
}

function rowOf(what: string, agents: number, sinceMs: number, all: All): void {
  const tries = all.connectedMs.length;
  row(
    `${agents} agents: ${what}`,
    `all after ${((all.atMs - sinceMs) / 1000).toFixed(1)} s; ${tries} connections, at most ` +
      `${peakRate(all.connectedMs)}/s; ${all.expired} duties ran out`,
  );
}

async function measure(agents: number): Promise<void> {
  await using server = await ServerUnderLoad.start(agents);
  const startMs = Date.now();
  await using fleet = new AsyncDisposableStack();
  const each = Math.ceil(agents / PROCESSES);
  const processes = Array.from({ length: PROCESSES }, (_, index) =>
    fleet.use(startDeno([
      ...["run", "--allow-net=127.0.0.1", "bench/restart/agents.ts"],
      ...[server.port, index * each, Math.min(each, agents - index * each)].map(String),
    ])));
  rowOf("cold start", agents, startMs, await allOf(processes));
  const restarts = [
    ["restarted as planned (SIGTERM)", "SIGTERM", 0],
    ["killed, and at once started again", "SIGKILL", 0],
    [`killed, started after ${AWAY_MS / 1000} s`, "SIGKILL", AWAY_MS],
  ] as const;
  for (const [what, signal, awayMs] of restarts) {
    await pause(SETTLED_MS);
    const all = allOf(processes);
    const endMs = Date.now();
    await server.restart(signal, awayMs);
    row(`  the server listens again`, `after ${((Date.now() - endMs) / 1000).toFixed(1)} s`);
    rowOf(what, agents, endMs, await all);
  }
}

const sizes = Deno.args.map(Number);
for (const agents of sizes.length > 0 ? sizes : [100, 1000, 10_000]) await measure(agents);
