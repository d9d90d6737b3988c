/**
 * One shelf: what it follows, who ordered what, and what was decided last.
 *
 * @module
 */
import type { Cause } from "../cause.ts";
import { Demand } from "../demand/demand.ts";
import { FanWatch } from "../fans/fan_watch.ts";
import { DEFAULT_FANS } from "../fans/fans_policy.ts";
import { OutputFilter } from "../output/output_filter.ts";
import { FULL_PERCENT } from "../percent.ts";
import { DEFAULT_PHYSICS } from "../physics/physics_policy.ts";
import { PhysicsWatch } from "../physics/physics_watch.ts";
import type { SensorJudgement } from "../sensing/judgement.ts";
import type { Sensing } from "../sensing/sensing.ts";
import { type ActiveProfile, weighComfort } from "./comfort.ts";
import { decide, type Decision, floorCause } from "./decision.ts";
import type { DecisionBasis, ShelfState } from "./engine_state.ts";
import type { FanReport, TickTime } from "./event.ts";
import { type WatchedSensor, weighSensors } from "./evidence.ts";
import { explainShelf } from "./explain_shelf.ts";
import type { Explanation } from "./explanation.ts";
import type { Finding } from "./finding.ts";
import type { Override } from "./override.ts";
import { tellDecision } from "./shelf_findings.ts";
import { sensorsOf, type ShelfPolicy } from "./shelf_policy.ts";

/** What a shelf is built from. */
export interface ShelfParts {
  /** Every sensor's judgement: always the same objects, updated in place. */
  readonly judgements: ReadonlyMap<string, SensorJudgement>;
  /** How `sensor` and those behind it are watched. */
  watch(sensor: string): readonly WatchedSensor[];
  readonly tickMs: number;
  readonly rpmTtlMs: number;
  readonly bornMs: number;
}

const NONE: readonly never[] = [];

/** Decides for one shelf. */
export class ShelfControl {
  readonly policy: ShelfPolicy;
  /** The names of the sensors behind this shelf's causes. */
  readonly sensors: readonly string[];
  /** The same, and those behind them. */
  readonly watched: readonly string[];
  override: Override | null;
  decision: Decision;
  readonly #physics: PhysicsWatch;
  readonly #followed: readonly SensorJudgement[];
  #fanFindings: readonly Finding[] = NONE;
  #physicsFindings: readonly Finding[] = NONE;
  readonly #parts: ShelfParts;
  readonly #watched: readonly WatchedSensor[];
  readonly #demand: Demand;
  readonly #output: OutputFilter | null;
  readonly #fans: FanWatch;
  readonly #floor: Cause;
  #basis: DecisionBasis | null;
  /** What the fans asked for in the last decision: they may have reported more since. */
  #fanCauses: readonly Cause[] = NONE;
  /** Whether nothing but curves and floor spoke in the last tick. */
  #wasCalm = false;

  /** @param lastTick of the engine that `state` is from. */
  constructor(
    policy: ShelfPolicy,
    parts: ShelfParts,
    state?: ShelfState,
    lastTick: TickTime | null = null,
  ) {
    const { name, causes, output, fans = DEFAULT_FANS, physics = DEFAULT_PHYSICS } = policy;
    this.policy = policy;
    this.sensors = sensorsOf(policy);
    this.#parts = parts;
    this.#watched = [...new Set(this.sensors.flatMap((sensor) => parts.watch(sensor)))];
    this.watched = this.#watched.map(({ judgement }) => judgement.name);
    this.#demand = new Demand(causes, state?.demand);
    this.#output = output ? new OutputFilter(output, state?.output) : null;
    this.#fans = new FanWatch({ ...fans, shelf: name, ttlMs: parts.rpmTtlMs }, state?.fans);
    this.#physics = new PhysicsWatch({ ...physics, shelf: name }, state?.physics);
    this.#followed = this.sensors.map((sensor) => parts.judgements.get(sensor))
      .filter((judgement) => judgement !== undefined);
    this.#floor = floorCause(policy.floorPercent);
    this.override = state?.override ?? null;
    this.#basis = state?.basis ?? null;
    this.decision = bornDecision(parts.bornMs, 2 * parts.tickMs);
    if (lastTick !== null) this.#decide(lastTick, state?.fanCauses ?? null);
  }

