/**
 * Thousands of agents in one process: each subscribes to a shelf of its own and takes what is
 * pushed. One more connection orders overrides, and measures how long each takes to its agent.
 *
 * Run by bench/load/main.ts: agents.ts PORT AGENTS SECONDS [REPORT_MS] [SHELVES]
 *
 * @module
 */

import type { Message } from "../../src/wire/message.ts";
import { Request } from "../../src/wire/request.ts";
import { pause, shelfName, spread, tell } from "./figures.ts";
import { Peer } from "./peer.ts";

const ORDERS_A_SECOND = 20;
/** Above what the shelves ask for by themselves; each order is for something else than the last. */
const LEAST_ORDERED = 55;
const MOST_ORDERED = 79;

const [port = 0, count = 0, seconds = 0, reportMs = 0, shelves = count] = Deno.args.map(Number);

/** One agent: when it was told last, and what it waits for. */
class Agent {
  readonly shelf: string;
  peer: Peer | null = null;
  lastMs = 0;
  ordered = LEAST_ORDERED;
  awaited: { percent: number; found(): void } | null = null;

  constructor(index: number) {
    this.shelf = shelfName(index % shelves);
  }

  /** Connects, as often as it takes, and resolves at the first push. */
  async join(): Promise<void> {
    while (!await this.#tryToJoin()) await pause(100 + Math.random() * 400);
  }

  async #tryToJoin(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    try {
      this.peer = await Peer.open(port);
      this.peer.read((message) => {
        if (message.request !== Request.DUTY && message.request !== Request.PENDING) return;
        this.#take(message);
        resolve(true);
      }).then(() => {
        lost++;
        resolve(false);
      });
      await this.peer.send(Request.SUBSCRIBE, [this.shelf]);
      return await promise;
    } catch {
      lost++;
      return false;
    }
  }

  #take({ request, args }: Message): void {
    const nowMs = performance.now();
    if (isMeasuring && this.lastMs > 0) gapsMs.push(nowMs - this.lastMs);
    this.lastMs = nowMs;
    if (request !== Request.DUTY || args[1] !== this.awaited?.percent) return;
    this.awaited?.found();
    this.awaited = null;
  }
}

let isMeasuring = false;
let lost = 0;
const gapsMs: number[] = [];
const agents = Array.from({ length: count }, (_, index) => new Agent(index));

/** Orders one shelf after the other, and times each order up to its agent. */
async function order(untilMs: number): Promise<{ tookMs: number[]; unheard: number }> {
  const operator = await Peer.open(port);
  operator.read(() => {});
  const tookMs: number[] = [];
  let unheard = 0;
  while (performance.now() < untilMs) {
    const agent = agents[Math.floor(Math.random() * count)];
    if (agent === undefined) break;
    const percent = agent.ordered < MOST_ORDERED ? agent.ordered + 1 : LEAST_ORDERED;
    agent.ordered = percent;
    const sentMs = performance.now();
    unheard++;
    agent.awaited = {
      percent,
      found() {
        tookMs.push(performance.now() - sentMs);
        unheard--;
      },
    };
    await operator.send(Request.SET_PWM_OVERRIDE, [agent.shelf, percent]);
    await pause(1000 / ORDERS_A_SECOND);
  }
  await pause(500);
  operator.close();
  return { tookMs, unheard };
}

/** Every agent reports as agents do, each at its own moment of the period. */
async function report(untilMs: number): Promise<void> {
  const stepMs = 20;
  const steps = Math.max(1, Math.round(reportMs / stepMs));
  const details = { board: "main", ttl_ms: 5000 };
  for (let step = 0; performance.now() < untilMs; step++) {
    for (let index = step % steps; index < count; index += steps) {
      const agent = agents[index];
      agent?.peer?.send(Request.SET_RPM, [agent.shelf, 900 + step % 50, details]).catch(() => {});
    }
    await pause(stepMs);
  }
}

const startMs = performance.now();
await Promise.all(agents.map((agent) => agent.join()));
tell("joined", { tookMs: performance.now() - startMs, retried: lost });
lost = 0;
await pause(3000);
tell("settled", {});
isMeasuring = true;
const untilMs = performance.now() + seconds * 1000;
if (reportMs > 0) report(untilMs);
const { tookMs, unheard } = await order(untilMs);
isMeasuring = false;
tell("measured", { orders: spread(tookMs), unheard, gaps: spread(gapsMs), lost });
await pause(3_600_000);
