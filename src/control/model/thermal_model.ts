/**
 * How a temperature answers to a duty: first order with dead time. The air changes at once, the
 * temperature begins to follow after the dead time, and after one time constant more has made
 * 63 % of its way. Around one working point this describes a heat sink or a drive well; over the
 * whole range the effect of one percent shrinks as the duty grows, so that the model of a small
 * range should not be stretched far beyond it.
 *
 * @module
 */

/** A first-order model with dead time. */
export interface ThermalModel {
  /** What one percent more duty does in the end, in °C; negative, as air cools. */
  gainCPerPercent: number;
  /** After this long 63 % of a change is done, in milliseconds. */
  timeConstantMs: number;
  /** How long nothing of a change is seen, in milliseconds. */
  deadTimeMs: number;
  /** Where the temperature would come to rest without any duty, in °C: extrapolated. */
  offsetC: number;
}

/** From `atMs` on, `percent` is in force. */
export interface DutyPoint {
  atMs: number;
  /** 0 to 100. */
  percent: number;
}

/** A temperature, and the duty that is in force from this moment on. */
export interface ThermalSample extends DutyPoint {
  tempC: number;
}

/** What a {@link LaggedDuty} needs to go on. */
export interface LaggedDutyState {
  /** The duty as the temperature feels it. */
  feltPercent: number;
  /** Up to when it has been worked out. */
  atMs: number;
  /** What has not been felt yet, oldest first; the first one is what is felt now. */
  pending: DutyPoint[];
}

/**
 * A duty as a temperature feels it: late by the dead time, then approached with the time
 * constant. Steps may come at any distance; the answer to what was in force is exact.
 */
export class LaggedDuty {
  readonly #timeConstantMs: number;
  readonly #deadTimeMs: number;
  #felt: number;
  #atMs: number;
  readonly #pending: DutyPoint[];

  /** @param start what was in force, and felt, for ever before; or the state to go on from */
  constructor(
    model: Pick<ThermalModel, "timeConstantMs" | "deadTimeMs">,
    start: DutyPoint | LaggedDutyState,
  ) {
    this.#timeConstantMs = model.timeConstantMs;
    this.#deadTimeMs = model.deadTimeMs;
    this.#atMs = start.atMs;
    if ("pending" in start) {
      this.#felt = start.feltPercent;
      this.#pending = start.pending.map((point) => ({ ...point }));
    } else {
      this.#felt = start.percent;
      this.#pending = [{ ...start }];
    }
  }

  /** The felt duty at `atMs`; from then on `percent` is in force. */
  step(atMs: number, percent: number): number {
    for (
      let next = this.#pending[1];
      next && next.atMs + this.#deadTimeMs <= atMs;
      next = this.#pending[1]
    ) {
      this.#approach(next.atMs + this.#deadTimeMs);
      this.#pending.shift();
    }
    this.#approach(atMs);
    if (this.#pending.at(-1)?.percent !== percent) this.#pending.push({ atMs, percent });
    return this.#felt;
  }

  /** The felt duty at `atMs`, with what is in force left as it is. */
  read(atMs: number): number {
    return this.step(atMs, this.#pending.at(-1)?.percent ?? this.#felt);
  }

  /** What another one needs to go on from here, bit by bit the same. */
  state(): LaggedDutyState {
    return {
      feltPercent: this.#felt,
      atMs: this.#atMs,
      pending: this.#pending.map((point) => ({ ...point })),
    };
  }

  #approach(atMs: number): void {
    const goal = this.#pending[0]?.percent ?? this.#felt;
    const elapsedMs = Math.max(0, atMs - this.#atMs);
    this.#felt = goal + (this.#felt - goal) * Math.exp(-elapsedMs / this.#timeConstantMs);
    this.#atMs = Math.max(atMs, this.#atMs);
  }
}

/**
 * The temperatures (°C) at each of `timesMs` (in order) under the duties of `duties` (in order).
 *
 * @param startC the temperature at the first duty; without it, the one that the first duty would
 * have come to rest at
 */
export function predict(
  model: ThermalModel,
  duties: readonly DutyPoint[],
  timesMs: readonly number[],
  startC?: number,
): number[] {
  const [first] = duties;
  if (!first) return timesMs.map(() => startC ?? model.offsetC);
  const lagged = new LaggedDuty(model, first);
  const offC = startC === undefined
    ? 0
    : startC - (model.offsetC + model.gainCPerPercent * first.percent);
  let inForce = first.percent;
  let next = 1;
  return timesMs.map((atMs) => {
    for (let duty = duties[next]; duty && duty.atMs <= atMs; duty = duties[++next]) {
      inForce = duty.percent;
      lagged.step(duty.atMs, inForce);
    }
    const felt = lagged.step(atMs, inForce);
    const left = Math.exp(-Math.max(0, atMs - first.atMs) / model.timeConstantMs);
    return model.offsetC + model.gainCPerPercent * felt + offC * left;
  });
}

/**
 * What a recorded run would have shown under other duties: the recorded temperature, moved by
 * what the difference of the duties would have done. Whatever else acted on it (load, ambient)
 * stays in, as it was recorded.
 *
 * Used step by step, so that a controller can answer to the temperature that it would have made.
 */
export class WouldBe {
  readonly #model: ThermalModel;
  readonly #difference: LaggedDuty;

  /** @param start when the run begins, or the state to go on from */
  constructor(model: ThermalModel, start: { atMs: number } | LaggedDutyState) {
    this.#model = model;
    this.#difference = new LaggedDuty(
      model,
      "pending" in start ? start : { atMs: start.atMs, percent: 0 },
    );
  }

  /** The temperature that would have been at `atMs`; `percent` would be in force from then on. */
  step(recorded: ThermalSample, percent: number): number {
    const felt = this.#difference.step(recorded.atMs, percent - recorded.percent);
    return recorded.tempC + this.#model.gainCPerPercent * felt;
  }

  /** The temperature that would be read at `atMs`, before anything is decided. */
  read(atMs: number, tempC: number): number {
    return tempC + this.#model.gainCPerPercent * this.#difference.read(atMs);
  }

  state(): LaggedDutyState {
    return this.#difference.state();
  }
}
