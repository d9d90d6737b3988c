/**
 * One temperature that is computed from others. It stands as its inputs stand: it fails when one
 * of them fails, waits while one waits, and leaves out those that sleep.
 *
 * @module
 */
import type { DerivedPolicy } from "./derived_policy.ts";
import type { SensorJudgement, SensorState } from "./judgement.ts";
import { TimeWindow, type TimeWindowState } from "./time_window.ts";

/** What is remembered about a derived sensor, as JSON. */
export interface DerivedState {
  judgement: SensorJudgement;
  /** How it was computed; what is remembered holds for no other way. */
  policy: DerivedPolicy;
  window?: TimeWindowState;
  ema?: { valueC: number; lastMs: number };
}

/** Follows its inputs, whose judgements change in place. */
export class DerivedSensor {
  readonly policy: DerivedPolicy;
  readonly #inputs: readonly SensorJudgement[];
  /** As it was last given. */
  readonly judgement: SensorJudgement;
  readonly #window: TimeWindow | null;
  #ema: { valueC: number; lastMs: number } | null = null;

  /** @param inputs Of `policy.of`, in this order. */
  constructor(
    policy: DerivedPolicy,
    inputs: readonly SensorJudgement[],
    bornMs: number,
    state?: DerivedState,
  ) {
    const kept = state && JSON.stringify(state.policy) === JSON.stringify(policy) ? state : null;
    this.policy = policy;
    this.#inputs = inputs;
    this.judgement = {
      state: "waiting",
      tempC: null,
      ageMs: null,
      validForMs: 0,
      reason: null,
      fault: null,
      failsafePercent: 0,
      sinceMs: bornMs,
      ...kept?.judgement,
      name: policy.name,
      kind: policy.kind,
    };
    const windowMs = policy.type === "average"
      ? policy.windowMs
      : policy.type === "peak_hold"
      ? policy.holdMs
      : null;
    this.#window = windowMs === null ? null : new TimeWindow(windowMs, kept?.window);
    this.#ema = kept?.ema ? { ...kept.ema } : null;
  }

  /** How it stands, once its inputs have been judged at `nowMs`. */
  judge(nowMs: number): SensorJudgement {
    const { judgement } = this;
    let ageMs: number | null = null;
    let validForMs = Infinity;
    let failed: SensorJudgement | null = null;
    let waiting: SensorJudgement | null = null;
    let missed: SensorJudgement | null = null;
    for (const input of this.#inputs) {
      if (input.ageMs !== null && !(input.ageMs <= (ageMs ?? -Infinity))) ageMs = input.ageMs;
      if (input.validForMs < validForMs) validForMs = input.validForMs;
      if (input.state === "failed") {
        if (failed === null || input.failsafePercent > failed.failsafePercent) failed = input;
      } else if (input.state === "waiting") waiting ??= input;
      else if (input.state === "missed") missed ??= input;
    }
    const tempC = this.#compute(nowMs);
    const worst = failed ?? waiting ?? missed;
    judgement.ageMs = ageMs;
    judgement.validForMs = failed || waiting ? 0 : validForMs;
    judgement.tempC = waiting && !failed ? null : tempC;
    judgement.fault = failed?.fault ?? null;
    judgement.failsafePercent = failed?.failsafePercent ?? 0;
    judgement.reason = worst && inputReason(worst);
    this.#stand(worst?.state ?? (tempC === null ? "asleep" : "ok"), nowMs);
    return judgement;
  }

  /** What to give to the constructor to go on from here. */
  state(): DerivedState {
    return {
      judgement: { ...this.judgement },
      policy: this.policy,
      ...this.#window && { window: this.#window.state() },
      ...this.#ema && { ema: { ...this.#ema } },
    };
  }

  /** From those inputs that have a temperature; null when they do not suffice. */
  #compute(nowMs: number): number | null {
    const { policy } = this;
    switch (policy.type) {
      case "max":
      case "min":
        return extreme(this.#inputs, policy.type === "max" ? 1 : -1);
      case "mean":
        return weightedMean(this.#inputs, null);
      case "weighted":
        return weightedMean(this.#inputs, policy.weights);
      case "difference": {
        const fromC = this.#inputs[0]?.tempC ?? null;
        const lessC = this.#inputs[1]?.tempC ?? null;
        return fromC === null || lessC === null ? null : fromC - lessC;
      }
      case "offset": {
        const tempC = this.#inputs[0]?.tempC ?? null;
        return tempC === null ? null : tempC + policy.offsetC;
      }
      default:
        return this.#filter(this.#inputs[0], nowMs);
    }
  }

  /** The one input over time. What sleeps begins anew when it wakes. */
  #filter(input: SensorJudgement | undefined, nowMs: number): number | null {
    const { policy } = this;
    if (input === undefined || input.tempC === null) {
      if (input?.state === "asleep") this.#forget();
      return null;
    }
    if (policy.type === "ema") {
      const { valueC, lastMs } = this.#ema ?? { valueC: input.tempC, lastMs: nowMs };
      const share = -Math.expm1(-Math.max(0, nowMs - lastMs) / policy.tauMs);
      this.#ema = { valueC: valueC + (input.tempC - valueC) * share, lastMs: nowMs };
      return this.#ema.valueC;
    }
    this.#window?.add(input.tempC, nowMs);
    const window = this.#window;
    if (window === null) return null;
    return policy.type === "peak_hold" ? window.highestC : window.meanC;
  }

  #forget(): void {
    this.#ema = null;
    this.#window?.clear();
  }

  #stand(state: SensorState, nowMs: number): void {
    if (this.judgement.state === state) return;
    this.judgement.state = state;
    this.judgement.sinceMs = nowMs;
  }
}

function inputReason({ name, state, reason }: SensorJudgement): string {
  return `input "${name}": ${reason ?? state}`;
}

/** The highest (`sign` 1) or lowest (-1) temperature. */
function extreme(inputs: readonly SensorJudgement[], sign: 1 | -1): number | null {
  let foundC: number | null = null;
  for (const { tempC } of inputs) {
    if (tempC !== null && (foundC === null || tempC * sign > foundC * sign)) foundC = tempC;
  }
  return foundC;
}

/** The mean of those that have a temperature, by their weights; without weights all count alike. */
function weightedMean(
  inputs: readonly SensorJudgement[],
  weights: readonly number[] | null,
): number | null {
  let sumC = 0;
  let sum = 0;
  for (const [at, { tempC }] of inputs.entries()) {
    if (tempC === null) continue;
    const weight = weights === null ? 1 : weights[at] ?? 0;
    sumC += weight * tempC;
    sum += weight;
  }
  return sum > 0 ? sumC / sum : null;
}
