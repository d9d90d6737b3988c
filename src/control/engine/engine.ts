/**
 * Everything that decides, as one value: events in, a decision a shelf and tick out. The same
 * class runs live, in a replay and in a what-if. Pure: time is passed in.
 *
 * @module
 */
import {
  concerns,
  type ProfileInForce,
  profileInForce,
  type ProfilePolicy,
} from "../profile/profile.ts";
import type { DerivedPolicy } from "../sensing/derived_policy.ts";
import { type SensorJudgement, unknownSensor } from "../sensing/judgement.ts";
import { Sensing } from "../sensing/sensing.ts";
import type { SensorPolicy } from "../sensing/sensor_policy.ts";
import type { ActiveProfile } from "./comfort.ts";
import type { Decision } from "./decision.ts";
import { resolveSensor, resolveShelf } from "./drives.ts";
import type { EngineConfig } from "./engine_config.ts";
import type { EngineState, ShelfState } from "./engine_state.ts";
import type { DriveKind, EngineEvent, TickTime } from "./event.ts";
import { watchDerived, type WatchedSensor, watchMeasured } from "./evidence.ts";
import type { Explanation } from "./explanation.ts";
import type { Finding } from "./finding.ts";
import { FindingBook, type FindingChange } from "./finding_book.ts";
import type { Override } from "./override.ts";
import { sliceConfig } from "./slice_config.ts";
import { ShelfControl } from "./shelf_control.ts";
import type { ShelfPolicy } from "./shelf_policy.ts";

/**
 * Decides for every shelf of a configuration.
 *
 * @example
 * ```ts
 * import { Engine } from "./engine.ts";
 *
 * const config = { tickMs: 1000, rpmTtlMs: 10_000, sensors: [], derived: [], shelves: [] };
 * const engine = new Engine({ ...config, profiles: [] }, 0);
 * engine.tick({ atMs: 1000, wallMs: Date.UTC(2030, 0, 1), lateMs: 0 });
 * engine.findings(); // []
 * ```
 */
export class Engine {
  readonly config: EngineConfig;
  /** Events of sensors and shelves that the configuration does not know. */
  ignored = 0;
  readonly #bornMs: number;
  readonly #sensing: Sensing;
  readonly #judgements: ReadonlyMap<string, SensorJudgement>;
  /** As the configuration has them, by name. */
  readonly #policies: ReadonlyMap<string, SensorPolicy>;
  readonly #derived: ReadonlyMap<string, DerivedPolicy>;
  /** Each sensor as shelves watch it, so that those that share one share this, too. */
  readonly #watched = new Map<string, WatchedSensor>();
  readonly #profiles: ReadonlyMap<string, ProfilePolicy>;
  readonly #shelves: Map<string, ShelfControl>;
  readonly #drives: Map<string, DriveKind>;
  readonly #book: FindingBook;
  #lastTick: TickTime | null;
  #profile: ProfileInForce | null;
  /** Whether a drive has been found since the last tick. */
  #hasNewDrive = false;

