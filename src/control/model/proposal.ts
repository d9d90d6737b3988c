/**
 * From a thermal model to settings: the gains of a loop and the points of a curve.
 *
 * The gains follow Skogestad's simple rules (SIMC) for a first-order plant with dead time: with
 * the closed loop's time constant chosen, the proportional gain is what gets there, and the
 * integral takes the plant's own time, or less where the loop can stand it. Such a plant gives a
 * derivative nothing to do.
 *
 * @module
 */
import type { CurvePoint } from "../demand/curve.ts";
import type { ThermalModel } from "./thermal_model.ts";

/** Gains of a PID law. */
export interface Gains {
  /** %/°C */
  kp: number;
  /** %/(°C·s) */
  ki: number;
  /** %·s/°C */
  kd: number;
  /** How fast the loop will answer, in milliseconds. */
  closedLoopMs: number;
}

/** What the curve has to keep to. */
export interface CurveBounds {
  /** The duty at rest. */
  minPercent: number;
  /** From here on everything is asked for, in °C. */
  limitC: number;
}

/** A tick, and a reading that waits for it: no loop over the network is faster, in milliseconds. */
const LEAST_DEAD_TIME_MS = 1000;
/** The loop need not be faster than this part of the plant; slower is quieter. */
const UNHURRIED = 1 / 2;
/** A curve that is steeper than this turns every whim into noise, in %/°C. */
const STEEPEST = 6;

/** The gains for a plant whose temperature falls as the duty rises. */
export function proposeGains(model: ThermalModel): Gains {
  const deadMs = Math.max(model.deadTimeMs, LEAST_DEAD_TIME_MS);
  const closedLoopMs = Math.max(deadMs, model.timeConstantMs * UNHURRIED);
  const kp = model.timeConstantMs / (Math.abs(model.gainCPerPercent) * (closedLoopMs + deadMs));
  const integralS = Math.min(model.timeConstantMs, 4 * (closedLoopMs + deadMs)) / 1000;
  return { kp: rounded(kp), ki: rounded(kp / integralS), kd: 0, closedLoopMs };
}

/** The duty at which the plant comes to rest at a temperature, in percent; not clamped. */
export function restingPercent(model: ThermalModel, tempC: number): number {
  return (tempC - model.offsetC) / model.gainCPerPercent;
}

/**
 * A curve through the target that answers as strongly as the loop would at once: from the least
 * duty below it to everything at the limit, at the latest.
 */
export function proposeCurve(
  model: ThermalModel,
  targetC: number,
  { minPercent, limitC }: CurveBounds,
): CurvePoint[] {
  const slope = Math.min(STEEPEST, proposeGains(model).kp);
  const percent = Math.min(100, Math.max(minPercent, restingPercent(model, targetC)));
  const lowC = targetC - (percent - minPercent) / slope;
  const highC = Math.min(limitC, targetC + (100 - percent) / slope);
  const points: CurvePoint[] = [
    [toTenth(lowC), minPercent],
    [toTenth(targetC), Math.round(percent)],
    [toTenth(highC), 100],
  ];
  // Points that fall together leave one of them.
  return points.filter(([tempC], index) => tempC > (points[index - 1]?.[0] ?? -Infinity));
}

function toTenth(tempC: number): number {
  return Math.round(tempC * 10) / 10;
}

/** To two figures that count: a fit knows no more. */
function rounded(value: number): number {
  return Number(value.toPrecision(2));
}
