/**
 * One shelf as the server keeps it: its rules, its override, its last decision, its fans' speed.
 *
 * @module
 */

import { decide, type Decision, type ShelfPolicy } from "../../control/engine/decision.ts";
import type { Override } from "../../control/engine/override.ts";
import type { SensorJudgement, SensorPolicy } from "../../control/sensing/sensor_health.ts";
import { type Duty, dutyAt } from "./duty.ts";
import { RpmReport } from "./rpm_report.ts";

/** The times that hold for every shelf of a server. */
export interface ShelfTimes {
  readonly tickMs: number;
  readonly dutyTtlMs: number;
  readonly rpmTtlMs: number;
}

/** What a shelf decides from at one moment. */
export interface ShelfInputs {
  readonly judgements: ReadonlyMap<string, SensorJudgement>;
  readonly policies: ReadonlyMap<string, SensorPolicy>;
  /** How late the tick was. */
  readonly lateMs: number;
  /** When the tick ran. */
  readonly nowMs: number;
}

/** A shelf, born at full speed. */
export class ServedShelf {
  /** Replaced when a drive of the shelf turns out to be of another kind; its sensors stay. */
  policy: ShelfPolicy;
  /** The names of the sensors behind this shelf's causes. */
  readonly sensors: readonly string[];
  readonly rpm: RpmReport;
  override: Override | null = null;
  decision: Decision;
  /** The number of the last announcement; 0 before the first. */
  sequence = 0;
  readonly #times: ShelfTimes;

  constructor(policy: ShelfPolicy, times: ShelfTimes, bornMs: number) {
    this.policy = policy;
    this.sensors = [...new Set(policy.causes.flatMap((cause) => cause.sensors))];
    this.rpm = new RpmReport(times.rpmTtlMs);
    this.#times = times;
    this.decision = {
      percent: 100,
      pending: true,
      born: true,
      causes: [{
        kind: "failsafe",
        name: "birth",
        percent: 100,
        text: "born at 100 % until the first readings are in",
      }],
      validForMs: times.dutyTtlMs,
      limit: null,
      decidedMs: bornMs,
    };
  }

  get name(): string {
    return this.policy.name;
  }

  /** Decides anew; true when the duty or the waiting state has changed. */
  decide(inputs: ShelfInputs): boolean {
    const before = this.decision;
    const sensors = this.sensors.map((name) => inputs.judgements.get(name))
      .filter((judgement) => judgement !== undefined);
    this.decision = decide({
      shelf: this.policy,
      sensors,
      policies: inputs.policies,
      override: this.override,
      lateMs: inputs.lateMs,
      tickMs: this.#times.tickMs,
      nowMs: inputs.nowMs,
    });
    return this.decision.percent !== before.percent || this.decision.pending !== before.pending;
  }

  /** What to announce at this moment. */
  duty(nowMs: number): Duty {
    return dutyAt(this.decision, nowMs, this.#times);
  }
}
