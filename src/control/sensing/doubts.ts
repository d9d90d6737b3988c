/**
 * Doubts about readings that come in time and within their range: stuck, or far from the
 * siblings.
 *
 * @module
 */
import { formatSeconds, formatTempC } from "../percent.ts";
import type { SiblingPolicy, StuckPolicy } from "./sensor_policy.ts";
import type { Siblings } from "./siblings.ts";

/** So many siblings of one kind must move together before one that does not is in doubt. */
export const LEAST_GROUP = 3;

/** Where the others are counts from this part of the time on that makes a value stuck. */
const SETTLING = 1 / 10;

/** What is remembered about a value that does not change, as JSON. */
export interface StuckState {
  /** Whom it was compared with: the place of the group. */
  group: number;
  /** How long it has not changed. */
  heldMs: number;
  /** Where the others were when they had followed its last change; null: not yet known. */
  fromC: number | null;
  /** How long, in sum, they have been away from there. */
  apartMs: number;
}

/** Watches for a value that stays while others move. */
export class StuckWatch {
  readonly #policy: StuckPolicy;
  readonly #others: Siblings;
  readonly #settlingMs: number;
  #heldMs = 0;
  #fromC: number | null = null;
  #apartMs = 0;

  /** @param state What {@link StuckWatch.state} gave; it holds only for the same others. */
  constructor(policy: StuckPolicy, others: Siblings, state?: StuckState) {
    this.#policy = policy;
    this.#others = others;
    // One that is read first, or warms first, would otherwise seem to stay behind.
    this.#settlingMs = Math.max(policy.ms * SETTLING, 2 * others.intervalMs);
    if (state === undefined || state.group !== others.oldId) return;
    this.#heldMs = state.heldMs;
    this.#fromC = state.fromC;
    this.#apartMs = state.apartMs;
  }

  /** The value has changed, or there was none. */
  moved(): void {
    this.#heldMs = 0;
    this.#fromC = null;
    this.#apartMs = 0;
  }

  /** Whether it is stuck, after it has been the same for `elapsedMs` more. */
  judge(elapsedMs: number): boolean {
    const others = this.#others;
    this.#heldMs += elapsedMs;
    if (this.#heldMs >= this.#settlingMs && others.count >= this.#least) {
      if (this.#fromC === null) this.#fromC = others.levelC;
      else if (this.#isApart()) this.#apartMs += elapsedMs;
    }
    return this.#apartMs >= this.#policy.ms;
  }

  /** What was found, in words. */
  reason(tempC: number | null): string {
    const { ms, movedC } = this.#policy;
    const value = tempC === null ? "the same" : formatTempC(tempC);
    return `stuck at ${value}: others were ${movedC} °C away for ${formatSeconds(ms)}`;
  }

  state(): StuckState {
    const [heldMs, fromC, apartMs] = [this.#heldMs, this.#fromC, this.#apartMs];
    return { group: this.#others.id, heldMs, fromC, apartMs };
  }

  /** Of those that nobody has named, more are needed. */
  get #least(): number {
    return this.#policy.with ? 1 : LEAST_GROUP;
  }

  #isApart(): boolean {
    return Math.abs(this.#others.levelC - (this.#fromC ?? NaN)) >= this.#policy.movedC;
  }
}

/** What is remembered about a sensor beside its siblings, as JSON. */
export interface DisagreeState {
  /** Whom it was compared with: the place of the group. */
  group: number;
  /** Since when it is too far away; null: it is not. */
  sinceMs: number | null;
}

/** Watches for a sensor that is too far from its siblings. */
export class DisagreeWatch {
  readonly #policy: SiblingPolicy;
  readonly #siblings: Siblings;
  #sinceMs: number | null = null;

  /** @param siblings The sensor itself is one of them. */
  constructor(policy: SiblingPolicy, siblings: Siblings, state?: DisagreeState) {
    this.#policy = policy;
    this.#siblings = siblings;
    if (state?.group === siblings.oldId) this.#sinceMs = state.sinceMs;
  }

  /** There is nothing to compare. */
  rest(): void {
    this.#sinceMs = null;
  }

  /** Whether it has been too far away for too long, now that it has this temperature. */
  judge(tempC: number, nowMs: number): boolean {
    const { count, medianC } = this.#siblings;
    // Of two, the median lies half way; of one, there is nothing to compare with.
    const apartC = count < 2 ? 0 : Math.abs(tempC - medianC) * (count === 2 ? 2 : 1);
    if (apartC <= this.#policy.maxC) this.#sinceMs = null;
    else this.#sinceMs ??= nowMs;
    return this.#sinceMs !== null && nowMs - this.#sinceMs >= this.#policy.ms;
  }

  /** What was found, in words. */
  reason(tempC: number): string {
    const { maxC, ms } = this.#policy;
    const found = `${formatTempC(tempC)} beside a median of ${formatTempC(this.#siblings.medianC)}`;
    return `${found}, more than ${maxC} °C apart for ${formatSeconds(ms)}`;
  }

  state(): DisagreeState {
    return { group: this.#siblings.id, sinceMs: this.#sinceMs };
  }
}
