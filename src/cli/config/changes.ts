/**
 * Differences between two configurations, as lines.
 *
 * @module
 */
import type { ConfigChange } from "../../server/config/flat.ts";
import type { WireValue } from "../../wire/value.ts";

/** `~ key: before -> after`, `+ key: after` or `- key: before`, a line each. */
export function changeLines(changes: readonly ConfigChange[]): string {
  if (changes.length === 0) return "no difference";
  return changes.map(({ key, before, after }) => {
    if (before === null) return `+ ${key}: ${after}`;
    if (after === null) return `- ${key}: ${before}`;
    return `~ ${key}: ${before} -> ${after}`;
  }).join("\n");
}

/** The same for programs. */
export function changeEntries(changes: readonly ConfigChange[]): WireValue {
  return changes.map(({ key, before, after }) => ({ key, before, after }));
}
