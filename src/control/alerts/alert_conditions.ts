/**
 * Which subjects of a rule are in the state that it tells about.
 *
 * @module
 */
import type { Finding, Severity } from "../engine/finding.ts";
import { formatPercent, formatTempC } from "../percent.ts";
import type { AlertCondition } from "./alert_rule.ts";

/** What is looked at: the last tick's results. */
export interface AlertView {
  /** The temperature of a sensor in °C, or null while it is unknown. */
  tempC(sensor: string): number | null;
  /** The duty of a shelf in percent. */
  percent(shelf: string): number;
  /** The names of all shelves. */
  readonly shelves: readonly string[];
  readonly findings: readonly Finding[];
}

/** What is known about the subjects of a condition. */
export interface Observed {
  /** In words, by subject, for those that it is true of. */
  readonly met: ReadonlyMap<string, string>;
  /** Those that nothing can be said about now: what was true of them stays true. */
  readonly unknown: ReadonlySet<string>;
}

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };
const NONE: ReadonlySet<string> = new Set();

/** Looks at `condition`. */
export function observe(condition: AlertCondition, view: AlertView): Observed {
  switch (condition.type) {
    case "temperature":
      return observeTemperature(condition, view);
    case "duty":
      return { met: dutiesAbove(condition, view), unknown: NONE };
    case "finding":
      return { met: findingsOf(condition, view), unknown: NONE };
  }
}

type Temperature = Extract<AlertCondition, { type: "temperature" }>;

function observeTemperature(condition: Temperature, view: AlertView): Observed {
  const { aboveC, belowC } = condition;
  const met = new Map<string, string>();
  const unknown = new Set<string>();
  for (const sensor of condition.sensors) {
    const tempC = view.tempC(sensor);
    if (tempC === null) unknown.add(sensor);
    else if (aboveC !== null && tempC > aboveC) {
      met.set(sensor, `"${sensor}" is ${formatTempC(tempC)}, above ${formatTempC(aboveC)}`);
    } else if (belowC !== null && tempC < belowC) {
      met.set(sensor, `"${sensor}" is ${formatTempC(tempC)}, below ${formatTempC(belowC)}`);
    }
  }
  return { met, unknown };
}

function dutiesAbove(
  { shelves, abovePercent }: Extract<AlertCondition, { type: "duty" }>,
  view: AlertView,
): Map<string, string> {
  const met = new Map<string, string>();
  for (const shelf of shelves ?? view.shelves) {
    const percent = view.percent(shelf);
    if (percent <= abovePercent) continue;
    met.set(
      shelf,
      `shelf "${shelf}" runs at ${formatPercent(percent)}, above ${formatPercent(abovePercent)}`,
    );
  }
  return met;
}

function findingsOf(
  { kinds, shelves, leastSeverity }: Extract<AlertCondition, { type: "finding" }>,
  view: AlertView,
): Map<string, string> {
  const met = new Map<string, string>();
  for (const { kind, severity, shelf, subject, text } of view.findings) {
    if (kinds !== null && !kinds.includes(kind)) continue;
    if (shelves !== null && (shelf === null || !shelves.includes(shelf))) continue;
    if (RANK[severity] < RANK[leastSeverity]) continue;
    met.set(`${kind}: ${shelf === null ? "" : `${shelf}/`}${subject}`, text);
  }
  return met;
}
