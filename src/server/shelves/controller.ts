/**
 * The control loop: readings in, one decision a shelf and tick out.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { SensorJudgement, SensorPolicy } from "../../control/sensing/sensor_health.ts";
import { ShelfNotFoundError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { ServerConfig } from "../config/config.ts";
import { type DriveKind, resolveDrives } from "../config/drive_kind.ts";
import { ServedShelf } from "./served_shelf.ts";
import { shorten } from "../requests/shorten.ts";

/** Where the readings come from; the poller of src/sensors. */
export interface Readings {
  /** The state of every sensor at this moment. */
  judge(nowMs: number): ReadonlyMap<string, SensorJudgement>;
  /** What the drive behind a sensor is, once it has been read. */
  driveKind(sensor: string): DriveKind | undefined;
}

/** What is told about changes. */
export interface ControllerEvents {
  /** A shelf's duty or waiting state has changed. */
  changed(shelf: ServedShelf): void;
  /** Before every tick, with the time since the last one. */
  beforeTick(elapsedMs: number): void;
}

/** Runs the ticks of one configuration over its shelves. */
export class Controller {
  readonly shelves: ReadonlyMap<string, ServedShelf>;
  /** The shelves' names, sorted, for paging. */
  readonly names: readonly string[];
  /** Ticks that came later than a whole period. */
  lateTicks = 0;
  readonly #config: ServerConfig;
  /** Sensors of drives whose kind the configuration does not say. */
  readonly #drives: readonly string[];
  #knownDrives = 0;
  #policies: ReadonlyMap<string, SensorPolicy>;
  readonly #readings: Readings;
  readonly #tickMs: number;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #events: ControllerEvents;
  #judgements: ReadonlyMap<string, SensorJudgement> = new Map();
  #cancel: () => void = () => {};
  #dueMs = 0;
  #lastMs = 0;
  #lateMs = 0;

  constructor(
    config: ServerConfig,
    readings: Readings,
    parts: { clock: Clock; log: Log; events: ControllerEvents },
  ) {
    const bornMs = parts.clock.monotonicMs();
    this.shelves = new Map(
      config.shelves.map((policy) => [policy.name, new ServedShelf(policy, config, bornMs)]),
    );
    this.names = [...this.shelves.keys()].sort();
    this.#config = config;
    this.#drives = config.sensors.filter(({ kind }) => kind === "drive").map(({ name }) => name);
    this.#policies = policiesOf(config);
    this.#readings = readings;
    this.#tickMs = config.tickMs;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#events = parts.events;
  }

  /** Ticks now and then once a period. */
  start(): void {
    this.#dueMs = this.#lastMs = this.#clock.monotonicMs();
    this.#tick();
  }

  stop(): void {
    this.#cancel();
  }

  /**
   * The shelf of this name.
   *
   * @throws {ShelfNotFoundError}
   */
  shelf(name: string): ServedShelf {
    const shelf = this.shelves.get(name);
    if (shelf !== undefined) return shelf;
    throw new ShelfNotFoundError(
      `Cannot find shelf "${shorten(name)}": this server has ${this.#countText()}; ` +
        'see them with "list"',
    );
  }

  #countText(): string {
    return this.shelves.size === 1 ? "1 shelf" : `${this.shelves.size} shelves`;
  }

  /** The last judgement of each of a shelf's sensors. */
  judgements(shelf: ServedShelf): SensorJudgement[] {
    return shelf.sensors.map((name) => this.#judgements.get(name))
      .filter((judgement) => judgement !== undefined);
  }

  /**
   * Decides one shelf: in a tick, or between two after its override has changed; then from what
   * the last tick knew and as old as that, for only a tick renews a decision.
   */
  decide(shelf: ServedShelf): void {
    const changed = shelf.decide({
      judgements: this.#judgements,
      policies: this.#policies,
      lateMs: this.#lateMs,
      nowMs: this.#lastMs,
    });
    if (changed) this.#events.changed(shelf);
  }

  #tick(): void {
    const nowMs = this.#clock.monotonicMs();
    const lateMs = nowMs - this.#dueMs;
    const isLate = lateMs > this.#tickMs;
    if (isLate) {
      this.lateTicks++;
      this.#log.warn(`Tick is ${Math.round(lateMs)} ms late; all shelves go to failsafe`);
    }
    this.#events.beforeTick(nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    this.#lateMs = lateMs;
    this.#judgements = this.#readings.judge(nowMs);
    this.#meetDrives();
    for (const shelf of this.shelves.values()) this.decide(shelf);
    // After a late tick a whole period, so that its failsafe is one and not a blink.
    this.#dueMs = (isLate ? nowMs : this.#dueMs) + this.#tickMs;
    this.#cancel = this.#clock.after(
      Math.max(0, this.#dueMs - this.#clock.monotonicMs()),
      () => this.#tick(),
    );
  }

  /** A drive that has been found is judged by the table of its kind from now on. */
  #meetDrives(): void {
    const kindOf = (sensor: string) => this.#readings.driveKind(sensor);
    const known = this.#drives.filter((sensor) => kindOf(sensor) !== undefined).length;
    if (known === this.#knownDrives) return;
    this.#knownDrives = known;
    const resolved = resolveDrives(this.#config, kindOf);
    this.#policies = policiesOf(resolved);
    for (const policy of resolved.shelves) this.shelf(policy.name).policy = policy;
  }
}

function policiesOf(config: ServerConfig): Map<string, SensorPolicy> {
  return new Map(config.sensors.map((sensor) => [sensor.name, sensor]));
}
