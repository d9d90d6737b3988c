/**
 * Keeping a port while its listener is exchanged.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import { openNet } from "../net.ts";
import { openConn } from "../open_conn.ts";

/** How long the connection to oneself may take, in milliseconds. */
const HOLD_MS = 1000;
/** How long to wait between two tries, in milliseconds, and how often to try. */
const RETRY_MS = 2;
const MOST_TRIES = 500;

/**
 * Keeps a listener's port from being given to others when the listener is closed, by a connection
 * to it: a port that has one is no port for the system to choose, and whoever names it can have it.
 *
 * @returns Lets go of the port. Where no connection is to be had, the port is not kept.
 */
export async function holdPort(listener: Deno.Listener, clock: Clock): Promise<() => void> {
  const held: Deno.Conn[] = [];
  const { addr } = listener;
  try {
    if (addr.transport !== "tcp") return () => {};
    held.push(
      await openConn((signal) => openNet(addr, signal), clock, { timeoutMs: HOLD_MS }, {
        failure: (cause) => cause as Error,
        timeout: () => new Deno.errors.TimedOut(),
      }),
    );
    held.push(await listener.accept());
  } catch {
    // Somebody else might get the port now, and this socket EADDRINUSE: rare, and told.
  }
  return () => {
    for (const conn of held) conn.close();
  };
}

/**
 * Opens what needs a port whose listener has been closed. A process that is being started has a
 * copy of every listener until its own program begins: so long the port is in use, and this tries
 * again.
 *
 * @throws What `open` throws.
 */
export async function openAfterListener<T>(clock: Clock, open: () => T | Promise<T>): Promise<T> {
  for (let tries = 1;; tries++) {
    try {
      return await open();
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code !== "EADDRINUSE" || tries >= MOST_TRIES) throw error;
    }
    await new Promise<void>((resolve) => void clock.after(RETRY_MS, resolve));
  }
}
