/**
 * Whether a fan drifts away from what it was when it was calibrated: its speed at a duty, the duty
 * that it starts at, and how long it takes to start. Pure: time comes with the reports.
 *
 * @module
 */
import type { FanReport } from "../../engine/event.ts";
import type { Finding } from "../../engine/finding.ts";
import type { FansPolicy } from "../fans_policy.ts";
import { type Drift, Trend, type TrendState } from "./trend.ts";

/** What is kept of a fan's wear: JSON values only. */
export interface WearState {
  /** How long it has been watched at work. */
  operatedMs: number;
  /** When it was last heard of; monotonic. */
  lastMs: number;
  /** The duty of the last report, and since when it is that. */
  appliedPercent: number | null;
  settledSinceMs: number;
  /** When the last sample of its speed was taken, in milliseconds of operation. */
  sampledMs: number;
  /** How many starts were told of with the last report. */
  starts: number | null;
  /** Since when there has been something to warn of; monotonic. */
  warnedSinceMs: number | null;
  trends: Record<Measure, TrendState>;
}

type Measure = "speed" | "start duty" | "spin-up";

interface Limits {
  /** What of the measure is worn out, in its own unit. */
  readonly limit: number;
  /** Whether a fall wears, too. */
  readonly bothWays: boolean;
  /** Percent of what was calibrated, or percentage points of duty. */
  readonly unit: string;
}

/** A fan has settled so long after its duty was changed. */
const SETTLE_MS = 10_000;
/** A longer silence is no operation. */
const MOST_GAP_MS = 60_000;
const SAMPLE_EVERY_MS = 300_000;
/** A fan that takes twice as long to start, and by more than a second, has worn. */
const SPIN_UP_PERCENT = 100;
const SPIN_UP_LEAST_MS = 1000;
/** What will reach its limit later than this is not told yet. */
const HORIZON_WEEKS = 8;
/** Before this share of the limit a trend may be anything. */
const EARLY_SHARE = 1 / 3;
const MEASURES = ["speed", "start duty", "spin-up"] as const;

/** Follows one fan. */
export class FanWear {
  readonly #limits: Readonly<Record<Measure, Limits>>;
  readonly #trends: Record<Measure, Trend>;
  readonly #state: Omit<WearState, "trends">;
  #finding: Omit<Finding, "shelf" | "subject"> | null = null;

