import { ok } from "node:assert/strict";
import { fuzzBoard } from "../fuzz/board.ts";
import { fuzzConfig } from "../fuzz/config.ts";
import { SHELVES } from "../fuzz/grammar.ts";
import { originals } from "../fuzz/originals.ts";
import { seeded } from "../fuzz/random.ts";
import { fuzzWire, wirePool } from "../fuzz/wire.ts";
import { RawPeer } from "../support/raw_peer.ts";
import { serve } from "../support/serve.ts";

const seed = Math.floor(Math.random() * 2 ** 31);

/** Says with which seed a failure comes again. */
async function seeding(fuzz: () => Promise<void> | void): Promise<void> {
  try {
    await fuzz();
  } catch (cause) {
    throw new Error(`failed with the seed ${seed}: ${cause}`, { cause });
  }
}

Deno.test("a server answers whatever it is sent as the protocol says", () =>
  seeding(async () => {
    await using server = serve({ shelves: SHELVES, tempsC: { nas: 50, attic: 30 } });
    const connect = async () =>
      new RawPeer(await Deno.connect({ hostname: "127.0.0.1", port: server.port }));
    const run = await fuzzWire(30_000, wirePool(3000, seed), seeded(seed), connect);
    ok(run.answered > 10_000 && run.errors > 1000 && run.disconnects > 0, JSON.stringify(run));
  }));

Deno.test("whatever a board sends is read or refused", () =>
  seeding(() => {
    const run = fuzzBoard(30_000, seeded(seed));
    ok(run.replies > 1000 && run.bad > 1000, JSON.stringify(run));
  }));

Deno.test("a configuration with something changed is read or refused with its problems", () =>
  seeding(async () => {
    const run = fuzzConfig(1500, await originals(), seeded(seed));
    ok(run.accepted > 0 && run.accepted < run.texts, JSON.stringify(run));
  }));
