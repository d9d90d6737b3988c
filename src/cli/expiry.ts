/**
 * Until when something ordered by hand shall last.
 *
 * @module
 */
import type { Expiry } from "./command.ts";
import type { CommandContext } from "./context.ts";

/** The date that `expiry` means now; null without one. */
export function expiryDate(expiry: Expiry | null, { io }: CommandContext): Date | null {
  if (expiry === null) return null;
  return expiry.kind === "on" ? expiry.date : new Date(io.clock.wallMs() + expiry.durationMs);
}
