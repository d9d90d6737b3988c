/**
 * Causes in words, with their numbers: only when somebody asks.
 *
 * @module
 */
import type { ExplanationStep } from "../engine/explanation.ts";
import { formatPercent, formatTempC } from "../percent.ts";
import type { CombinedCauseRunner } from "./combined_cause.ts";
import { type Curve, neighbours } from "./curve.ts";
import type { PidLaw, PidParts } from "./pid.ts";
import { isAsleep, SensorCauseRunner } from "./sensor_cause.ts";
import type { TargetLaw } from "./target.ts";

/** The steps from a cause's sensors to what it asks for. */
export function explainCause(
  runner: SensorCauseRunner | CombinedCauseRunner,
  wallOf: (monotonicMs: number) => number,
): ExplanationStep[] {
  const { cause, policy } = runner;
  if (cause === null) {
    return [{ what: "curve", text: `${policy.name}: none of its sensors can be used` }];
  }
  const result = { value: cause.percent, unit: "%" };
  if (!(runner instanceof SensorCauseRunner)) {
    return [{ what: "curve", text: `${policy.name}: ${cause.text}`, ...result }];
  }
  const law = `${policy.name}: ${lawText(runner)} -> ${formatPercent(cause.percent)}`;
  return [...filterSteps(runner, wallOf), { what: "curve", text: law, ...result }];
}

/** What would make a cause ask for something else. */
export function changesOf(runner: SensorCauseRunner | CombinedCauseRunner): string[] {
  if (!(runner instanceof SensorCauseRunner) || runner.cause === null) return [];
  const { policy, seenC } = runner;
  const { curve, name, filter } = policy;
  if (curve.shape === "pid" || curve.shape === "target") {
    return [`${name}: asks for more above ${formatTempC(curve.targetC)}, for less below it`];
  }
  const changes: string[] = [];
  const { above, below } = neighbours(curve.points, seenC);
  if (above) {
    changes.push(`${name}: at ${formatTempC(above[0])} it asks for ${formatPercent(above[1])}`);
  }
  if (below && !isAsleep(seenC)) {
    const fromC = curve.shape === "step" ? below[0] : seenC;
    const heldC = fromC - (filter?.fallHysteresisC ?? 0);
    const lasting = filter && filter.fallResponseMs > 0
      ? ` for ${filter.fallResponseMs / 1000} s`
      : "";
    changes.push(`${name}: below ${formatTempC(heldC)}${lasting} it asks for less`);
  }
  return changes;
}

function filterSteps(
  { policy, filter }: SensorCauseRunner,
  wallOf: (monotonicMs: number) => number,
): ExplanationStep[] {
  const view = filter?.view();
  const rules = policy.filter;
  if (!view || !rules) return [];
  const rises = view.tempC > view.heldC;
  const [change, hysteresisC, responseMs] = rises
    ? ["rise", rules.riseHysteresisC, rules.riseResponseMs]
    : ["fall", rules.fallHysteresisC, rules.fallResponseMs];
  const why = view.why === "hysteresis"
    ? `a ${change} of up to ${hysteresisC} °C is held`
    : `a ${change} is followed once it has lasted ${responseMs / 1000} s`;
  const now = isAsleep(view.tempC) ? "asleep" : formatTempC(view.tempC);
  const held = isAsleep(view.heldC) ? "rest" : formatTempC(view.heldC);
  return [{
    what: "filter",
    text: `${policy.name}: ${held} counts although it is ${now}: ${why}`,
    value: view.heldC,
    unit: "°C",
    until: wallOf(view.untilMs),
  }];
}

function lawText({ policy, found, seenC, pid }: SensorCauseRunner): string {
  const { curve } = policy;
  const name = found?.name ?? "nothing";
  if (isAsleep(seenC)) return `${name} asleep, which is colder than every point`;
  const seen = `${name} at ${formatTempC(seenC)}`;
  if (curve.shape === "pid" || curve.shape === "target") {
    return `${seen}, ${feedbackText(curve, pid?.parts ?? null)}`;
  }
  return `${seen}, ${tableText(curve, seenC)}`;
}

/** Between which points of a table a temperature lies. */
function tableText({ shape, points }: Curve, tempC: number): string {
  const { below, above } = neighbours(points, tempC);
  const point = ([atC, percent]: readonly [number, number]): string =>
    `${formatTempC(atC)} (${formatPercent(percent)})`;
  if (below && above) return `${shape} between ${point(below)} and ${point(above)}`;
  if (below) return `${shape}, at or above its last point ${point(below)}`;
  return above ? `${shape}, below its first point ${point(above)}` : "without points";
}

function feedbackText(law: PidLaw | TargetLaw, parts: PidParts | null): string {
  const aim = `target ${formatTempC(law.targetC)}`;
  if (!parts) return aim;
  const signed = (percent: number): string =>
    `${percent < 0 ? "−" : "+"}${formatPercent(Math.abs(percent))}`;
  const terms = [
    `proportional ${signed(parts.proportional)}`,
    `integral ${signed(parts.integral)}`,
  ];
  if (parts.derivative !== 0) terms.push(`derivative ${signed(parts.derivative)}`);
  const limit = parts.limit === null ? "" : `, at its ${parts.limit}`;
  return `${aim}: ${terms.join(", ")}${limit}`;
}
