/**
 * Finds the thermal model that explains a run best.
 *
 * @module
 */
import { LaggedDuty, type ThermalModel, type ThermalSample } from "./thermal_model.ts";

/** A model, and how well it fits what it was made from. */
export interface ThermalFit {
  model: ThermalModel;
  /** Typical distance of a sample from the model, in °C (root mean square). */
  rmsC: number;
  /** The share of the temperature's variance that the model explains: 1 is all of it. */
  explained: number;
  /** How many samples it was made from. */
  samples: number;
}

/** Fewer samples than this fit anything. */
export const MIN_SAMPLES = 10;
/** More than this are thinned out: the fit costs some hundred passes. */
export const MAX_SAMPLES = 2000;
/** A duty that moves by less, in percent, shows nothing. */
const MIN_SPREAD_PERCENT = 1;
/** No fan and no sensor keeps silent for longer. */
const MAX_DEAD_TIME_MS = 120_000;
const TIME_CONSTANTS = 24;
const DEAD_TIMES = 9;
const REFINEMENTS = 7;

/** A fit with what it leaves unexplained. */
interface Candidate {
  model: ThermalModel;
  squares: number;
}

/**
 * Fits a {@link ThermalModel} to samples in order of time, spaced as they like. The time constant
 * and the dead time are searched for; for each pair the rest follows by least squares, together
 * with where the temperature began.
 *
 * It takes the load for constant. Under a load that changes with the duty, as in any run where
 * the duty answers to the load, look at `explained` and the sign of the gain before you trust it.
 *
 * @returns null when the samples are too few or the duty hardly moves
 */
export function fitThermalModel(samples: readonly ThermalSample[]): ThermalFit | null {
  const used = thin(samples.filter(({ tempC }) => Number.isFinite(tempC)));
  const [first] = used;
  const last = used.at(-1);
  if (!first || !last || used.length < MIN_SAMPLES || !(last.atMs > first.atMs)) return null;
  const percents = used.map(({ percent }) => percent);
  if (Math.max(...percents) - Math.min(...percents) < MIN_SPREAD_PERCENT) return null;
  const best = search(used, last.atMs - first.atMs);
  if (!best) return null;
  const meanC = used.reduce((sum, { tempC }) => sum + tempC, 0) / used.length;
  const total = used.reduce((sum, { tempC }) => sum + (tempC - meanC) ** 2, 0);
  return {
    model: best.model,
    rmsC: Math.sqrt(best.squares / used.length),
    explained: total > 0 ? 1 - best.squares / total : 0,
    samples: used.length,
  };
}

function thin(samples: readonly ThermalSample[]): readonly ThermalSample[] {
  const stride = Math.ceil(samples.length / MAX_SAMPLES);
  return stride <= 1 ? samples : samples.filter((_, index) => index % stride === 0);
}

/** A coarse grid over both times, then ever smaller steps around the best. */
function search(samples: readonly ThermalSample[], spanMs: number): Candidate | null {
  const shortestMs = spanMs / samples.length / 2;
  const longestMs = 2 * spanMs;
  const deadLimitMs = Math.min(spanMs / 4, MAX_DEAD_TIME_MS);
  let best: Candidate | null = null;
  const consider = (timeConstantMs: number, deadTimeMs: number): void => {
    const lags = {
      timeConstantMs: Math.min(longestMs, Math.max(shortestMs, timeConstantMs)),
      deadTimeMs: Math.min(deadLimitMs, Math.max(0, deadTimeMs)),
    };
    const candidate = solve(samples, lags);
    if (candidate && (!best || candidate.squares < best.squares)) best = candidate;
  };
  const ratio = (longestMs / shortestMs) ** (1 / (TIME_CONSTANTS - 1));
  for (let i = 0; i < TIME_CONSTANTS; i++) {
    // Denser towards 0, where dead times are.
    for (let j = 0; j < DEAD_TIMES; j++) {
      consider(shortestMs * ratio ** i, deadLimitMs * (j / (DEAD_TIMES - 1)) ** 2);
    }
  }
  let factor = ratio;
  let shiftMs = deadLimitMs / DEAD_TIMES;
  for (let round = 0; round < REFINEMENTS; round++) {
    const around: Candidate | null = best;
    if (!around) return null;
    const { timeConstantMs, deadTimeMs } = (around as Candidate).model;
    for (const i of [-1, -0.5, 0, 0.5, 1]) {
      for (const j of [-1, -0.5, 0, 0.5, 1]) {
        consider(timeConstantMs * factor ** i, deadTimeMs + shiftMs * j);
      }
    }
    factor = Math.sqrt(factor);
    shiftMs /= 2;
  }
  return best;
}

/** The best offset, gain and start for given lags: tempC = offset + gain * felt + start * decay. */
function solve(
  samples: readonly ThermalSample[],
  lags: { timeConstantMs: number; deadTimeMs: number },
): Candidate | null {
  const [first] = samples;
  if (!first) return null;
  const lagged = new LaggedDuty(lags, first);
  const sums = Array.from({ length: 3 }, () => [0, 0, 0, 0]);
  const rows = samples.map(({ atMs, percent }) => [
    1,
    lagged.step(atMs, percent),
    Math.exp(-(atMs - first.atMs) / lags.timeConstantMs),
  ]);
  for (const [index, row] of rows.entries()) {
    // Relative to the first temperature, so that nothing is lost by large numbers.
    const right = (samples[index]?.tempC ?? 0) - first.tempC;
    for (const [i, equation] of sums.entries()) {
      for (const [j, value] of [...row, right].entries()) {
        equation[j] = (equation[j] ?? 0) + (row[i] ?? 0) * value;
      }
    }
  }
  const solution = eliminate(sums);
  if (!solution) return null;
  const [offset = 0, gainCPerPercent = 0, start = 0] = solution;
  let squares = 0;
  for (const [index, [, felt = 0, decay = 0]] of rows.entries()) {
    const modelC = first.tempC + offset + gainCPerPercent * felt + start * decay;
    squares += ((samples[index]?.tempC ?? 0) - modelC) ** 2;
  }
  if (!Number.isFinite(squares)) return null;
  return { model: { ...lags, gainCPerPercent, offsetC: first.tempC + offset }, squares };
}

/** Solves linear equations, each row with its right side at the end; null when they are none. */
function eliminate(equations: readonly (readonly number[])[]): number[] | null {
  const rows = equations.map((row) => [...row]);
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let pivot = 0; pivot < rows.length; pivot++) {
    let largest = pivot;
    for (let row = pivot + 1; row < rows.length; row++) {
      if (Math.abs(at(row, pivot)) > Math.abs(at(largest, pivot))) largest = row;
    }
    if (!(Math.abs(at(largest, pivot)) > 1e-9)) return null;
    [rows[pivot], rows[largest]] = [rows[largest] ?? [], rows[pivot] ?? []];
    for (let row = 0; row < rows.length; row++) {
      if (row === pivot) continue;
      const factor = at(row, pivot) / at(pivot, pivot);
      rows[row] = (rows[row] ?? []).map((value, column) => value - factor * at(pivot, column));
    }
  }
  return rows.map((row, index) => (row.at(-1) ?? 0) / at(index, index));
}
