/**
 * Whether agents and well-behaved clients notice those who are not: before, and during each kind.
 * `deno task bench:slow`; the hostile process takes its share of the machine, which is in the
 * figures.
 *
 * @module
 */

import { startDeno, type TestProcess } from "../../tests/support/process.ts";
import { ms, type Spread } from "./figures.ts";
import { counters } from "./counters.ts";
import { ServerUnderLoad } from "./server_under_load.ts";

const AGENTS = 100;
const SECONDS = 8;
const ASKED_A_SECOND = 200;
const NOBODY = "nobody";
const KINDS = [
  NOBODY,
  "1000 silent",
  "200 that send a byte a minute",
  "50 that ask for pages and never read",
  "50 that subscribe and never read",
  "8 that open and close",
  "1 that pipelines pings",
  "20 that pipeline pings",
  "20 that pipeline pages of status",
  "20 that pipeline orders",
];

const encoder = new TextEncoder();
const say = (cells: readonly string[]) => {
  const [first = "", ...rest] = cells;
  const line = first.padEnd(38) + rest.map((cell) => cell.padStart(13)).join("");
  Deno.stdout.writeSync(encoder.encode(`${line}\n`));
};

async function told<T>(process: TestProcess, word: string): Promise<T> {
  const line = await process.line(new RegExp(`^${word} `), 120_000);
  return JSON.parse(line.slice(word.length + 1));
}

function start(script: string, ...args: (string | number)[]): TestProcess {
  return startDeno(["run", "--allow-net=127.0.0.1", script, ...args.map(String)]);
}

async function measure(kind: string): Promise<void> {
  await using server = await ServerUnderLoad.start(AGENTS, [], 2000);
  await using agents = start("bench/load/agents.ts", server.port, AGENTS, SECONDS);
  await told(agents, "joined");
  await using hostile = kind === NOBODY ? null : start("bench/load/hostile.ts", server.port, kind);
  if (hostile !== null) await told(hostile, "begun");
  await told(agents, "settled");
  await using others = start(
    "bench/load/others.ts",
    ...[server.port, ASKED_A_SECOND, 10, SECONDS, AGENTS],
  );
  const measured = await told<{ orders: Spread; gaps: Spread; lost: number }>(agents, "measured");
  const asked = await told<{ tookMs: Spread }>(others, "asked");
  await hostile?.[Symbol.asyncDispose]();
  const { ticks_late: late, tick_delay_most_ms: worst } = await counters(server.port);
  say([
    kind,
    ms(asked.tookMs.p50),
    ms(asked.tookMs.p99),
    ms(measured.orders.p99),
    ms(measured.gaps.max),
    `${late}`,
    `${worst} ms`,
    `${measured.lost}`,
  ]);
}

say(["beside", "answer p50", "answer p99", "order p99", "longest beat", "late ticks"].concat([
  "worst tick",
  "agents lost",
]));
const wanted = Deno.args.length > 0 ? Deno.args : KINDS;
for (const kind of wanted) await measure(kind);
