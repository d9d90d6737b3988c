/**
 * How faults are made in a running chain, and undone.
 *
 * @module
 */

import { stop } from "../support/pulses.ts";
import type { Way } from "../support/relay.ts";
import { WireServer } from "../support/wire_server.ts";
import type { Rig } from "./rig.ts";

/** Does it; what it returns undoes it. */
export type Inject = (rig: Rig) => Promise<() => Promise<void>>;

/** Nothing passes. */
export const STALLED: Way = { stalled: true };
/** No byte arrives as it was sent. */
export const GARBLED: Way = { corrupt: 1 };

/** What is over when it has happened. */
export function once(happens: (rig: Rig) => void | Promise<void>): Inject {
  return async (rig) => {
    await happens(rig);
    return () => Promise.resolve();
  };
}

/** Bad lines of one relay, until they are undone. */
export function lines(
  relay: "readings" | "network" | "serial",
  way: Way,
  direction?: "up" | "down",
): Inject {
  return (rig) => {
    rig[relay].set(way, direction === undefined ? ["up", "down"] : [direction]);
    return Promise.resolve(() => {
      rig[relay].set({});
      return Promise.resolve();
    });
  };
}

/** Several at once; undone in the same order. */
export function both(...injects: Inject[]): Inject {
  return async (rig) => {
    const undo = await Promise.all(injects.map((inject) => inject(rig)));
    return async () => {
      for (const each of undo) await each();
    };
  };
}

/** A process that is killed, and started again in the end. */
export function killed(which: "sensor" | "server" | "agent", start: (rig: Rig) => unknown): Inject {
  return (rig) => {
    rig[which].kill("SIGKILL");
    return Promise.resolve(async () => {
      await rig[which].ended;
      await start(rig);
    });
  };
}

/** A process that is ended, and at once started again. */
export function restarted(
  which: "sensor" | "server" | "agent",
  signal: Deno.Signal,
  start: (rig: Rig) => unknown,
): Inject {
  return async (rig) => {
    rig[which].kill(signal);
    await rig[which].ended;
    await start(rig);
    return () => Promise.resolve();
  };
}

/** A process that stands still, for good or again and again. */
export function stopped(
  pidOf: (rig: Rig) => number,
  pulses?: { standMs: number; runMs: number },
): Inject {
  return (rig) => Promise.resolve(stop(pidOf(rig), pulses));
}

export const sensorPid = (rig: Rig): number => rig.sensor.pid;
export const serverPid = (rig: Rig): number => rig.server.pid;
export const agentPid = (rig: Rig): number => rig.agent.pid;
export const boardPid = (rig: Rig): number => rig.board.pid;

/** A server that says what no server may, and never what a fan could follow. */
export function nonsense(rig: Rig): Promise<() => Promise<void>> {
  let session = 0;
  const server = new WireServer(async ({ request }, connection) => {
    if (request !== "subscribe") return;
    const kind = session++ % 4;
    if (kind === 0) await connection.write(crypto.getRandomValues(new Uint8Array(64)));
    else if (kind === 1) await connection.send("duty", "a", "fast", 1, 1, 0, 5000);
    else if (kind === 2) await connection.send("duty", "a", -5, 2 ** 40, 1, 0, 5000, 0, 0);
    else await connection.send("duty", "a", 10, 1, 1, 0, 60_000, 0, 0);
  });
  rig.network.divert(server.port);
  return Promise.resolve(async () => {
    rig.network.divert(rig.serverPort);
    await server[Symbol.asyncDispose]();
  });
}
