/**
 * What is known about a sensor, in words and numbers: how it stands and since when, its faults,
 * and what would bring it back.
 *
 * @module
 */
import { formatSeconds } from "../percent.ts";
import type { DerivedSensor } from "./derived_sensor.ts";
import type { SensorJudgement } from "./judgement.ts";
import type { SensorHealth } from "./sensor_health.ts";
import type { FaultKind } from "./sensor_policy.ts";

/** One fault that is there or not yet over. Times are monotonic. */
export interface FaultExplanation {
  kind: FaultKind;
  reason: string;
  /** What it asks for, 0 to 100. */
  percent: number;
  sinceMs: number;
  /** Whether it was there when the sensor was last judged. */
  present: boolean;
  /** It is over at this moment at the earliest, and after so many more good readings. */
  untilMs: number;
  readings: number;
}

/** All that is known about a sensor. */
export interface SensorExplanation {
  judgement: SensorJudgement;
  faults: FaultExplanation[];
  /** Of a derived sensor: what is known about those that it is computed from. */
  inputs: SensorExplanation[];
  /** What would bring it back, one sentence each; empty while nothing has to. */
  cures: string[];
}

const CURES: Readonly<Record<FaultKind, string>> = {
  missing: "it must be readable again",
  timeout: "its readings must come in time again",
  range: "it must read a temperature within its range",
  slope: "its readings must not jump",
  stuck: "its value must change",
  disagree: "it must come back to the median of its siblings",
};

/** Explains a sensor that is read. */
export function explainMeasured(health: SensorHealth): SensorExplanation {
  const judgement = { ...health.judgement };
  const { hold, judgedMs } = health;
  const faults = (hold?.state() ?? []).map((fault) => ({
    kind: fault.kind,
    reason: fault.reason,
    percent: health.percentOf(fault.kind),
    sinceMs: fault.sinceMs,
    present: fault.lastMs === judgedMs,
    ...(hold?.remaining(fault) ?? { untilMs: judgedMs, readings: 0 }),
  }));
  if (judgement.state === "waiting") {
    return { judgement, faults, inputs: [], cures: ["its first reading must come"] };
  }
  return { judgement, faults, inputs: [], cures: faults.map((fault) => cure(fault, judgedMs)) };
}

/** Explains a sensor that is computed from these inputs. */
export function explainDerived(
  sensor: DerivedSensor,
  inputs: SensorExplanation[],
): SensorExplanation {
  return {
    judgement: { ...sensor.judgement },
    faults: [],
    inputs,
    cures: inputs.flatMap(({ judgement, cures }) =>
      cures.map((each) => `input "${judgement.name}": ${each}`)
    ),
  };
}

function cure(fault: FaultExplanation, nowMs: number): string {
  const { kind, present, readings, untilMs } = fault;
  const waits: string[] = [];
  if (readings > 0) {
    waits.push(readings === 1 ? "1 good reading" : `${readings} good readings in a row`);
  }
  if (untilMs > nowMs) waits.push(`${formatSeconds(untilMs - nowMs)} without it`);
  const rest = waits.length > 0 ? waits.join(" and ") : "nothing more";
  return present ? `${CURES[kind]}, then ${rest}` : `${rest}, after: ${fault.reason}`;
}
