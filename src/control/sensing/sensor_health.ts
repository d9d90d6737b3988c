/**
 * Whether a sensor can be believed: counted tolerance, then failure. A value is never held for
 * longer than its time, and a sensor that stays silent fails as surely as one that says so.
 *
 * @module
 */
import { formatSeconds, FULL_PERCENT } from "../percent.ts";
import { DisagreeWatch, StuckWatch } from "./doubts.ts";
import { FailsafeHold } from "./failsafe_hold.ts";
import type { SensorHealthState } from "./health_state.ts";
import type { SensorJudgement, SensorState } from "./judgement.ts";
import { MissRow } from "./miss_row.ts";
import { disbelief } from "./plausible.ts";
import {
  failsafePercentOf,
  type FaultKind,
  type SensorPolicy,
  usableForMs,
} from "./sensor_policy.ts";
import type { Siblings } from "./siblings.ts";

export type { SensorJudgement, SensorState } from "./judgement.ts";
export { type FaultKind, type SensorPolicy, usableForMs } from "./sensor_policy.ts";

/** What a sensor's health goes on from, and whom it is compared with. */
export interface HealthParts {
  /** Those that move when this one should. */
  others?: Siblings | undefined;
  /** Those that are as warm as this one, itself included. */
  siblings?: Siblings | undefined;
  state?: SensorHealthState | undefined;
}

/** Follows one sensor; the time (monotonic, ms) is passed in. */
export class SensorHealth {
  readonly policy: SensorPolicy;
  readonly #usableForMs: number;
  #bornMs: number;
  #heardMs: number | null = null;
  /** Null while asleep. */
  #tempC: number | null = null;
  #row: MissRow | null = null;
  #silenceText: string | null = null;
  #hold: FailsafeHold | null = null;
  readonly #stuck: StuckWatch | null;
  readonly #disagree: DisagreeWatch | null;
  /** As it was last given. */
  readonly judgement: SensorJudgement;
  /** When that was. */
  judgedMs: number;

  constructor(policy: SensorPolicy, bornMs: number, parts: HealthParts = {}) {
    const { others, siblings, state } = parts;
    this.policy = policy;
    this.#usableForMs = usableForMs(policy);
    this.#bornMs = bornMs;
    this.judgedMs = bornMs;
    this.#stuck = policy.stuck && others
      ? new StuckWatch(policy.stuck, others, state?.stuck)
      : null;
    this.#disagree = policy.siblings && siblings
      ? new DisagreeWatch(policy.siblings, siblings, state?.disagree)
      : null;
    this.judgement = {
      state: "waiting",
      tempC: null,
      ageMs: null,
      validForMs: 0,
      reason: null,
      fault: null,
      failsafePercent: 0,
      sinceMs: bornMs,
      ...state?.judgement,
      name: policy.name,
      kind: policy.kind,
    };
    if (state) this.#restore(state);
  }

