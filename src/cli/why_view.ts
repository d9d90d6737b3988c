/**
 * An explanation as text. Pure.
 *
 * @module
 */
import { isWireMap, type WireMap, type WireValue } from "../wire/value.ts";
import { formatDate } from "./date.ts";
import { formatRoughly } from "./duration.ts";
import { formatNumber } from "./percent.ts";
import { tableLines } from "./table.ts";

/** The steps of an entry of `why`, then what would change the result. */
export function whyLines(entry: WireMap, localZone: string): string[] {
  const { fault } = entry;
  const because = typeof fault === "string" ? fault : text(entry.because);
  const { decided_at: decidedAt } = entry;
  const then = decidedAt instanceof Date ? ` at ${formatDate(decidedAt, localZone)}` : "";
  const steps = maps(entry.steps).map((
    step,
  ) => [`  ${text(step.what)}`, stepText(step, localZone)]);
  const causes = maps(entry.causes).map((cause, index) => [
    index === 0 ? "  causes" : "",
    `${text(cause.kind)} ${percent(cause.percent)}`,
    text(cause.text),
  ]);
  const findings = maps(entry.findings).map((finding, index) => [
    index === 0 ? "  findings" : "",
    text(finding.severity),
    `${text(finding.text)}${lasted(finding.lasted_ms)}`,
  ]);
  const changes = list(entry.changes).map((change, index) => [
    index === 0 ? "  would change it" : "",
    text(change),
  ]);
  return [
    `${text(entry.shelf)}: ${percent(entry.percent)}${then}, because: ${because}`,
    ...tableLines(steps),
    ...tableLines(causes),
    ...tableLines(findings),
    ...tableLines(changes),
  ];
}

function stepText(step: WireMap, localZone: string): string {
  const until = step.until instanceof Date ? `; until ${formatDate(step.until, localZone)}` : "";
  return `${text(step.text)}${until}`;
}

function lasted(value: WireValue | undefined): string {
  return typeof value === "number" ? `, for ${formatRoughly(value)}` : "";
}

function percent(value: WireValue | undefined): string {
  return typeof value === "number" ? `${formatNumber(value)} %` : "-";
}

function text(value: WireValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function list(value: WireValue | undefined): WireValue[] {
  return Array.isArray(value) ? value : [];
}

function maps(value: WireValue | undefined): WireMap[] {
  return list(value).filter(isWireMap);
}
