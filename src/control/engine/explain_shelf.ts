/**
 * A decision in words, step by step: only when somebody asks.
 *
 * @module
 */
import { formatPercent, formatSeconds, formatTempC } from "../percent.ts";
import type { FaultExplanation, SensorExplanation } from "../sensing/explain.ts";
import type { SensorJudgement } from "../sensing/judgement.ts";
import type { ActiveProfile, Comfort } from "./comfort.ts";
import type { Decision } from "./decision.ts";
import type { TickTime } from "./event.ts";
import type { WatchedSensor } from "./evidence.ts";
import type { Explanation, ExplanationStep } from "./explanation.ts";
import { type Override, overrideInForce } from "./override.ts";
import { overrideText } from "./shelf_findings.ts";

/** What a shelf's rooms have to say about the last tick. */
export interface ShelfWords {
  shelf: string;
  decision: Decision;
  time: TickTime;
  sensors: readonly SensorExplanation[];
  /** Those behind the sensors, too, each with its limits. */
  watched: readonly WatchedSensor[];
  comfort: Comfort;
  curves: { steps: ExplanationStep[]; changes: string[] };
  active: ActiveProfile | null;
  /** What the filters of the output did. */
  output: readonly ExplanationStep[];
  floorPercent: number;
  override: Override | null;
  fans: readonly ExplanationStep[];
}

/** Puts everything in the order in which it comes about. */
export function explainShelf(words: ShelfWords): Explanation {
  const { decision, time, override, floorPercent } = words;
  const inForce = overrideInForce(override, time.atMs) ? override : null;
  const [winner] = decision.causes;
  return {
    shelf: words.shelf,
    percent: decision.percent,
    winner: winner?.text ?? "",
    steps: [
      ...eachOnce(words.sensors).flatMap((sensor) => sensorSteps(sensor, time)),
      ...words.curves.steps,
      ...profileSteps(words),
      // Where no curve speaks, the filters of the output have done nothing since one did.
      ...words.comfort.curves.length > 0 ? words.output : [],
      {
        what: "floor",
        text: `never below ${formatPercent(floorPercent)}`,
        value: floorPercent,
        unit: "%",
      },
      ...inForce ? [overrideStep(inForce, time, decision)] : [],
      ...words.fans,
      {
        what: "result",
        text: `${formatPercent(decision.percent)} because of ${winner?.text ?? "nothing"}`,
        value: decision.percent,
        unit: "%",
      },
    ],
    causes: [...decision.causes],
    changes: changesOf(words, inForce),
  };
}

/** The sensors and those that they are computed from, which come first. */
function eachOnce(
  sensors: readonly SensorExplanation[],
  seen: Map<string, SensorExplanation> = new Map(),
): SensorExplanation[] {
  for (const sensor of sensors) {
    eachOnce(sensor.inputs, seen);
    if (!seen.has(sensor.judgement.name)) seen.set(sensor.judgement.name, sensor);
  }
  return [...seen.values()];
}

function sensorSteps(sensor: SensorExplanation, time: TickTime): ExplanationStep[] {
  const { judgement, faults } = sensor;
  const { name, state, tempC, ageMs, reason } = judgement;
  const shown = tempC === null ? state : formatTempC(tempC);
  const age = ageMs === null ? "" : `, ${formatSeconds(ageMs)} old`;
  const doubt = reason === null ? "" : ` (${state}: ${reason})`;
  const measured = { value: tempC ?? 0, unit: "°C" };
  return [
    {
      what: "sensor",
      text: `${name}: ${shown}${age}${doubt}`,
      ...reason !== null && { reason },
      ...tempC !== null && measured,
    },
    ...faults.map((fault): ExplanationStep => ({
      what: "fault",
      text: `${name}: ${faultText(fault, judgement)}; asks for ${formatPercent(fault.percent)}`,
      value: fault.percent,
      unit: "%",
      ...!fault.present && { until: wallOf(fault.untilMs, time) },
    })),
  ];
}

/** The reason of the fault that asks for most is told with its sensor. */
function faultText({ kind, reason }: FaultExplanation, { fault }: SensorJudgement): string {
  return kind === fault ? kind : `${kind}, ${reason}`;
}

function profileSteps({ active, comfort }: ShelfWords): ExplanationStep[] {
  if (active === null || comfort.profile === null) return [];
  const { percent, text } = comfort.profile;
  const { expiresAt } = active.inForce;
  return [{ what: "profile", text, value: percent, unit: "%", until: expiresAt }];
}

function overrideStep(override: Override, time: TickTime, decision: Decision): ExplanationStep {
  const limited = decision.limit === null ? "" : `; limited by ${decision.limit}`;
  return {
    what: "override",
    text: `${overrideText(override)}${limited}`,
    value: override.percent,
    unit: "%",
    ...override.expiresMs !== null && { until: wallOf(override.expiresMs, time) },
  };
}

/** What would make the result another one, the nearest first. */
function changesOf(words: ShelfWords, override: Override | null): string[] {
  const { decision, active, comfort } = words;
  const cures = words.sensors.flatMap(({ judgement, cures }) =>
    cures.map((cure) => `sensor "${judgement.name}": ${cure}`)
  );
  const limits = words.watched
    .filter(({ judgement, criticalC }) => (judgement.tempC ?? Infinity) < criticalC)
    .filter(({ criticalC }) => Number.isFinite(criticalC))
    .map(({ judgement, criticalC }) =>
      `sensor "${judgement.name}": from ${formatTempC(criticalC)} on the shelf runs at full speed`
    );
  const isComfort = ["curve", "profile"].includes(decision.causes[0]?.kind ?? "");
  return [
    ...cures,
    ...override === null
      ? isComfort && comfort.profile === null ? words.curves.changes : []
      : ["override: when it ends or is taken back, curves and profile decide again"],
    ...active === null || override !== null
      ? []
      : [`profile "${active.policy.name}": when it ends, the curves decide again`],
    ...limits,
  ];
}

function wallOf(atMs: number, time: TickTime): number {
  return time.wallMs + atMs - time.atMs;
}
