/**
 * All sensors of a server: what arrives of them is taken in, and once a tick every one is judged,
 * measured ones first, then those that are derived from them.
 *
 * @module
 */
import { ConfigError } from "../../errors.ts";
import { orderDerived } from "./derived_order.ts";
import type { DerivedPolicy } from "./derived_policy.ts";
import { DerivedSensor, type DerivedState } from "./derived_sensor.ts";
import { explainDerived, explainMeasured, type SensorExplanation } from "./explain.ts";
import type { SensorHealthState } from "./health_state.ts";
import { type SensorJudgement, unknownSensor } from "./judgement.ts";
import { SensorHealth } from "./sensor_health.ts";
import type { FaultKind, SensorPolicy } from "./sensor_policy.ts";
import { Groups } from "./groups.ts";
import type { SiblingsState } from "./siblings.ts";

/**
 * What is remembered about all sensors, as JSON. Whoever knows that a sensor has become another
 * device under the same name leaves it out.
 */
export interface SensingState {
  judgedMs: number | null;
  sensors: SensorHealthState[];
  derived: DerivedState[];
  groups: SiblingsState[];
}

/** Follows every sensor; times are monotonic. */
export class Sensing {
  readonly #healths = new Map<string, SensorHealth>();
  /** The same, in the order of the configuration. */
  readonly #measured: readonly SensorHealth[];
  readonly #derived = new Map<string, DerivedSensor>();
  readonly #groups: Groups;
  readonly #judgements = new Map<string, SensorJudgement>();
  readonly #behind = new Map<string, readonly string[]>();
  readonly #failed: SensorJudgement[] = [];
  #judgedMs: number | null;

  /**
   * @param state What {@link Sensing.state} gave, of these policies or of older ones: a sensor of
   * the same name goes on as it stood.
   * @throws {ConfigError} When derived sensors go around in a circle.
   */
  constructor(
    policies: readonly SensorPolicy[],
    derived: readonly DerivedPolicy[],
    bornMs: number,
    state?: SensingState,
  ) {
    const sensors = new Map(state?.sensors.map((each) => [each.judgement.name, each]));
    this.#judgedMs = state?.judgedMs ?? null;
    this.#groups = new Groups(policies, state?.groups);
    this.#measured = policies.map((policy) => {
      const health = new SensorHealth(policy, bornMs, {
        ...this.#groups.of(policy),
        state: sensors.get(policy.name),
      });
      this.#healths.set(policy.name, health);
      this.#judgements.set(policy.name, health.judgement);
      if (health.judgement.state === "failed") this.#failed.push(health.judgement);
      return health;
    });
    const { order, cycle } = orderDerived(derived);
    if (order === null) {
      throw new ConfigError(
        `Cannot compute sensors: found the circle ${cycle.join(" <- ")}; ` +
          "let one of them do without the others",
        [],
      );
    }
    const old = new Map(state?.derived.map((each) => [each.policy.name, each]));
    for (const policy of order) {
      const inputs = policy.of.map((name) => this.#judgements.get(name) ?? unknownSensor(name));
      const sensor = new DerivedSensor(policy, inputs, bornMs, old.get(policy.name));
      this.#derived.set(policy.name, sensor);
      this.#judgements.set(policy.name, sensor.judgement);
    }
  }

  /** A value arrived. What is said of a sensor that is not known is left alone. */
  reading(name: string, tempC: number, atMs: number): void {
    this.#healths.get(name)?.reading(tempC, atMs);
  }

  /** A reading did not arrive. */
  miss(name: string, reason: string, fault: FaultKind, atMs: number): void {
    this.#healths.get(name)?.miss(reason, atMs, fault);
  }

  /** The device sleeps and was not woken. */
  asleep(name: string, atMs: number): void {
    this.#healths.get(name)?.asleep(atMs);
  }

  /**
   * How every sensor stands at `nowMs`, by name. It is the same map each time, and the same
   * objects: they change at the next judgement.
   */
  judge(nowMs: number): ReadonlyMap<string, SensorJudgement> {
    const elapsedMs = Math.max(0, nowMs - (this.#judgedMs ?? nowMs));
    this.#judgedMs = nowMs;
    const { tempsC } = this.#groups;
    this.#failed.length = 0;
    let at = 0;
    for (const health of this.#measured) {
      const judgement = health.judge(nowMs, elapsedMs);
      if (judgement.state === "failed") this.#failed.push(judgement);
      tempsC[at++] = health.comparableC;
    }
    // What is compared with others is compared with those of the tick before.
    this.#groups.update();
    for (const sensor of this.#derived.values()) sensor.judge(nowMs);
    return this.#judgements;
  }

  /** As {@link Sensing.judge} left it. */
  get judgements(): ReadonlyMap<string, SensorJudgement> {
    return this.#judgements;
  }

  /** The measured sensors that have failed, as {@link Sensing.judge} left them. */
  get failed(): readonly SensorJudgement[] {
    return this.#failed;
  }

  /**
   * `name` and all sensors that it is computed from, each once. The failsafes and births of the
   * measured ones, and the critical temperatures of all, hold for whoever follows it.
   */
  behind(name: string): readonly string[] {
    const known = this.#behind.get(name);
    if (known) return known;
    const inputs = this.#derived.get(name)?.policy.of ?? [];
    const behind = [...new Set([name, ...inputs.flatMap((input) => this.behind(input))])];
    this.#behind.set(name, behind);
    return behind;
  }

  /** What is known about a sensor, and what would bring it back; null when nobody knows it. */
  explain(name: string): SensorExplanation | null {
    const health = this.#healths.get(name);
    if (health) return explainMeasured(health);
    const sensor = this.#derived.get(name);
    if (!sensor) return null;
    return explainDerived(
      sensor,
      sensor.policy.of.map((input) => this.explain(input))
        .filter((input) => input !== null),
    );
  }

  /**
   * What to give to the constructor to go on from here, bit for bit.
   *
   * @param only Names of sensors; without it, all.
   */
  state(only?: ReadonlySet<string>): SensingState {
    const isWanted = ({ policy }: { policy: { name: string } }): boolean =>
      only === undefined || only.has(policy.name);
    return {
      judgedMs: this.#judgedMs,
      sensors: this.#measured.filter(isWanted).map((health) => health.state()),
      derived: [...this.#derived.values()].filter(isWanted).map((sensor) => sensor.state()),
      groups: this.#groups.state(),
    };
  }
}