  constructor({ wearPercent }: FansPolicy, state?: WearState) {
    this.#limits = {
      "speed": { limit: wearPercent, bothWays: true, unit: "%" },
      "start duty": { limit: wearPercent, bothWays: false, unit: "points" },
      "spin-up": { limit: SPIN_UP_PERCENT, bothWays: false, unit: "%" },
    };
    const { trends, ...rest } = state ?? {};
    this.#trends = {
      "speed": new Trend(trends?.speed),
      "start duty": new Trend(trends?.["start duty"]),
      "spin-up": new Trend(trends?.["spin-up"]),
    };
    this.#state = {
      operatedMs: 0,
      lastMs: 0,
      appliedPercent: null,
      settledSinceMs: 0,
      sampledMs: -SAMPLE_EVERY_MS,
      starts: null,
      warnedSinceMs: null,
      ...rest,
    };
    if (state !== undefined) this.#weigh(state.lastMs);
  }

  /** Takes a report; true when what is worth a word may have changed. */
  take(report: FanReport, nowMs: number): boolean {
    const before = this.#finding;
    const state = this.#state;
    const elapsedMs = nowMs - state.lastMs;
    if (elapsedMs < 0) state.settledSinceMs = nowMs;
    const isAtWork = report.state === "spinning" && report.byHand !== true;
    if (isAtWork) state.operatedMs += Math.min(MOST_GAP_MS, Math.max(0, elapsedMs));
    state.lastMs = nowMs;
    if (!isAtWork || report.appliedPercent !== state.appliedPercent || elapsedMs > MOST_GAP_MS) {
      state.settledSinceMs = nowMs;
    }
    state.appliedPercent = report.appliedPercent;
    const hasSpeed = isAtWork && this.#speed(report, nowMs);
    const hasStart = this.#start(report);
    if (hasSpeed || hasStart) this.#weigh(nowMs);
    return this.#finding !== before;
  }

  /** The early warning that is due, or null. */
  finding(): Omit<Finding, "shelf" | "subject"> | null {
    return this.#finding;
  }

  /** What to go on with later; null while nothing is known of a baseline. */
  state(): WearState | null {
    const trends = Object.fromEntries(
      MEASURES.map((measure) => [measure, this.#trends[measure].state()]),
    ) as Record<Measure, TrendState>;
    const isEmpty = MEASURES.every((measure) =>
      trends[measure].open.length + trends[measure].points.length === 0
    );
    return isEmpty && this.#state.starts === null ? null : { ...this.#state, trends };
  }

  #speed({ rpm, expectedRpm = 0 }: FanReport, nowMs: number): boolean {
    const state = this.#state;
    const isDue = state.operatedMs - state.sampledMs >= SAMPLE_EVERY_MS;
    if (rpm === null || !(expectedRpm > 0) || !isDue) return false;
    if (!(nowMs - state.settledSinceMs >= SETTLE_MS)) return false;
    state.sampledMs = state.operatedMs;
    return this.#trends.speed.take((rpm / expectedRpm - 1) * 100, state.operatedMs);
  }

  #start({ start }: FanReport): boolean {
    if (start === undefined) return false;
    const before = this.#state.starts;
    this.#state.starts = start.count;
    // What was before the first report may be of any time, and what was missed is gone.
    if (before === null || start.count <= before) return false;
    const { operatedMs } = this.#state;
    let isOver = false;
    if (start.expectedPercent !== null) {
      const points = start.percent - start.expectedPercent;
      isOver = this.#trends["start duty"].take(points, operatedMs);
    }
    if (start.expectedMs !== null && start.expectedMs > 0) {
      const moreMs = start.ms - start.expectedMs;
      const percent = moreMs > SPIN_UP_LEAST_MS ? moreMs / start.expectedMs * 100 : 0;
      isOver = this.#trends["spin-up"].take(percent, operatedMs) || isOver;
    }
    return isOver;
  }

  /** Finds the worst of the measures, once a stretch of hours is over. */
  #weigh(nowMs: number): void {
    const texts = MEASURES.map((measure) => this.#judge(measure)).filter((text) => text !== null);
    if (texts.length === 0) {
      this.#finding = null;
      this.#state.warnedSinceMs = null;
      return;
    }
    this.#finding = {
      kind: "wear",
      severity: "warning",
      text: `${texts.join("; ")}; clean it, or have another one ready`,
      sinceMs: this.#state.warnedSinceMs ??= nowMs,
    };
  }

  #judge(measure: Measure): string | null {
    const drift = this.#trends[measure].drift();
    const { limit, bothWays, unit } = this.#limits[measure];
    if (drift === null) return null;
    const { level, perWeek } = drift;
    const size = bothWays ? Math.abs(level) : level;
    const weeks = weeksTo(drift, limit, bothWays);
    const isWorn = size >= limit;
    if (!isWorn && !(size >= limit * EARLY_SHARE && weeks !== null && weeks <= HORIZON_WEEKS)) {
      return null;
    }
    const now = `${measure} is ${signed(level)} ${unit} off its calibration`;
    const pace = perWeek === null ? "" : `, ${signed(perWeek)} ${unit} a week`;
    const when = isWorn
      ? ` (worn from ${limit} ${unit} on)`
      : ` and will be ${limit} ${unit} off in ${Math.max(1, Math.round(weeks ?? 0))} weeks`;
    return `${now}${pace}${when}`;
  }
}

/** Weeks of operation until a measure is at its limit; null when it does not go there. */
function weeksTo({ level, perWeek }: Drift, limit: number, bothWays: boolean): number | null {
  if (perWeek === null || perWeek === 0) return null;
  const goal = perWeek > 0 ? limit : -limit;
  if (goal < 0 && !bothWays) return null;
  return Math.max(0, (goal - level) / perWeek);
}

function signed(value: number): string {
  return `${value >= 0 ? "+" : "−"}${Math.abs(value).toFixed(1)}`;
}
