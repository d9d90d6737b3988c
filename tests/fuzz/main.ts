/**
 * Floods everything that reads what others wrote: `deno task fuzz --frames 10000000 --seed 1`.
 * Prints the seed, so that a failure comes again.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { RawPeer } from "../support/raw_peer.ts";
import { serve } from "../support/serve.ts";
import { fuzzBoard } from "./board.ts";
import { fuzzConfig } from "./config.ts";
import { SHELVES } from "./grammar.ts";
import { originals } from "./originals.ts";
import { seeded } from "./random.ts";
import { fuzzWire, wirePool } from "./wire.ts";

const encoder = new TextEncoder();
const { values } = parseArgs({ options: { frames: { type: "string" }, seed: { type: "string" } } });
const frames = Number(values.frames ?? 1_000_000);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
/** The pool of messages is made anew after so many frames. */
const ROUND = 500_000;
/** A board says less than clients do, and a configuration costs more than both. */
const BOARD_SHARE = 0.2;
const CONFIG_SHARE = 0.002;

function say(text: string): void {
  Deno.stdout.writeSync(encoder.encode(`${text}\n`));
}

function memory(): string {
  const { rss, heapUsed } = Deno.memoryUsage();
  return `rss ${(rss / 2 ** 20).toFixed(0)} MiB, heap ${(heapUsed / 2 ** 20).toFixed(0)} MiB`;
}

say(`seed ${seed}, ${frames} frames; ${memory()}`);
await using server = serve({ shelves: SHELVES, tempsC: { nas: 50, attic: 30 } });
const connect = async () =>
  new RawPeer(await Deno.connect({ hostname: "127.0.0.1", port: server.port }));
const texts = await originals();
const random = seeded(seed);
for (let done = 0; done < frames; done += ROUND) {
  const size = Math.min(ROUND, frames - done);
  const wire = await fuzzWire(size, wirePool(20_000, seed + done), random, connect);
  const board = fuzzBoard(Math.ceil(BOARD_SHARE * size), random);
  const config = fuzzConfig(Math.ceil(CONFIG_SHARE * size), texts, random);
  say(`${JSON.stringify({ wire, board, config })} ${memory()}`);
}