  /**
   * @param bornMs the moment of the start, monotonic.
   * @param state a snapshot, of the same configuration or of an earlier one: what did not change
   * goes on as it was.
   */
  constructor(config: EngineConfig, bornMs: number, state?: EngineState) {
    this.config = config;
    this.#bornMs = bornMs;
    this.#policies = new Map(config.sensors.map((policy) => [policy.name, policy]));
    this.#derived = new Map(config.derived.map((policy) => [policy.name, policy]));
    this.#profiles = new Map(config.profiles.map((policy) => [policy.name, policy]));
    this.#sensing = new Sensing(config.sensors, config.derived, bornMs, state?.sensing);
    this.#judgements = this.#sensing.judgements;
    this.#lastTick = state?.lastTick ?? null;
    this.#profile = state?.profile ?? null;
    this.#drives = new Map(
      Object.entries(state?.drives ?? {}).filter(([name]) => this.#policies.has(name)),
    );
    this.#book = new FindingBook(state?.findings);
    this.#shelves = new Map(config.shelves.map((policy) => {
      const kept = state?.shelves[policy.name];
      return [policy.name, this.#control(policy, kept)];
    }));
  }

  /** Takes what happened. What it means shows at the next tick, an override's at once. */
  apply(event: EngineEvent): void {
    if (event.type === "profile") {
      this.#profile = event.profile;
    } else if ("sensor" in event) {
      if (this.#policies.has(event.sensor)) this.#sense(event);
      else this.ignored++;
    } else {
      const shelf = this.#shelves.get(event.shelf);
      if (shelf === undefined) this.ignored++;
      else if (event.type === "override") this.#order(shelf, event.override);
      else shelf.report(event.board, event.fans, event.atMs);
    }
  }

  /** Judges every sensor and decides every shelf; returns the shelves whose duty has changed. */
  tick(time: TickTime): string[] {
    this.#meetDrives();
    this.#lastTick = time;
    this.#sensing.judge(time.atMs);
    const active = this.#activeProfile(time.atMs);
    const changed: string[] = [];
    const findings: Finding[] = this.#lostSensors();
    for (const [name, shelf] of this.#shelves) {
      if (shelf.tick(time, profileOf(name, active))) changed.push(name);
      shelf.tell(findings, time.atMs);
    }
    this.#book.take(findings);
    return changed;
  }

  /** The shelf's decision, as the last tick or order left it. */
  decision(shelf: string): Decision {
    return this.#shelf(shelf).decision;
  }

  /** The order that a shelf has been given, in force or run out; null without one. */
  override(shelf: string): Override | null {
    return this.#shelf(shelf).override;
  }

  /** The names of the sensors that a shelf follows, and of those behind them. */
  sensors(shelf: string): readonly string[] {
    return this.#shelf(shelf).watched;
  }

  /** A sensor and all that it is computed from. */
  behind(sensor: string): readonly string[] {
    return this.#sensing.behind(sensor);
  }

  /** How a sensor stood at the last tick. Updated in place: copy what shall stay. */
  judgement(sensor: string): SensorJudgement {
    return this.#judgements.get(sensor) ?? unknownSensor(sensor);
  }

  /** What holds and is worth being told. */
  findings(): Finding[] {
    return this.#book.list();
  }

  /** What began and ended with the last tick. */
  get findingChanges(): readonly FindingChange[] {
    return this.#book.changes;
  }

  /** How the decision about a shelf came about, as of the last tick. */
  explain(shelf: string): Explanation {
    const time = this.#lastTick ?? { atMs: this.#bornMs, wallMs: 0, lateMs: 0 };
    const active = profileOf(shelf, this.#activeProfile(time.atMs));
    return this.#shelf(shelf).explain(time, active, this.#sensing);
  }

  /**
   * The configuration of an engine that decides as this one, for these shelves alone; its state is
   * a snapshot of the same shelves.
   */
  slice(shelves: readonly string[]): EngineConfig {
    return sliceConfig(this.config, new Set(shelves), (sensor) => this.behind(sensor));
  }

  /**
   * Everything that this engine holds, as JSON values.
   *
   * @param shelves only these, and the sensors behind them; without it, all.
   */
  snapshot(shelves?: readonly string[]): EngineState {
    const part = shelves && this.slice(shelves);
    const kept = part?.shelves.map(({ name }) => name) ?? [...this.#shelves.keys()];
    const sensors = part && [...part.sensors, ...part.derived].map(({ name }) => name);
    return {
      bornMs: this.#bornMs,
      lastTick: this.#lastTick,
      sensing: this.#sensing.state(sensors && new Set(sensors)),
      shelves: Object.fromEntries(kept.map((name) => [name, this.#shelf(name).state()])),
      drives: Object.fromEntries(this.#drives),
      profile: this.#profile,
      findings: this.findings(),
    };
  }

  #shelf(name: string): ShelfControl {
    const shelf = this.#shelves.get(name);
    if (shelf === undefined) throw new RangeError(`There is no shelf "${name}"`);
    return shelf;
  }

  #order(shelf: ShelfControl, override: Override | null): void {
    shelf.override = override;
    if (this.#lastTick !== null) shelf.decide(this.#lastTick);
  }

  #sense(event: Extract<EngineEvent, { sensor: string }>): void {
    const { sensor, atMs } = event;
    if (event.type === "reading") this.#sensing.reading(sensor, event.tempC, atMs);
    else if (event.type === "miss") this.#sensing.miss(sensor, event.reason, event.fault, atMs);
    else if (event.type === "asleep") this.#sensing.asleep(sensor, atMs);
    else if (this.#drives.get(sensor) !== event.kind) {
      this.#drives.set(sensor, event.kind);
      this.#hasNewDrive = true;
    }
  }

  #activeProfile(nowMs: number): ActiveProfile | null {
    const inForce = this.#profile;
    if (!profileInForce(inForce, nowMs)) return null;
    const policy = this.#profiles.get(inForce.name);
    return policy === undefined ? null : { policy, inForce };
  }

  /** Each by the kind of its fault. */
  #lostSensors(): Finding[] {
    return this.#sensing.failed.map(({ name, fault, reason, sinceMs }) => ({
      kind: fault ?? "missing",
      severity: "warning",
      shelf: null,
      subject: name,
      text: `Sensor "${name}" is lost: ${reason}`,
      sinceMs,
    }));
  }

  /** A drive that has been found is judged by the table of its kind from now on. */
  #meetDrives(): void {
    if (!this.#hasNewDrive) return;
    this.#hasNewDrive = false;
    this.#watched.clear();
    for (const policy of this.config.shelves) {
      const shelf = this.#shelf(policy.name);
      if (!shelf.sensors.some((sensor) => this.#drives.has(sensor))) continue;
      this.#shelves.set(policy.name, this.#control(policy, shelf.state()));
    }
  }

  #control(policy: ShelfPolicy, state: ShelfState | undefined): ShelfControl {
    const { tickMs, rpmTtlMs } = this.config;
    const parts = {
      judgements: this.#judgements,
      watch: (sensor: string) => this.#watch(sensor),
      tickMs,
      rpmTtlMs,
      bornMs: this.#bornMs,
    };
    const resolved = resolveShelf(policy, (sensor) => this.#drives.get(sensor));
    return new ShelfControl(resolved, parts, state, this.#lastTick);
  }

  #watch(sensor: string): WatchedSensor[] {
    return this.#sensing.behind(sensor).map((name) =>
      this.#watchOne(name, (judgement) => {
        const derived = this.#derived.get(name);
        if (derived !== undefined) return watchDerived(judgement, derived);
        const policy = this.#policies.get(name);
        return watchMeasured(judgement, policy && resolveSensor(policy, this.#drives.get(name)));
      })
    );
  }

  #watchOne(name: string, watch: (judgement: SensorJudgement) => WatchedSensor): WatchedSensor {
    const known = this.#watched.get(name);
    if (known !== undefined) return known;
    const watched = watch(this.judgement(name));
    this.#watched.set(name, watched);
    return watched;
  }
}

/** The profile in force as far as it is about this shelf. */
function profileOf(shelf: string, active: ActiveProfile | null): ActiveProfile | null {
  return active !== null && concerns(active.policy, shelf) ? active : null;
}
