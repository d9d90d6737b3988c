/**
 * Whether one fan does what it is asked to. Pure: time comes with the reports.
 *
 * @module
 */
import type { FanReport } from "../engine/event.ts";
import type { FansPolicy } from "./fans_policy.ts";

/** What is wrong with a fan: it does not turn, or its tachometer tells what cannot be. */
export type TroubleKind = "stall" | "implausible";

/** What is known of a fan's trouble: JSON values only. */
export interface TroubleState {
  /** The alarm that is in force. */
  kind: TroubleKind | null;
  /** When that alarm began; monotonic, as all times here. */
  sinceMs: number;
  /** Since when it has been asked to turn and did not, without a break. */
  badSinceMs: number | null;
  /** Since when it has been asked to turn and did, without a break, while alarmed. */
  goodSinceMs: number | null;
  /** When the last alarm ended. */
  recoveredMs: number | null;
  /** Alarms of late, one soon after the other. */
  streak: number;
  /** Alarms ever. */
  count: number;
}

/** A fan that fails again within this time gets twice as long to prove itself. */
const SOON_MS = 3_600_000;
/** No fan has to prove itself for longer than this. */
const MOST_RECOVER_MS = 3_600_000;

/** Follows one fan. */
export class FanTrouble {
  readonly #policy: FansPolicy;
  readonly #state: TroubleState;

  constructor(policy: FansPolicy, state?: TroubleState) {
    this.#policy = policy;
    this.#state = state === undefined
      ? {
        kind: null,
        sinceMs: 0,
        badSinceMs: null,
        goodSinceMs: null,
        recoveredMs: null,
        streak: 0,
        count: 0,
      }
      : { ...state };
  }

  /** The alarm in force, or null. */
  get kind(): TroubleKind | null {
    return this.#state.kind;
  }

  /** When the alarm in force began. */
  get sinceMs(): number {
    return this.#state.sinceMs;
  }

  /** Alarms ever. */
  get count(): number {
    return this.#state.count;
  }

  /** How long an alarmed fan must turn before it counts again. */
  get recoverMs(): number {
    const doubled = this.#policy.recoverMs * 2 ** Math.max(0, this.#state.streak - 1);
    return Math.min(MOST_RECOVER_MS, doubled);
  }

  /** Takes what a board says now; true when an alarm has begun, ended or changed. */
  take(report: FanReport, nowMs: number): boolean {
    const state = this.#state;
    const before = state.kind;
    const standing = standingOf(report);
    if (standing === "no tachometer") {
      state.kind = null;
      state.badSinceMs = state.goodSinceMs = null;
    } else if (standing === "not asked") {
      state.badSinceMs = state.goodSinceMs = null;
    } else if (standing === "good") {
      this.#good(nowMs);
    } else {
      this.#bad(standing, nowMs);
    }
    return state.kind !== before;
  }

  /** What to go on with later. */
  state(): TroubleState {
    return { ...this.#state };
  }

  #good(nowMs: number): void {
    const state = this.#state;
    state.badSinceMs = null;
    if (state.kind === null) return;
    state.goodSinceMs ??= nowMs;
    if (!(nowMs - state.goodSinceMs >= this.recoverMs)) return;
    state.kind = null;
    state.goodSinceMs = null;
    state.recoveredMs = nowMs;
  }

  #bad(kind: TroubleKind, nowMs: number): void {
    const state = this.#state;
    state.goodSinceMs = null;
    state.badSinceMs ??= nowMs;
    // Once alarmed, the kind is the newest; before, it takes its time.
    if (state.kind !== null) state.kind = kind;
    else if (nowMs - state.badSinceMs >= this.#policy.stallMs) this.#alarm(kind, nowMs);
  }

  #alarm(kind: TroubleKind, nowMs: number): void {
    const state = this.#state;
    const isSoon = state.recoveredMs !== null && nowMs - state.recoveredMs < SOON_MS;
    state.streak = isSoon ? state.streak + 1 : 1;
    state.kind = kind;
    state.sinceMs = state.badSinceMs ?? nowMs;
    state.count++;
  }
}

/** How a fan stands to what it is asked; a hand on it asks for nothing. */
function standingOf(report: FanReport): TroubleKind | "good" | "not asked" | "no tachometer" {
  if (report.state === "not_fitted") return "no tachometer";
  if (report.byHand === true || report.appliedPercent === 0) return "not asked";
  if (report.state === "implausible") return "implausible";
  return report.state === "spinning" ? "good" : "stall";
}
