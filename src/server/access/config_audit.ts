/**
 * Another configuration, as the audit tells it: the settings that differ, before and after.
 *
 * @module
 */

import type { ServerConfig } from "../../config/config.ts";
import { compare, flatten } from "../../config/flat.ts";
import type { AuditedChange } from "./audit.ts";

/** More settings than this are counted. */
const MOST_SETTINGS = 50;

/** What turns `before` into `after`; null when nothing does. */
export function configChange(
  what: string,
  before: ServerConfig,
  after: ServerConfig,
): AuditedChange | null {
  const [left, right] = unlike(before, after);
  const changes = compare(flatten(left), flatten(right));
  if (changes.length === 0) return null;
  const shown = changes.slice(0, MOST_SETTINGS);
  const more = changes.length - shown.length;
  const told = (side: "before" | "after"): string => {
    const lines = shown.map((change) => `${change.key}: ${change[side] ?? "none"}`);
    return [...lines, ...more > 0 ? [`and ${more} more`] : []].join("; ");
  };
  return { what, about: after.source, before: told("before"), after: told("after") };
}

/**
 * Two configurations without the tables that both have: those of ten thousand shelves would take
 * longer to compare, setting by setting, than a tick may be late.
 */
function unlike(before: ServerConfig, after: ServerConfig): [ServerConfig, ServerConfig] {
  const [left, right]: [Record<string, unknown>, Record<string, unknown>] = [{}, {}];
  for (const [key, one] of Object.entries(before)) {
    const other = after[key as keyof ServerConfig] as unknown;
    if (!Array.isArray(one) || !Array.isArray(other)) continue;
    const [ones, others] = [one.map(jsonOf), other.map(jsonOf)];
    left[key] = missingIn(others, one, ones);
    right[key] = missingIn(ones, other, others);
  }
  return [{ ...before, ...left }, { ...after, ...right }];
}

/** The items whose JSON is not among `known`; undefined for none. */
function missingIn(known: readonly string[], items: unknown[], jsons: readonly string[]) {
  const set = new Set(known);
  const missing = items.filter((_, index) => !set.has(jsons[index] as string));
  return missing.length === 0 ? undefined : missing;
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value);
}
