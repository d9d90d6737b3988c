/**
 * What a shelf's decision itself is worth telling: heat, faults, and what somebody has ordered.
 *
 * @module
 */
import { formatPercent } from "../percent.ts";
import type { Decision } from "./decision.ts";
import type { Finding, FindingKind, Severity } from "./finding.ts";
import { type Override, overrideInForce } from "./override.ts";

/** Failsafes that are told in another way: a lost sensor and a fan by themselves, birth not. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set(["birth", "fans"]);

/** Adds what `decision` shows to `findings`. */
export function tellDecision(
  findings: Finding[],
  shelf: string,
  decision: Decision,
  override: Override | null,
  nowMs: number,
): void {
  const add = (kind: FindingKind, severity: Severity, subject: string, text: string): void => {
    findings.push({ kind, severity, shelf, subject, text, sinceMs: nowMs });
  };
  for (const { kind, name, text } of decision.causes) {
    if (kind === "critical") add("critical", "critical", name, `Shelf "${shelf}": ${text}`);
    else if (kind === "failsafe" && !TOLD_ELSEWHERE.has(name)) {
      add("failsafe", "warning", name, `Shelf "${shelf}": ${text}`);
    }
  }
  if (overrideInForce(override, nowMs)) {
    add("override", "info", "override", `Shelf "${shelf}": ${overrideText(override)}`);
  }
}

/** Who ordered what, and why. */
export function overrideText({ percent, forced, owner, reason }: Override): string {
  const below = forced ? ", forced below failsafes" : "";
  const why = reason === null ? "" : ` (${reason})`;
  return `override ${formatPercent(percent)}${below}, by ${owner}${why}`;
}
