/**
 * The misses of a sensor since its last good reading.
 *
 * @module
 */
import { formatSeconds } from "../percent.ts";
import { failsafePercentOf, type FailsafePolicy, type FaultKind } from "./sensor_policy.ts";

/** A row of misses, as JSON; times are monotonic. */
export interface MissRowState {
  count: number;
  firstMs: number;
  lastMs: number;
  /** Of the last one. */
  reason: string;
  /** Of all of them the kind that asks for most, of equal ones the last. */
  kind: FaultKind;
}

/** Counts the misses of a row that has begun. */
export class MissRow {
  readonly #policy: FailsafePolicy;
  readonly #state: MissRowState;
  #text: string | null = null;

  constructor(policy: FailsafePolicy, state: MissRowState) {
    this.#policy = policy;
    this.#state = { ...state };
  }

  get count(): number {
    return this.#state.count;
  }

  get kind(): FaultKind {
    return this.#state.kind;
  }

  /** One more. */
  add(reason: string, kind: FaultKind, nowMs: number): void {
    const state = this.#state;
    const isMore = failsafePercentOf(this.#policy, kind) >=
      failsafePercentOf(this.#policy, state.kind);
    if (isMore) state.kind = kind;
    state.count++;
    state.lastMs = nowMs;
    state.reason = reason;
    this.#text = null;
  }

  /** The row in words. */
  get text(): string {
    return this.#text ??= textOf(this.#state);
  }

  state(): MissRowState {
    return { ...this.#state };
  }
}

function textOf({ count, firstMs, lastMs, reason }: MissRowState): string {
  if (count === 1) return `1 miss: ${reason}`;
  return `${count} misses in ${formatSeconds(lastMs - firstMs)}: ${reason}`;
}
