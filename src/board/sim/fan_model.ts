/**
 * A four-wire fan as the board meets it: a rotor with first-order inertia, a start and a stop
 * duty, and an open-collector tachometer. Pure: time comes in as steps.
 *
 * @module
 */

/** What the fan's PWM line does: high for that many of 1000 parts, or left alone by the board. */
export type FanDrive = number | "released";

/** What a fan is like. */
export interface FanSpec {
  /** Speed at full duty, in revolutions per minute. */
  readonly maxRpm: number;
  /** The slowest speed that its own controller holds while it turns. */
  readonly minRpm: number;
  /** Duty from which a standing rotor starts, in permille. */
  readonly startPermille: number;
  /** Duty below which a turning rotor is let run out, in permille; below the start duty. */
  readonly stopPermille: number;
  /**
   * How the speed follows the duty: to this power; 1 or left out is a straight line, less is a fan
   * that is fast early.
   */
  readonly bend?: number;
  /** Time constant of the rotor, in milliseconds: 63 % of a change of speed. */
  readonly timeConstantMs: number;
  /** After a start from standstill the fan itself pushes this long, in milliseconds. */
  readonly startPushMs: number;
  /** The speed it pushes to meanwhile; the 4-wire specification allows 30 % of the maximum. */
  readonly startPushRpm: number;
  /** Tachometer pulses a revolution. */
  readonly pulsesPerRevolution: number;
}

/** A common 120 mm case fan. */
export const CASE_FAN: FanSpec = {
  maxRpm: 1800,
  minRpm: 300,
  startPermille: 180,
  stopPermille: 120,
  timeConstantMs: 1200,
  startPushMs: 1000,
  startPushRpm: 500,
  pulsesPerRevolution: 2,
};

/** A change of the tachometer line within a step. */
export interface TachEdge {
  /** Milliseconds after the start of the step, 0 < offset ≤ step. */
  readonly offsetMs: number;
  /** The level from here on; the line is pulled up, so a pulse is a low. */
  readonly high: boolean;
}

/** What is wrong with the fan, if anything: a blocked rotor, or a plug that is out. */
export type FanFault = "none" | "stalled" | "disconnected";

/** Below this a rotor counts as standing: friction stops it. */
const STANDSTILL_RPM = 20;

/** One fan, moved on by {@link FanModel.step}. */
export class FanModel {
  readonly spec: FanSpec;
  /** Set it to break the fan; `"none"` repairs it. */
  fault: FanFault = "none";
  #rpm = 0;
  #halfPulses: number;
  #pushLeftMs = 0;

  /** @param phase where the rotor stands at first, in revolutions 0..1. */
  constructor(spec: FanSpec = CASE_FAN, phase = 0) {
    this.spec = spec;
    this.#halfPulses = phase * spec.pulsesPerRevolution * 2;
  }

  /** The true speed of the rotor, whatever the tachometer says. */
  get rpm(): number {
    return this.#rpm;
  }

  /** The level of the tachometer line now. */
  get tachHigh(): boolean {
    return this.fault === "disconnected" || Math.floor(this.#halfPulses) % 2 === 0;
  }

  /**
   * Moves the fan on by `dtMs` milliseconds under one drive and tells the tachometer's edges in
   * order. A disconnected fan has no supply: it runs out, without edges.
   */
  step(dtMs: number, drive: FanDrive): TachEdge[] {
    const from = this.#rpm;
    const target = this.#targetRpm(dtMs, drive === "released" ? 1000 : drive);
    const decay = Math.exp(-dtMs / this.#timeConstantMs());
    this.#rpm = target + (from - target) * decay;
    if (target === 0 && this.#rpm < STANDSTILL_RPM) this.#rpm = 0;
    return this.#turn(dtMs, (from + this.#rpm) / 2);
  }

  /** A blocked rotor is stopped by more than friction. */
  #timeConstantMs(): number {
    return this.fault === "stalled" ? this.spec.timeConstantMs / 10 : this.spec.timeConstantMs;
  }

  #targetRpm(dtMs: number, permille: number): number {
    const { maxRpm, minRpm, startPermille, stopPermille, startPushMs, startPushRpm } = this.spec;
    const { bend = 1 } = this.spec;
    if (this.fault !== "none") {
      this.#pushLeftMs = 0;
      return 0;
    }
    const standing = this.#rpm === 0;
    if (permille < (standing ? startPermille : stopPermille)) {
      this.#pushLeftMs = 0;
      return 0;
    }
    if (standing) this.#pushLeftMs = startPushMs;
    const steadyRpm = Math.max(minRpm, maxRpm * (Math.min(permille, 1000) / 1000) ** bend);
    if (this.#pushLeftMs <= 0) return steadyRpm;
    this.#pushLeftMs -= dtMs;
    return Math.max(steadyRpm, startPushRpm);
  }

  /** Turns the rotor at one mean speed; every half pulse that it passes is an edge. */
  #turn(dtMs: number, meanRpm: number): TachEdge[] {
    const perMs = meanRpm / 60_000 * this.spec.pulsesPerRevolution * 2;
    const start = this.#halfPulses;
    const end = start + perMs * dtMs;
    const edges: TachEdge[] = [];
    for (let next = Math.floor(start) + 1; next <= end; next++) {
      if (this.fault === "disconnected") continue;
      edges.push({ offsetMs: (next - start) / perMs, high: next % 2 === 0 });
    }
    this.#halfPulses = end % (this.spec.pulsesPerRevolution * 2);
    return edges;
  }
}
