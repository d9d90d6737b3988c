/**
 * Clients that behave badly, of one kind: so many at once, until they are ended.
 *
 * Run by bench/load/slow_clients.ts: hostile.ts PORT KIND
 *
 * @module
 */

import { encodeMessage } from "../../src/wire/message.ts";
import { pause, shelfName, tell } from "./figures.ts";
import { Peer } from "./peer.ts";

const port = Number(Deno.args[0]);
const [, kind = ""] = Deno.args;

/** So many requests in one write. */
const FLOOD = 500;

/** Keeps one connection open for as long as the server does, again and again. */
async function again(count: number, use: (peer: Peer) => Promise<void>): Promise<never> {
  await Promise.all(Array.from({ length: count }, async () => {
    for (;;) {
      try {
        const peer = await Peer.open(port);
        await use(peer);
        peer.close();
      } catch {
        await pause(100);
      }
    }
  }));
  throw new Error("This never ends");
}

const untilItEnds = (peer: Peer): Promise<void> => peer.read(() => {});

function flood(request: Uint8Array): Uint8Array {
  const many = new Uint8Array(request.length * FLOOD);
  for (let index = 0; index < FLOOD; index++) many.set(request, index * request.length);
  return many;
}

async function floodAndRead(peer: Peer, request: Uint8Array): Promise<void> {
  const many = flood(request);
  untilItEnds(peer);
  for (;;) await peer.write(many);
}

const PING = encodeMessage("ping", []);
const STATUS = encodeMessage("status", []);
const SUBSCRIBE = encodeMessage("subscribe", [shelfName(0)]);
const ORDERS = new Uint8Array([
  ...encodeMessage("set_pwm_override", [shelfName(0), 60]),
  ...encodeMessage("set_pwm_override", [shelfName(0), 61]),
]);

const KINDS: Readonly<Record<string, () => Promise<never>>> = {
  "1000 silent": () => again(1000, untilItEnds),
  "200 that send a byte a minute": () =>
    again(200, async (peer) => {
      const ended = untilItEnds(peer);
      let isOver = false;
      ended.then(() => isOver = true);
      for (const byte of PING) {
        await peer.write(new Uint8Array([byte]));
        await Promise.race([ended, pause(60_000)]);
        if (isOver) return;
      }
    }),
  "50 that ask for pages and never read": () =>
    again(50, async (peer) => {
      const many = flood(STATUS);
      for (;;) await peer.write(many);
    }),
  "50 that subscribe and never read": () =>
    again(50, async (peer) => {
      await peer.write(SUBSCRIBE);
      await pause(60_000);
    }),
  "8 that open and close": () => again(8, () => Promise.resolve()),
  "1 that pipelines pings": () => again(1, (peer) => floodAndRead(peer, PING)),
  "20 that pipeline pings": () => again(20, (peer) => floodAndRead(peer, PING)),
  "20 that pipeline pages of status": () => again(20, (peer) => floodAndRead(peer, STATUS)),
  "20 that pipeline orders": () => again(20, (peer) => floodAndRead(peer, ORDERS)),
};

tell("begun", kind);
await KINDS[kind]?.();
