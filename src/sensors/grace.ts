/**
 * Waiting for an end that may not come.
 *
 * @module
 */
import type { Clock } from "../clock.ts";

/** How long anything here waits for what nobody can call off: a driver that hangs. */
const GRACE_MS = 500;

/** Resolves when `work` has settled or the grace is over, whatever became of it. */
export async function withinGrace(work: Promise<unknown>, clock: Clock): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const cancel = clock.after(GRACE_MS, resolve);
  await Promise.race([work.then(() => {}, () => {}), over]);
  cancel();
}
