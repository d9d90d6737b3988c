/**
 * A history as a table, and as values that a spreadsheet reads. Pure.
 *
 * @module
 */
import { formatDate } from "../date.ts";
import { tableLines } from "../table.ts";
import { sensorsOf, type Span, type Step } from "./steps.ts";

/** One line a step under the headings: means, and the range where it is not the mean. */
export function historyTable(steps: readonly Step[], zone: string): string[] {
  const sensors = sensorsOf(steps);
  const rows = steps.map((step) => [
    formatDate(step.at, zone),
    cell(step.duty, 1),
    cell(step.rpm, 0),
    ...sensors.map((name) => cell(step.temps.get(name) ?? null, 1)),
    failsafeText(step.failsafe),
  ]);
  const heads = ["time", "duty %", "rpm", ...sensors.map((name) => `${name} °C`), ""];
  return tableLines([heads, ...rows], new Set(heads.keys().drop(1)));
}

/** Comma-separated values (RFC 4180), with a line of headings. */
export function historyCsv(steps: readonly Step[]): string[] {
  const sensors = sensorsOf(steps);
  const columns = ["duty_percent", "rpm", ...sensors.map((name) => `${name}_c`)];
  const heads = columns.flatMap((name) =>
    ["low", "mean", "high"].map((which) => `${name}_${which}`)
  );
  const lines = steps.map((step) => {
    const spans = [step.duty, step.rpm, ...sensors.map((name) => step.temps.get(name) ?? null)];
    const numbers = spans.flatMap((span): (number | string)[] => span ? [...span] : ["", "", ""]);
    return [step.at.toISOString(), ...numbers, step.failsafe ?? ""];
  });
  return [["time", ...heads, "failsafe_share"], ...lines].map((line) => line.map(quoted).join(","));
}

function quoted(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function cell(span: Span | null, digits: number): string {
  if (span === null) return "unknown";
  const [low, mean, high] = span.map((value) => value.toFixed(digits));
  return low === high ? `${mean}` : `${mean} (${low}–${high})`;
}

function failsafeText(share: number | null): string {
  if (share === null || share === 0) return "";
  return share === 1 ? "failsafe" : `failsafe ${Math.max(1, Math.round(share * 100))} % of it`;
}
