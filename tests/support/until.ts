import { systemClock } from "../../src/clock.ts";

/**
 * Waits for a state that nothing announces, looking once in every turn of the event loop.
 *
 * @param what names the state when it does not come.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 10_000,
): Promise<void> {
  const endMs = systemClock.monotonicMs() + timeoutMs;
  while (!await condition()) {
    if (systemClock.monotonicMs() > endMs) throw new Error(`Not within ${timeoutMs} ms: ${what}`);
    await new Promise<void>((next) => systemClock.after(1, next));
  }
}
