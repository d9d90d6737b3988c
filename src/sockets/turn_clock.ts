/**
 * Waiting for what is there already.
 *
 * @module
 */
import type { Clock } from "../clock.ts";

/**
 * The same clock, where a delay of 0 lets the system hand over what it has, which is all that a
 * socket waits for that does not block. One timer is not enough: when the program was busy it is
 * due before the event loop has looked at the network. Turns that do not let the loop rest
 * (`setImmediate`) are not either: it looks at the network at every 61st only.
 */
export function turnClock(clock: Clock): Clock {
  return {
    monotonicMs: () => clock.monotonicMs(),
    wallMs: () => clock.wallMs(),
    after(delayMs, action) {
      if (delayMs > 0) return clock.after(delayMs, action);
      let cancel = clock.after(0, () => cancel = clock.after(0, action));
      return () => cancel();
    },
  };
}
