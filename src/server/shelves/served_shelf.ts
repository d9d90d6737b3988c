/**
 * One shelf as the server tells of it: the engine's decision about it, its fans' speed, and how
 * often it was announced.
 *
 * @module
 */

import type { Decision } from "../../control/engine/decision.ts";
import type { Engine } from "../../control/engine/engine.ts";
import type { Override } from "../../control/engine/override.ts";
import { type Duty, dutyAt } from "./duty.ts";
import type { RpmReport } from "./rpm_report.ts";

/** The times that hold for every shelf of a server. */
export interface ShelfTimes {
  readonly tickMs: number;
  readonly dutyTtlMs: number;
}

/** A shelf of a running server. */
export class ServedShelf {
  readonly name: string;
  readonly rpm: RpmReport;
  /** The number of the last announcement; 0 before the first. */
  sequence = 0;
  readonly #engine: Engine;
  readonly #times: ShelfTimes;

  constructor(name: string, engine: Engine, times: ShelfTimes, rpm: RpmReport) {
    this.name = name;
    this.rpm = rpm;
    this.#engine = engine;
    this.#times = times;
  }

  /** The names of the sensors behind this shelf's causes. */
  get sensors(): readonly string[] {
    return this.#engine.sensors(this.name);
  }

  /** The order that was given by hand; it may have run out. */
  get override(): Override | null {
    return this.#engine.override(this.name);
  }

  get decision(): Decision {
    return this.#engine.decision(this.name);
  }

  /** What to announce at this moment. */
  duty(nowMs: number): Duty {
    return dutyAt(this.decision, nowMs, this.#times);
  }
}
