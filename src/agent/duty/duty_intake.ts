/**
 * What becomes of a duty that arrives: taken, dropped and counted, or refused with its server.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { WireMap } from "../../wire/value.ts";
import type { ChannelPlan, DutyPush } from "../channel_plan.ts";
import type { Claim } from "./claim.ts";

/** Refused: its server has an older claim than another that was granted. */
export type Verdict = "taken" | "dropped" | "refused";

/** The way of every duty into the plan. */
export class DutyIntake {
  readonly #plan: ChannelPlan;
  readonly #claim: Claim;
  readonly #clock: Clock;
  readonly #onTaken: () => void;
  /** Of an older epoch, or out of order. */
  #old = 0;
  /** Under way for longer than they were good for. */
  #late = 0;

  /** @param onTaken the plan has another duty from now on. */
  constructor(plan: ChannelPlan, claim: Claim, clock: Clock, onTaken: () => void) {
    this.#plan = plan;
    this.#claim = claim;
    this.#clock = clock;
    this.#onTaken = onTaken;
  }

  /** What was not obeyed, and the claim that is: for those who ask about the board. */
  describe(): WireMap {
    return { dropped: { old: this.#old, late: this.#late }, granted: this.#claim.granted };
  }

  /** The highest epoch that was ever obeyed. */
  get granted(): number {
    return this.#claim.granted;
  }

  /** Whether there is a duty that still holds. */
  get holdsAny(): boolean {
    return this.#plan.holdsAny(this.#clock.monotonicMs());
  }

  /** @param lateMs how much of its time has passed on the way. */
  take(push: DutyPush, lateMs: number): Verdict {
    if (!this.#plan.isDuty(push)) return "dropped";
    if (!this.#claim.grant(push.epoch)) {
      this.#old++;
      return "refused";
    }
    const ttlMs = push.ttlMs - lateMs;
    if (ttlMs <= 0) {
      this.#late++;
      return "dropped";
    }
    if (!this.#plan.take({ ...push, ttlMs }, this.#clock.monotonicMs())) {
      this.#old++;
      return "dropped";
    }
    this.#onTaken();
    return "taken";
  }
}
