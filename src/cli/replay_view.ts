/**
 * A replayed run as text and as JSON. Pure.
 *
 * @module
 */
import type { DutyNumbers } from "../control/replay/duty_stats.ts";
import type { Comparison, Course } from "../replay/compare.ts";
import type { WireValue } from "../wire/value.ts";
import { formatDate } from "./date.ts";
import { formatRoughly } from "./duration.ts";
import { tableLines } from "./table.ts";

const HEADINGS = ["", "recorded", "other configuration", "with its own temperatures"];

/** What was replayed, then a table a shelf. */
export function comparisonLines(comparison: Comparison, zone: string): string[] {
  const { run, recorded, other, predicted, difference } = comparison;
  if (run.fromMs === null || run.toMs === null) return ["nothing was recorded in that time"];
  const [from, to] = [run.fromMs, run.toMs].map((ms) => formatDate(new Date(ms), zone));
  const runs = run.runs === 1 ? "1 run" : `${run.runs} runs`;
  const courses = [recorded, other, predicted].filter((course) => course !== null);
  const shelves = new Set(courses.flatMap((course) => [...course.shelves.keys()]));
  const sensors = new Set(recorded.temps.keys());
  return [
    `${from} to ${to}: ${run.ticks} ticks and ${run.events} events in ${runs}`,
    difference === null
      ? `as recorded: ${run.decisions} decisions and ${run.states} states of the engine`
      : difference.message.replace(/^Cannot replay the journal: /, "not as recorded: "),
    ...[...shelves].sort().flatMap((name) => ["", ...shelfLines(name, courses, comparison)]),
    ...(sensors.size > 0 ? ["", ...sensorLines([...sensors].sort(), courses)] : []),
    ...remarks(comparison),
  ];
}

function shelfLines(name: string, courses: readonly Course[], comparison: Comparison): string[] {
  const numbers = courses.map((course) => course.shelves.get(name));
  const row = (label: string, show: (of: DutyNumbers) => string) => [
    label,
    ...numbers.map((of) => of === undefined ? "no such shelf" : show(of)),
  ];
  const isMeasured = comparison.measuredShelves.includes(name);
  return tableLines([
    [`shelf ${name}`, ...HEADINGS.slice(1, courses.length + 1)],
    row("mean duty", (of) => `${of.meanPercent.toFixed(1)} %`),
    row("highest duty", (of) => `${of.maxPercent.toFixed(1)} %`),
    row(
      isMeasured ? "mean fan power" : "mean fan power (from the duty)",
      (of) => `${(of.fanPower * 100).toFixed(1)} %`,
    ),
    row("audible changes", (of) => `${of.audibleChanges}`),
    row("in failsafe", (of) => formatRoughly(of.failsafeMs)),
  ], new Set([1, 2, 3]));
}

function sensorLines(sensors: readonly string[], courses: readonly Course[]): string[] {
  const rows = sensors.map((name) => [
    name,
    ...courses.map((course) => {
      const temps = course.temps.get(name);
      return temps === undefined
        ? "unknown"
        : `${temps.meanC.toFixed(1)} °C, at most ${temps.maxC.toFixed(1)} °C`;
    }),
  ]);
  return tableLines([["sensor", ...HEADINGS.slice(1, courses.length + 1)], ...rows]);
}

function remarks({ other, predicted, models }: Comparison): string[] {
  if (other === null) return [];
  const fits = models.map(({ sensor, shelf, fit: { model, explained, rmsC } }) =>
    `"${sensor}" follows shelf "${shelf}": ${model.gainCPerPercent.toFixed(3)} °C for each %, ` +
    `${formatRoughly(model.timeConstantMs)} to follow, ` +
    `${Math.round(explained * 100)} % explained, ${rmsC.toFixed(2)} °C off`
  );
  const last = predicted === null
    ? "no thermal model explains the temperatures, so what they would have been is not known"
    : "the temperatures of the last column are a model's: it takes the load as it was";
  return ["", '"other configuration" keeps the temperatures as they were recorded', last, ...fits];
}

/** The same for programs. */
export function comparisonJson(comparison: Comparison): WireValue {
  const { run, recorded, other, predicted, models, measuredShelves } = comparison;
  return {
    from: run.fromMs === null ? null : new Date(run.fromMs),
    to: run.toMs === null ? null : new Date(run.toMs),
    ticks: run.ticks,
    events: run.events,
    decisions: run.decisions,
    states: run.states,
    runs: run.runs,
    difference: comparison.difference?.message ?? null,
    recorded: courseJson(recorded),
    other: other && { ...courseJson(other), temperatures: "as recorded" },
    predicted: predicted && { ...courseJson(predicted), temperatures: "from a model" },
    models: models.map(({ sensor, shelf, fit }) => ({
      sensor,
      shelf,
      gain_c_per_percent: fit.model.gainCPerPercent,
      time_constant_ms: fit.model.timeConstantMs,
      dead_time_ms: fit.model.deadTimeMs,
      explained: fit.explained,
      rms_c: fit.rmsC,
    })),
    measured_shelves: [...measuredShelves],
  };
}

function courseJson({ shelves, temps }: Course): Record<string, WireValue> {
  return {
    shelves: Object.fromEntries(
      [...shelves].map(([name, of]) => [name, {
        time_ms: of.timeMs,
        mean_percent: of.meanPercent,
        max_percent: of.maxPercent,
        fan_power: of.fanPower,
        audible_changes: of.audibleChanges,
        failsafe_ms: of.failsafeMs,
      }]),
    ),
    sensors: Object.fromEntries(
      [...temps].map(([name, { meanC, maxC }]) => [name, { mean_c: meanC, max_c: maxC }]),
    ),
  };
}
