/**
 * A server for hours under half load, with faults injected: what it holds must stay what it is.
 *
 * `deno task soak [SECONDS] [AGENTS] [SEED]`; prints a line a sample, and a verdict at the end.
 *
 * @module
 */

import { counters } from "../load/counters.ts";
import { pause } from "../load/figures.ts";
import { Crowd, randomFrom } from "./crowd.ts";
import { type Holdings, WatchedServer } from "./watched_server.ts";

const [seconds = 3600, agents = 1000, seed = Date.now() % 1_000_000] = Deno.args.map(Number);
const SAMPLES = 60;
/** What is still called the same: the heap breathes, and the journal fills up to its limit. */
const FLAT = { descriptors: 1.1, residentMiB: 1.25, threads: 1.1, timers: 1.5, storeKiB: 1.5 };

/** SQLite lets the log beside the store grow to 1000 pages before it starts over. */
const STORE_KIB = 4300;

const encoder = new TextEncoder();
const say = (line: string) => Deno.stdout.writeSync(encoder.encode(`${line}\n`));

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** The first third of the samples against the last one; the very first are left out. */
function verdict(samples: readonly Holdings[]): boolean {
  const third = Math.max(1, Math.floor(samples.length / 3));
  let isFlat = true;
  for (const [name, most] of Object.entries(FLAT)) {
    const of = (part: readonly Holdings[]) => median(part.map((each) => each[name as "timers"]));
    const [first, last] = [of(samples.slice(0, third)), of(samples.slice(-third))];
    // A few descriptors more are clients of that moment.
    const isSame = last <= first * most || last - first <= 16 ||
      (name === "storeKiB" && last <= STORE_KIB);
    isFlat &&= isSame;
    say(`${name}: ${first.toFixed(0)} -> ${last.toFixed(0)} ${isSame ? "flat" : "GREW"}`);
  }
  return isFlat;
}

await using server = await WatchedServer.start(agents);
const crowd = new Crowd(server, agents, randomFrom(seed));
say(`soak: ${seconds} s, ${agents} agents, seed ${seed}`);
crowd.start(true);
await pause(Math.min(20_000, seconds * 200));
const startMs = performance.now();
const samples: Holdings[] = [];
say("    s agents    fds    MiB threads timers  store journal accepted  late ticks, worst ms");
while (performance.now() - startMs < seconds * 1000) {
  const holdings = await server.holdings();
  const found = await counters(server.port);
  samples.push(holdings);
  const cells = [
    [(performance.now() - startMs) / 1000, 5],
    [crowd.connected, 6],
    [holdings.descriptors, 6],
    [holdings.residentMiB, 6],
    [holdings.threads, 7],
    [holdings.timers, 6],
    [holdings.storeKiB, 6],
    [holdings.journalKiB, 7],
    [found.accepted ?? NaN, 8],
    [found.ticks_late ?? NaN, 11],
    [found.tick_delay_most_ms ?? NaN, 9],
  ] as const;
  say(cells.map(([value, width]) => value.toFixed(0).padStart(width)).join(" "));
  await pause(Math.max(1000, seconds * 1000 / SAMPLES));
}
const found = await counters(server.port);
say(JSON.stringify({ done: crowd.done, counters: found }));
const pushes = crowd.agents.reduce((sum, agent) => sum + agent.pushes, 0);
say(
  `${pushes} duties pushed, agents were lost ${
    crowd.agents.reduce((sum, agent) => sum + agent.losses, 0)
  } times`,
);
await crowd.stop();
for (let tries = 0; tries < 100 && (await counters(server.port)).clients !== 1; tries++) {
  await pause(100);
}
const { descriptors, timers } = await server.holdings();
say(`when all have gone: ${descriptors} descriptors, ${timers} timers`);
for (const line of server.errors.slice(0, 10)) say(`it said: ${line}`);
const isFlat = verdict(samples);
say(isFlat ? "flat" : "not flat");
await server[Symbol.asyncDispose]();
Deno.exit(isFlat ? 0 : 1);