  /** A value arrived; one that cannot be believed is a miss. */
  reading(tempC: number, nowMs: number): void {
    const last = this.#tempC === null || this.#heardMs === null
      ? null
      : { tempC: this.#tempC, elapsedMs: nowMs - this.#heardMs };
    const found = disbelief(this.policy, tempC, last);
    if (found) return this.miss(found.reason, nowMs, found.kind);
    if (tempC !== this.#tempC) this.#stuck?.moved();
    // Zero has one sign only, as in JSON.
    this.#heard(tempC + 0, nowMs);
  }

  /** A reading did not arrive. */
  miss(reason: string, nowMs: number, kind: FaultKind = "missing"): void {
    if (this.#row === null) {
      const first = { count: 1, firstMs: nowMs, lastMs: nowMs, reason, kind };
      this.#row = new MissRow(this.policy, first);
    } else {
      this.#row.add(reason, kind, nowMs);
    }
    if (this.#isMissing) this.#raise(this.#row.kind, this.#row.text, nowMs);
  }

  /** The device sleeps and was not woken: it has no temperature, and nothing is wrong. */
  asleep(nowMs: number): void {
    this.#stuck?.moved();
    this.#disagree?.rest();
    this.#heard(null, nowMs);
  }

  /** What others may be compared with since it was judged last; NaN when there is nothing. */
  get comparableC(): number {
    const { tempC } = this.judgement;
    if (tempC === null || this.#hold?.isUnread(this.judgedMs)) return NaN;
    return tempC;
  }

  /**
   * How the sensor stands at `nowMs`.
   *
   * @param elapsedMs Time since it was judged before.
   */
  judge(nowMs: number, elapsedMs = 0): SensorJudgement {
    const heardMs = this.#heardMs;
    const { judgement } = this;
    this.judgedMs = nowMs;
    judgement.ageMs = heardMs === null ? null : nowMs - heardMs;
    this.#doubt(nowMs, Math.min(elapsedMs, this.#usableForMs));
    const held = this.#hold?.judge(nowMs);
    if (held) {
      const isRead = this.#row === null && !this.#isSilent(nowMs);
      const isOver = held.lastMs < nowMs;
      this.#stand("failed", isOver ? `back after: ${held.reason}` : held.reason, nowMs);
      judgement.tempC = isRead ? this.#tempC : null;
      judgement.validForMs = 0;
      judgement.fault = held.kind;
      judgement.failsafePercent = this.percentOf(held.kind);
      if (this.#isLostHot) judgement.reason += ", critical when last read";
      return judgement;
    }
    judgement.fault = null;
    judgement.failsafePercent = 0;
    const reason = this.#row?.text ?? null;
    if (heardMs === null) {
      judgement.tempC = null;
      judgement.validForMs = 0;
      this.#stand("waiting", reason, nowMs);
      return judgement;
    }
    const tempC = this.#tempC;
    judgement.tempC = tempC;
    judgement.validForMs = this.#usableForMs - (nowMs - heardMs);
    this.#stand(reason !== null ? "missed" : tempC === null ? "asleep" : "ok", reason, nowMs);
    return judgement;
  }

  /** The faults that are there or not yet over; null when there never was one. */
  get hold(): FailsafeHold | null {
    return this.#hold;
  }

  /** What a fault of this kind asks for now, 0 to 100. */
  percentOf(kind: FaultKind): number {
    return this.#isLostHot ? FULL_PERCENT : failsafePercentOf(this.policy, kind);
  }

  /** What to give to the constructor to go on from here. */
  state(): SensorHealthState {
    const faults = this.#hold?.state() ?? [];
    return {
      judgement: { ...this.judgement },
      bornMs: this.#bornMs,
      heardMs: this.#heardMs,
      tempC: this.#tempC,
      ...this.#row && { row: this.#row.state() },
      ...faults.length > 0 && { faults },
      ...this.#stuck && { stuck: this.#stuck.state() },
      ...this.#disagree && { disagree: this.#disagree.state() },
    };
  }

  #restore(state: SensorHealthState): void {
    this.#bornMs = state.bornMs;
    this.#heardMs = state.heardMs;
    this.#tempC = state.tempC;
    if (state.row) this.#row = new MissRow(this.policy, state.row);
    if (state.faults) this.#hold = new FailsafeHold(this.policy, state.faults);
  }

  /** Raises every fault that is there at this moment. */
  #doubt(nowMs: number, elapsedMs: number): void {
    if (this.#row !== null && this.#isMissing) {
      this.#raise(this.#row.kind, this.#row.text, nowMs);
    } else if (this.#isSilent(nowMs)) {
      this.#raise("timeout", this.#silence(), nowMs);
    } else if (this.#row === null && this.#tempC !== null) {
      const tempC = this.#tempC;
      if (this.#stuck?.judge(elapsedMs)) this.#raise("stuck", this.#stuck.reason(tempC), nowMs);
      if (this.#disagree?.judge(tempC, nowMs)) {
        this.#raise("disagree", this.#disagree.reason(tempC), nowMs);
      }
    }
  }

  #raise(kind: FaultKind, reason: string, nowMs: number): void {
    this.#hold ??= new FailsafeHold(this.policy);
    this.#hold.raise(kind, reason, nowMs);
  }

  #heard(tempC: number | null, nowMs: number): void {
    // What failed between two judgements has failed all the same.
    if (!this.#isMissing && this.#isSilent(nowMs)) {
      this.#raise("timeout", this.#silence(), nowMs);
    }
    this.#heardMs = nowMs;
    this.#tempC = tempC;
    this.#row = null;
    this.#hold?.reading();
  }

  #stand(state: SensorState, reason: string | null, nowMs: number): void {
    const { judgement } = this;
    judgement.reason = reason;
    if (judgement.state === state) return;
    judgement.state = state;
    judgement.sinceMs = nowMs;
  }

  /** More readings in a row were missed than are tolerated. */
  get #isMissing(): boolean {
    return this.#row !== null && this.#row.count > this.policy.misses;
  }

  /** Also with a time that is not a number, and with one that another clock counted. */
  #isSilent(nowMs: number): boolean {
    return !(Math.abs(nowMs - (this.#heardMs ?? this.#bornMs)) < this.#usableForMs);
  }

  #silence(): string {
    return this.#silenceText ??= `silent for ${formatSeconds(this.#usableForMs)} and more`;
  }

  /** What was lost in the heat is no cooler for being out of sight. */
  get #isLostHot(): boolean {
    return this.judgement.tempC === null && (this.#tempC ?? -Infinity) >= this.policy.criticalC;
  }
}
