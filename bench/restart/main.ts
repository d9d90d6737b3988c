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

const encoder = new TextEncoder();

function row(what: string, measured: string): void {
  Deno.stdout.writeSync(encoder.encode(`${what.padEnd(38)} ${measured}\n`));
}

/** What a process of agents tells when all of its agents are there. */
interface All {
  readonly atMs: number;
  /** By the tenth of a second. */
  readonly connections: Readonly<Record<string, number>>;
  readonly expired: number;
}

async function allOf(fleet: readonly TestProcess[]): Promise<All> {
  const told = await Promise.all(fleet.map(async (process) => {
    const line = await process.line(/^all /, ALL_MS);
    return JSON.parse(line.slice("all ".length)) as All;
  }));
  return {
    atMs: Math.max(...told.map(({ atMs }) => atMs)),
    connections: sums(told.map(({ connections }) => connections)),
    expired: told.reduce((sum, { expired }) => sum + expired, 0),
  };
}

function sums(bins: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const [bin, count] of bins.flatMap((each) => Object.entries(each))) {
    all[bin] = (all[bin] ?? 0) + count;
  }
  return all;
}

function rowOf(what: string, agents: number, sinceMs: number, all: All): void {
  const counts = Object.values(all.connections);
  const tries = counts.reduce((sum, count) => sum + count, 0);
  const peak = Math.max(0, ...counts) * 10;
  row(
    `${agents} agents: ${what}`,
    `all after ${((all.atMs - sinceMs) / 1000).toFixed(1)} s; ${tries} connections, at most ` +
      `${peak}/s; ${all.expired} duties ran out`,
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