  /** Adds what is worth being told to `findings`. */
  tell(findings: Finding[], nowMs: number): void {
    // Most shelves have nothing to tell, at every tick.
    if (!this.#wasCalm) {
      tellDecision(findings, this.policy.name, this.decision, this.override, nowMs);
    }
    for (const finding of this.#fanFindings) findings.push(finding);
    for (const finding of this.#physicsFindings) findings.push(finding);
  }

  /** Takes what a board says of the shelf's fans; null when its reporter has gone. */
  report(board: string, fans: readonly FanReport[] | null, atMs: number): void {
    this.#fans.report(board, fans, atMs);
  }

  /** Looks at everything anew; true when the duty or the waiting state has changed. */
  tick(time: TickTime, active: ActiveProfile | null): boolean {
    const before = this.#basis?.comfort;
    const evidence = weighSensors(this.#watched, this.#parts.tickMs);
    const curves = this.#demand.evaluate(this.#parts.judgements, time.atMs);
    const comfort = weighComfort(curves, active, this.#output, time.atMs);
    this.#basis = { evidence, comfort };
    const isCalm = this.override === null && evidence.causes.length === 0 &&
      evidence.waiting.length === 0 && comfort.profile === null && comfort.output === null &&
      this.#fans.isQuiet(time.atMs) && time.lateMs <= this.#parts.tickMs;
    const isSame = isCalm && this.#wasCalm && before?.curves === curves;
    this.#wasCalm = isCalm;
    if (isSame) {
      const { percent, causes } = this.decision;
      this.decision = calmDecision(percent, causes, evidence.validForMs, time.atMs);
    }
    const hasChanged = !isSame && this.decide(time);
    // The full speed of a birth is no duty to come down from gently.
    if (this.decision.born) this.#output?.follow(this.decision.percent, time.atMs);
    const { percent } = this.decision;
    this.#physicsFindings = this.#physics.observe(percent, this.#followed, time.atMs);
    return hasChanged;
  }

  /**
   * Decides from what the last tick found, and as old as that; moves no filter on. True when the
   * duty or the waiting state has changed.
   */
  decide(time: TickTime): boolean {
    return this.#decide(time, null);
  }

  /** @param known what the fans asked for when this was decided before; null: ask them now. */
  #decide(time: TickTime, known: readonly Cause[] | null): boolean {
    if (this.#basis === null) return false;
    const before = this.decision;
    const input = {
      ...this.#basis,
      fans: NONE,
      floor: this.#floor,
      override: this.override,
      lateMs: time.lateMs,
      tickMs: this.#parts.tickMs,
      nowMs: time.atMs,
    };
    const alone = decide(input);
    // What a failed fan moved of the curves' air is missed, whatever somebody has ordered.
    const curves = this.override === null ? alone : decide({ ...input, override: null });
    const askedPercent = Math.max(alone.percent, curves.percent);
    const { causes, findings } = known === null
      ? this.#fans.judge(askedPercent, time.atMs)
      : { causes: known, findings: NONE };
    this.#fanFindings = findings;
    this.#fanCauses = causes;
    this.decision = causes.length === 0 ? alone : decide({ ...input, fans: causes });
    return this.decision.percent !== before.percent || this.decision.pending !== before.pending;
  }

  /** How the decision of the last tick came about. */
  explain(time: TickTime, active: ActiveProfile | null, sensing: Sensing): Explanation {
    const { atMs, wallMs } = time;
    return explainShelf({
      shelf: this.policy.name,
      decision: this.decision,
      time,
      sensors: this.sensors.map((name) => sensing.explain(name)).filter((each) => each !== null),
      watched: this.#watched,
      comfort: this.#basis?.comfort ?? { curves: NONE, profile: null, output: null },
      curves: this.#demand.explain(atMs, wallMs),
      active,
      output: this.#output?.explain(atMs, wallMs) ?? NONE,
      floorPercent: this.#floor.percent,
      override: this.override,
      fans: [...this.#fans.explain(), ...this.#physics.explain()],
    });
  }

  state(): ShelfState {
    return {
      override: this.override,
      basis: this.#basis,
      demand: this.#demand.state(),
      output: this.#output?.state() ?? null,
      fans: this.#fans.state(),
      fanCauses: this.#fanCauses,
      physics: this.#physics.state(),
    };
  }
}

/** Before the first tick. */
function bornDecision(bornMs: number, validForMs: number): Decision {
  return {
    percent: FULL_PERCENT,
    pending: true,
    born: true,
    causes: [{
      kind: "failsafe",
      name: "birth",
      percent: FULL_PERCENT,
      text: "born at 100 % until the first readings are in",
    }],
    validForMs,
    limit: null,
    decidedMs: bornMs,
  };
}

/** As the one before it, of a later moment. */
function calmDecision(
  percent: number,
  causes: readonly Cause[],
  validForMs: number,
  decidedMs: number,
): Decision {
  return { percent, pending: false, causes, validForMs, limit: null, decidedMs, born: true };
}
