/**
 * Clients that ask while the agents are served: so many requests a second, over some connections.
 *
 * Run by bench/load/main.ts: others.ts PORT REQUESTS_A_SECOND CONNECTIONS SECONDS SHELVES
 *
 * @module
 */

import { Request } from "../../src/wire/request.ts";
import type { WireValue } from "../../src/wire/value.ts";
import { pause, shelfName, spread, tell } from "./figures.ts";
import { Peer } from "./peer.ts";

const [port = 0, rate = 0, connections = 1, seconds = 0, shelves = 1] = Deno.args.map(Number);
const STEP_MS = 10;

/** What people and programs ask, most often the cheapest. */
function question(turn: number): [request: string, args: WireValue[]] {
  const shelf = shelfName(Math.floor(Math.random() * shelves));
  if (turn % 10 < 6) return [Request.GET_PWM, [shelf]];
  if (turn % 10 < 8) return [Request.GET_RPM, [shelf]];
  if (turn % 10 < 9) return [Request.PING, []];
  return [Request.STATUS, [shelf]];
}

const tookMs: number[] = [];
const peers: Peer[] = [];
const waiting: number[][] = [];
for (let index = 0; index < connections; index++) {
  const peer = await Peer.open(port);
  const sentMs: number[] = [];
  peer.read(() => tookMs.push(performance.now() - (sentMs.shift() ?? NaN)));
  peers.push(peer);
  waiting.push(sentMs);
}
const startMs = performance.now();
for (let turn = 0; performance.now() - startMs < seconds * 1000;) {
  const due = (performance.now() - startMs) / 1000 * rate;
  for (; turn < due; turn++) {
    const at = turn % connections;
    waiting[at]?.push(performance.now());
    peers[at]?.send(...question(turn)).catch(() => {});
  }
  await pause(STEP_MS);
}
await pause(500);
tell("asked", { asked: tookMs.length, tookMs: spread(tookMs) });
for (const peer of peers) peer.close();
