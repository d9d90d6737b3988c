/**
 * Differences between two configurations, as lines.
 *
 * @module
 */
import type { ConfigChange } from "../../config/flat.ts";
import type { WireValue } from "../../wire/value.ts";

/** What a running server does not change. */
const NEEDS_RESTART = /^(?:address|port|store|limits)\b/;

/** `~ key: before -> after`, `+ key: after` or `- key: before`, a line each. */
export function changeLines(changes: readonly ConfigChange[]): string {
  if (changes.length === 0) return "no difference";
  return changes.map((change) => {
    return NEEDS_RESTART.test(change.key) ? `${lineOf(change)} (at a restart)` : lineOf(change);
  }).join("\n");
}

function lineOf({ key, before, after }: ConfigChange): string {
  if (before === null) return `+ ${key}: ${after}`;
  if (after === null) return `- ${key}: ${before}`;
  return `~ ${key}: ${before} -> ${after}`;
}

/** The same for programs. */
export function changeEntries(changes: readonly ConfigChange[]): WireValue {
  return changes.map(({ key, before, after }) => ({ key, before, after }));
}
