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

/** So much of a long reason is quoted after the line that tells it whole. */
const QUOTED = 60;

/** The steps of an entry of `why`, then what would change the result. */
export function whyLines(entry: WireMap, localZone: string): string[] {
  const { fault } = entry;
  const reasons: string[] = [];
  const quoted = (value: WireValue | undefined): string => quote(text(value), reasons);
  const { decided_at: decidedAt } = entry;
  const then = decidedAt instanceof Date ? ` at ${formatDate(decidedAt, localZone)}` : "";
  const steps = maps(entry.steps).map((step) => {
    const row = [`  ${text(step.what)}`, quote(stepText(step, localZone), reasons)];
    const reason = text(step.reason);
    if (reason.length > QUOTED) reasons.push(reason);
    return row;
  });
  const because = typeof fault === "string" ? fault : quoted(entry.because);
  const causes = maps(entry.causes).map((cause, index) => [
    index === 0 ? "  causes" : "",
    `${text(cause.kind)} ${percent(cause.percent)}`,
    quoted(cause.text),
  ]);
  const findings = maps(entry.findings).map((finding, index) => [
    index === 0 ? "  findings" : "",
    text(finding.severity),
    `${quoted(finding.text)}${lasted(finding.lasted_ms)}`,
  ]);
  const changes = list(entry.changes).map((change, index) => [
    index === 0 ? "  would change it" : "",
    quoted(change),
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

/** `text` with only the beginning of each of these reasons; either may have been cut off. */
function quote(text: string, reasons: readonly string[]): string {
  let quoted = text;
  for (const reason of reasons) {
    const at = quoted.indexOf(reason.slice(0, QUOTED));
    if (at < 0) continue;
    let length = QUOTED;
    while (length < reason.length && quoted[at + length] === reason[length]) length++;
    const rest = quoted.slice(at + length).replace(/^…/, "");
    quoted = `${quoted.slice(0, at + QUOTED)}…${rest}`;
  }
  return quoted;
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
