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
  const changes = compare(flatten(before), flatten(after));
  if (changes.length === 0) return null;
  const shown = changes.slice(0, MOST_SETTINGS);
  const more = changes.length - shown.length;
  const told = (side: "before" | "after"): string => {
    const lines = shown.map((change) => `${change.key}: ${change[side] ?? "none"}`);
    return [...lines, ...more > 0 ? [`and ${more} more`] : []].join("; ");
  };
  return { what, about: after.source, before: told("before"), after: told("after") };
}
