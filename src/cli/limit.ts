/**
 * What limits an override, as the server's `ack` says it.
 *
 * @module
 */
import type { WireValue } from "../wire/value.ts";
import type { CommandContext } from "./context.ts";
import { formatNumber } from "./percent.ts";

/** The duty that holds in place of the override, and why. */
export type Limit = {
  /** 0 to 100. */
  percent: number;
  text: string;
};

/** The limit in an `ack`'s arguments, or null when the override holds as it is. */
export function limitOf([percent, text]: readonly WireValue[]): Limit | null {
  return typeof percent === "number" && typeof text === "string" ? { percent, text } : null;
}

/** Names the limit on standard error, unless the result is JSON and names it already. */
export function tellLimit(limit: Limit | null, context: CommandContext): void {
  if (limit === null || context.options.json) return;
  context.note(`limited to ${formatNumber(limit.percent)} % by ${limit.text}`);
}
