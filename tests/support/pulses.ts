/**
 * Processes that stand still.
 *
 * @module
 */

import { systemClock } from "../../src/clock.ts";

/**
 * Stops a process, for good or, as a busy machine does, again and again; what is returned lets it
 * go on.
 */
export function stop(
  pid: number,
  pulses?: { readonly standMs: number; readonly runMs: number },
): () => Promise<void> {
  let cancel = (): void => {};
  const stand = (): void => {
    Deno.kill(pid, "SIGSTOP");
    if (pulses !== undefined) cancel = systemClock.after(pulses.standMs, run);
  };
  const run = (): void => {
    Deno.kill(pid, "SIGCONT");
    if (pulses !== undefined) cancel = systemClock.after(pulses.runMs, stand);
  };
  stand();
  return () => {
    cancel();
    Deno.kill(pid, "SIGCONT");
    return Promise.resolve();
  };
}
