/**
 * Many agents in one process, each with a session of its own as the real ones have, and no board.
 * Whenever all of them have a duty of a new epoch, it tells how they came by it.
 *
 * Run by bench/restart/main.ts: agents.ts PORT FIRST AGENTS
 *
 * @module
 */

import { ChannelPlan } from "../../src/agent/channel_plan.ts";
import { Claim } from "../../src/agent/duty/claim.ts";
import { DutyIntake } from "../../src/agent/duty/duty_intake.ts";
import { ServerLink } from "../../src/agent/server_link.ts";
import { systemClock } from "../../src/clock.ts";
import { silentLog } from "../../src/log.ts";
import { pause, shelfName, tell } from "../load/figures.ts";

const LOOK_MS = 20;

const [port = 0, first = 0, count = 0] = Deno.args.map(Number);
/** In which connections are counted. */
const BIN_MS = 100;
/** How many connections were made since all were there last, by the tenth of a second. */
let connections: Record<number, number> = {};
let expired = 0;

function countConnection(): void {
  const bin = Math.floor(Date.now() / BIN_MS);
  connections[bin] = (connections[bin] ?? 0) + 1;
}

/** One agent; its session goes on for as long as the process. */
class Agent {
  readonly plan: ChannelPlan;
  readonly claim = new Claim();

  constructor(index: number) {
    const shelf = shelfName(index);
    this.plan = new ChannelPlan([{ shelf, channels: [0] }], 100);
    const link = new ServerLink({
      servers: [{ host: "127.0.0.1", port }],
      shelves: [shelf],
      token: null,
      clock: systemClock,
      log: { ...silentLog, info: countConnection },
      random: Math.random,
      duties: new DutyIntake(this.plan, this.claim, systemClock, () => {}),
      announcement: () => ({ name: shelf, info: { line: "none", shelves: [shelf] } }),
      onTask: () => Promise.resolve({}),
    });
    link.run(new AbortController().signal);
  }
}

const agents = Array.from({ length: count }, (_, index) => new Agent(first + index));

for (let epoch = 0;;) {
  const newest = Math.max(...agents.map(({ claim }) => claim.granted));
  const nowMs = systemClock.monotonicMs();
  for (const { plan } of agents) expired += plan.newlyExpired(nowMs).length;
  if (newest > epoch && agents.every(({ claim }) => claim.granted === newest)) {
    tell("all", { atMs: Date.now(), connections, expired });
    epoch = newest;
    connections = {};
    expired = 0;
  }
  await pause(LOOK_MS);
}
