/**
 * What the causes of one shelf ask for.
 *
 * @module
 */
import type { Cause } from "../cause.ts";
import type { ExplanationStep } from "../engine/explanation.ts";
import type { SensorJudgement } from "../sensing/judgement.ts";
import { orderCauses } from "./cause_order.ts";
import { type CausePolicy, isCombined } from "./cause_policy.ts";
import { CombinedCauseRunner } from "./combined_cause.ts";
import { changesOf, explainCause } from "./explain_cause.ts";
import { SensorCauseRunner, type SensorCauseState } from "./sensor_cause.ts";

/** What the causes remember, by name; those that remember nothing are left out. */
export type DemandState = Record<string, SensorCauseState>;

type Runner = SensorCauseRunner | CombinedCauseRunner;

/** The causes of one shelf, worked out together. */
export class Demand {
  /** Each after those that it combines. */
  readonly #runners: readonly Runner[];
  /** Those that nobody combines, in the order of the configuration. */
  readonly #roots: readonly Runner[];
  #causes: readonly Cause[] = [];

  /**
   * @param causes without a circle, and without a reference to what does not exist
   * @param state of these causes, or of older ones of the same names: what did not change keeps
   * its state, what changed goes on without a jump where it can
   */
  constructor(causes: readonly CausePolicy[], state: DemandState = {}) {
    const byName = new Map<string, Runner>();
    for (const policy of orderCauses(causes).ordered) {
      byName.set(policy.name, runnerOf(policy, byName, state));
    }
    this.#runners = [...byName.values()];
    const combined = new Set(causes.flatMap((cause) => isCombined(cause) ? cause.of : []));
    this.#roots = causes.filter(({ name }) => !combined.has(name))
      .map(({ name }) => byName.get(name)).filter((runner) => runner !== undefined);
  }

  /**
   * What is asked for now: a cause for each that nobody combines, without those of which nothing
   * can be said because none of their sensors can be used. The same array as last time when
   * nothing has changed.
   *
   * @param judgements by name; the same map holds the same objects from call to call
   * @param nowMs monotonic; filters and feedback move on to it
   */
  evaluate(judgements: ReadonlyMap<string, SensorJudgement>, nowMs: number): readonly Cause[] {
    for (const runner of this.#runners) runner.evaluate(judgements, nowMs);
    let count = 0;
    let isSame = true;
    for (const { cause } of this.#roots) {
      if (cause !== null && this.#causes[count++] !== cause) isSame = false;
    }
    if (!isSame || count !== this.#causes.length) {
      this.#causes = this.#roots.map(({ cause }) => cause).filter((cause) => cause !== null);
    }
    return this.#causes;
  }

  /** How the last result came about, in words: each cause with its filter and its law. */
  explain(nowMs: number, wallMs: number): { steps: ExplanationStep[]; changes: string[] } {
    const clock = (atMs: number): number => wallMs + atMs - nowMs;
    return {
      steps: this.#runners.flatMap((runner) => explainCause(runner, clock)),
      changes: this.#runners.flatMap(changesOf),
    };
  }

  /** JSON; {@link Demand} with it continues bit by bit the same. */
  state(): DemandState {
    const state: DemandState = {};
    for (const runner of this.#runners) {
      const own = runner instanceof SensorCauseRunner ? runner.state() : null;
      if (own) state[runner.policy.name] = own;
    }
    return state;
  }
}

function runnerOf(
  policy: CausePolicy,
  byName: ReadonlyMap<string, Runner>,
  state: DemandState,
): Runner {
  if (!isCombined(policy)) {
    return new SensorCauseRunner(
      policy,
      Object.hasOwn(state, policy.name) ? state[policy.name] : undefined,
    );
  }
  const parts = policy.of.map((name) => byName.get(name)).filter((part) => part !== undefined);
  return new CombinedCauseRunner(policy, parts);
}
