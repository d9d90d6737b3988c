/**
 * Connecting, with a time limit.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { Waiter, type WaitLimits } from "./waiter.ts";

/** What becomes of the ways in which connecting can end. */
export interface ConnOutcome<C> {
  /** Takes the connection at the very moment that it exists, unless nobody waits any more. */
  adopt?(conn: C): void;
  /** The error for what the system reports. */
  failure(cause: unknown): Error;
  /** The error for when the time is up. */
  timeout(): Error;
}

/**
 * Waits for a connection that `open` makes; giving up ends the attempt, and leaves no connection
 * behind, not even when a name lookup ignores the signal.
 */
export async function openConn<C extends { close(): void }>(
  open: (signal: AbortSignal) => Promise<C>,
  clock: Clock,
  limits: WaitLimits,
  outcome: ConnOutcome<C>,
): Promise<C> {
  const waiting = new Set<Waiter<C>>();
  const waiter = new Waiter(waiting, clock, limits, (late) => late.reject(outcome.timeout()));
  const giveUp = new AbortController();
  open(giveUp.signal).then(
    (conn) => {
      if (!waiting.has(waiter)) return conn.close();
      outcome.adopt?.(conn);
      waiter.resolve(conn);
    },
    (cause) => waiter.reject(outcome.failure(cause)),
  );
  try {
    return await waiter.promise;
  } catch (error) {
    giveUp.abort();
    throw error;
  }
}
