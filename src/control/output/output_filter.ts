/**
 * From what a shelf is asked for to what its fans do, for comfort: they move gently, start with
 * enough, are not switched all the time, and stay out of ranges where something rattles. Only
 * what curves and profiles ask for passes through here; failsafes, critical temperatures, floors
 * and overrides do not.
 *
 * @module
 */
import type { ExplanationStep } from "../engine/explanation.ts";
import { clampPercent, formatPercent } from "../percent.ts";
import { sameValue } from "../same_value.ts";
import { KeepOutLift, type LiftState } from "./keep_out.ts";
import { OnOff, type OnOffState } from "./on_off.ts";
import { type OutputPolicy, PLAIN_OUTPUT } from "./output_policy.ts";

/** What it did last. */
interface Done {
  askedPercent: number;
  percent: number;
  nowMs: number;
}

/** What a filter remembers, with the policy that it belongs to. */
export interface OutputState {
  policy: OutputPolicy;
  /** The duty as it moves, before it is lifted over a range. */
  percent: number;
  atMs: number;
  onOff: OnOffState;
  lift: LiftState | null;
  /** Null in a state that has just gone over to another policy. */
  done: Done | null;
}

/** The output of one shelf; time (monotonic) is passed in. */
export class OutputFilter {
  readonly #policy: OutputPolicy;
  readonly #isPlain: boolean;
  readonly #onOff: OnOff;
  readonly #lift: KeepOutLift;
  #percent: number | null;
  #atMs: number;
  #done: Done | null;

  /**
   * @param state of this policy or an older one: of an older one only the duty goes on, from
   * where it is, and whether the fans turn
   */
  constructor(policy: OutputPolicy, state: OutputState | null = null) {
    this.#policy = policy;
    this.#isPlain = sameValue(policy, PLAIN_OUTPUT);
    const isSame = state !== null && sameValue(state.policy, policy);
    this.#onOff = new OnOff(policy, state?.onOff ?? null);
    this.#lift = new KeepOutLift(policy.keepOut, policy.reapplyMs, isSame ? state.lift : null);
    this.#percent = state?.percent ?? null;
    this.#atMs = state?.atMs ?? 0;
    this.#done = isSame ? state.done : null;
  }

  /** The duty at `nowMs` for what curves and profiles ask for. The first one is what is asked. */
  apply(percent: number, nowMs: number): number {
    const asked = clampPercent(percent);
    if (this.#isPlain) return asked;
    const before = this.#percent;
    const wanted = this.#wanted(asked, nowMs);
    const moved = before === null ? wanted : this.#ramp(before, wanted, nowMs - this.#atMs);
    this.#percent = moved;
    this.#atMs = nowMs;
    // What is off is off: 0 % is below every range.
    const result = moved === 0 ? 0 : this.#lift.apply(moved, nowMs);
    this.#done = { askedPercent: asked, percent: result, nowMs };
    return result;
  }

  /**
   * Tells what the shelf really got, when something above comfort decided otherwise. From there
   * the filter goes on, so that the end of an override or a failsafe is as gentle as anything.
   * Before the first duty was asked for there is nothing to go on from.
   */
  follow(percent: number, nowMs: number): void {
    if (this.#isPlain || this.#percent === null || percent === this.#done?.percent) return;
    this.#percent = percent;
    this.#atMs = nowMs;
    this.#onOff.force(percent > 0, nowMs);
  }

  /** What it did to the last duty, and until when; nothing when that was what was asked for. */
  explain(nowMs: number, wallMs: number): ExplanationStep[] {
    const done = this.#done;
    if (!done || done.percent === done.askedPercent) return [];
    const { text, untilMs } = this.#reason(done, nowMs);
    const asked = formatPercent(done.askedPercent);
    return [{
      what: "limit",
      text: `${asked} asked for, ${formatPercent(done.percent)} given: ${text}`,
      value: done.percent,
      unit: "%",
      ...(untilMs === null ? {} : { until: wallMs + untilMs - nowMs }),
    }];
  }

  /** JSON; null as long as there is nothing to remember. */
  state(): OutputState | null {
    if (this.#percent === null) return null;
    return {
      policy: this.#policy,
      percent: this.#percent,
      atMs: this.#atMs,
      onOff: this.#onOff.state(),
      lift: this.#lift.state(),
      done: this.#done,
    };
  }

  /** What it comes to without any hurry: off, or on with enough. */
  #wanted(asked: number, nowMs: number): number {
    // Fans that have not come to rest yet need no rest.
    const { offBelowPercent } = this.#policy;
    if ((this.#percent ?? 0) > 0 && asked >= (offBelowPercent ?? 0)) this.#onOff.force(true, nowMs);
    if (!this.#onOff.step(asked, nowMs)) return 0;
    const { minimumPercent, startPercent } = this.#policy;
    const least = this.#onOff.isStarting(nowMs)
      ? Math.max(minimumPercent, startPercent)
      : minimumPercent;
    return Math.max(asked, least);
  }

  #ramp(before: number, wanted: number, elapsedMs: number): number {
    const { risePercentPerS, fallPercentPerS, minimumPercent, startPercent } = this.#policy;
    const seconds = Math.max(0, elapsedMs) / 1000;
    if (wanted > before) {
      if (risePercentPerS === null) return wanted;
      // From standing a ramp begins where a fan turns at all.
      const from = before === 0 ? Math.max(minimumPercent, startPercent) : before;
      return Math.min(wanted, from + risePercentPerS * seconds);
    }
    if (fallPercentPerS === null) return wanted;
    const lowest = before - fallPercentPerS * seconds;
    // To standing it ends where a fan still turns.
    if (wanted === 0) return lowest <= Math.max(minimumPercent, 0) ? 0 : lowest;
    return Math.max(wanted, lowest);
  }

  #reason(done: Done, nowMs: number): { text: string; untilMs: number | null } {
    const { minimumPercent, startPercent, risePercentPerS, fallPercentPerS, reapplyMs } =
      this.#policy;
    const { lift } = this.#lift;
    const moved = this.#percent ?? done.percent;
    if (lift && done.percent !== moved) {
      const [from, to] = lift.range;
      const untilMs = lift.heldSinceMs === null ? null : lift.heldSinceMs + reapplyMs;
      return { text: `kept out of ${formatPercent(from)} to ${formatPercent(to)}`, untilMs };
    }
    const leftMs = this.#onOff.leftMs(nowMs);
    const { on } = this.#onOff.state();
    if (!on) {
      const wouldStart = done.askedPercent >= (this.#policy.offBelowPercent ?? 0);
      return wouldStart
        ? { text: "off for its least time", untilMs: nowMs + leftMs }
        : { text: `off below ${formatPercent(this.#policy.offBelowPercent ?? 0)}`, untilMs: null };
    }
    const isOffWanted = done.askedPercent < (this.#policy.offBelowPercent ?? 0);
    if (isOffWanted && leftMs > 0) {
      return { text: "on for its least time", untilMs: nowMs + leftMs };
    }
    if (moved > done.askedPercent && moved > Math.max(minimumPercent, startPercent)) {
      return { text: `falls by ${fallPercentPerS} %/s at most`, untilMs: null };
    }
    if (moved < done.askedPercent) {
      return { text: `rises by ${risePercentPerS} %/s at most`, untilMs: null };
    }
    return { text: `a fan that is on gets ${formatPercent(moved)} at least`, untilMs: null };
  }
}
