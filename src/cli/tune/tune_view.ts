/**
 * What a step test has shown, and what follows from it. Pure.
 *
 * @module
 */
import { fitThermalModel } from "../../control/model/fit.ts";
import { proposeCurve, proposeGains } from "../../control/model/proposal.ts";
import {
  predict,
  type ThermalModel,
  type ThermalSample,
} from "../../control/model/thermal_model.ts";
import { SensorError } from "../../errors.ts";
import type { WireMap } from "../../wire/value.ts";
import { gridLines, type GridMark } from "../grid_plot.ts";
import { formatNumber } from "../percent.ts";

/** A test and what it was about. */
export interface TuneResult {
  readonly shelf: string;
  readonly sensor: string;
  readonly limitC: number;
  readonly samples: readonly ThermalSample[];
}

/** What is proposed: JSON values. */
export interface Proposal extends WireMap {
  shelf: string;
  sensor: string;
  model: {
    gain_c_per_percent: number;
    time_constant_ms: number;
    dead_time_ms: number;
    offset_c: number;
  };
  fit: { explained: number; rms_c: number; samples: number };
  pid: { target_c: number; kp: number; ki: number; kd: number };
  curve: [number, number][];
}

/** Below this a model explains too little to be built on. */
const LEAST_EXPLAINED = 0.8;
const ROWS = 12;
const COLUMNS = 60;

/**
 * Fits the model and derives the proposals.
 *
 * @throws {SensorError} When the temperature does not follow the fans.
 */
export function propose({ shelf, sensor, limitC, samples }: TuneResult): Proposal {
  const fit = fitThermalModel(samples);
  if (!fit || fit.explained < LEAST_EXPLAINED || fit.model.gainCPerPercent >= 0) {
    const found = fit && fit.model.gainCPerPercent >= 0
      ? "more air does not cool it"
      : `the fans explain ${Math.round((fit?.explained ?? 0) * 100)} % of what its temperature did`;
    throw new SensorError(
      `Cannot tune shelf "${shelf}" by "${sensor}": ${found}; ` +
        "keep the load steady meanwhile, take a larger step, or look whether these fans blow there",
    );
  }
  const { model } = fit;
  const temps = samples.map(({ tempC }) => tempC);
  const targetC = Math.round((Math.min(...temps) + Math.max(...temps)) / 2);
  const gains = proposeGains(model);
  const minPercent = Math.min(...samples.map(({ percent }) => percent));
  const curve = proposeCurve(model, targetC, { minPercent: Math.min(25, minPercent), limitC });
  return {
    shelf,
    sensor,
    model: {
      gain_c_per_percent: round(model.gainCPerPercent, 3),
      time_constant_ms: Math.round(model.timeConstantMs),
      dead_time_ms: Math.round(model.deadTimeMs),
      offset_c: round(model.offsetC, 1),
    },
    fit: { explained: round(fit.explained, 3), rms_c: round(fit.rmsC, 2), samples: fit.samples },
    pid: { target_c: targetC, kp: gains.kp, ki: gains.ki, kd: gains.kd },
    curve: curve.map(([tempC, percent]): [number, number] => [tempC, percent]),
  };
}

/** The drawing and the proposals, ready to paste. */
export function proposalLines(proposal: Proposal, samples: readonly ThermalSample[]): string[] {
  const { sensor, model, fit, pid, curve } = proposal;
  const seconds = (ms: number): string => `${formatNumber(ms / 1000)} s`;
  return [
    ...drawing(proposal, samples),
    "",
    `One percent more changes ${sensor} by ${model.gain_c_per_percent} °C in the end,`,
    `63 % of that within ${seconds(model.time_constant_ms)}, beginning after ${
      seconds(model.dead_time_ms)
    }.`,
    `The model explains ${
      formatNumber(fit.explained * 100)
    } % of what was measured; it is off by ${fit.rms_c} °C.`,
    "",
    "A loop that holds a temperature:",
    '  shape = "pid"',
    `  target_c = ${pid.target_c}`,
    `  kp = ${pid.kp}`,
    `  ki = ${pid.ki}`,
    "A curve that answers as strongly:",
    `  curve = [${curve.map(([tempC, percent]) => `[${tempC}, ${percent}]`).join(", ")}]`,
    "Nothing has been changed: put what you like into [[shelf.cause]] and reload.",
  ];
}

/** Measured temperatures as dots over the line of the model, time to the right. */
function drawing({ model, sensor }: Proposal, samples: readonly ThermalSample[]): string[] {
  const thermal: ThermalModel = {
    gainCPerPercent: model.gain_c_per_percent,
    timeConstantMs: model.time_constant_ms,
    deadTimeMs: model.dead_time_ms,
    offsetC: model.offset_c,
  };
  const fromMs = samples[0]?.atMs ?? 0;
  const spanMs = Math.max(1, (samples.at(-1)?.atMs ?? 0) - fromMs);
  const timesMs = samples.map(({ atMs }) => atMs);
  const fitted = predict(thermal, samples, timesMs, samples[0]?.tempC);
  const temps = samples.map(({ tempC }) => tempC);
  const columnOf = (atMs: number) => Math.round((atMs - fromMs) / spanMs * (COLUMNS - 1));
  const mark = (values: readonly number[], sign: string): GridMark[] =>
    values.map((value, index) => ({ column: columnOf(timesMs[index] ?? 0), value, sign }));
  const low = Math.floor(Math.min(...temps, ...fitted));
  const high = Math.ceil(Math.max(...temps, ...fitted));
  const lines = gridLines([...mark(temps, "•"), ...mark(fitted, "─")], {
    rows: ROWS,
    columns: COLUMNS,
    low,
    high,
    format: (tempC) => `${Math.round(tempC)} °C`,
  });
  const changes = samples.filter(({ percent }, at) => percent !== samples[at - 1]?.percent);
  const duties = Array<string>(COLUMNS).fill(" ");
  for (const { atMs, percent } of changes) {
    const column = columnOf(atMs);
    for (const [at, sign] of [...`${formatNumber(percent)} %`].entries()) {
      if (column + at < COLUMNS) duties[column + at] = sign;
    }
  }
  const width = (lines[0]?.indexOf("│") ?? 0) + 1;
  return [
    `${sensor}: • measured, ─ model, over ${Math.round(spanMs / 1000)} s`,
    ...lines,
    `${" ".repeat(width)}${duties.join("")}`.trimEnd(),
  ];
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
