/**
 * The control loop: what happens goes into the engine, one decision a shelf and tick comes out.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { Engine } from "../../control/engine/engine.ts";
import type { EngineEvent } from "../../control/engine/event.ts";
import type { FindingChange } from "../../control/engine/finding_book.ts";
import type { ProfileInForce } from "../../control/profile/profile.ts";
import type { Override } from "../../control/engine/override.ts";
import type { SensorJudgement } from "../../control/sensing/sensor_health.ts";
import { ShelfNotFoundError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { ServerConfig } from "../../config/config.ts";
import { carryOver, engineConfig } from "../../config/engine_config.ts";
import { shorten } from "../requests/shorten.ts";
import type { EventTap } from "./event_tap.ts";
import { RpmReport } from "./rpm_report.ts";
import { ServedShelf } from "./served_shelf.ts";

/** What is told about changes. */
export interface ControllerEvents {
  /** An order has changed a shelf's duty or waiting state. */
  changed(shelf: ServedShelf): void;
  /** A tick has changed those of these shelves. */
  ticked(names: readonly string[]): void;
  /** Before every tick, with the time since the last one. */
  beforeTick(elapsedMs: number): void;
}

/** What a controller is built from besides its configuration. */
export interface ControllerParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly events: ControllerEvents;
  readonly taps: readonly EventTap[];
}

/** Runs the ticks of one configuration over its shelves. */
export class Controller {
  readonly engine: Engine;
  readonly shelves: ReadonlyMap<string, ServedShelf>;
  /** The shelves' names, sorted, for paging. */
  readonly names: readonly string[];
  /** Ticks that came later than a whole period. */
  lateTicks: number;
  /** How much later than it should the last tick came, and the worst one. */
  readonly tickDelayMs: { last: number; most: number };
  readonly #config: ServerConfig;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #events: ControllerEvents;
  readonly #taps: readonly EventTap[];
  #hasStarted = false;
  /** What the engine was told last; null: no profile. */
  #profile: ProfileInForce | null | undefined;
  #cancel: () => void = () => {};
  #dueMs = 0;
  #lastMs = 0;

  /** @param before the controller of the configuration until now: what did not change goes on. */
  constructor(config: ServerConfig, parts: ControllerParts, before?: Controller) {
    this.#config = config;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#events = parts.events;
    this.#taps = parts.taps;
    this.lateTicks = before?.lateTicks ?? 0;
    this.tickDelayMs = before?.tickDelayMs ?? { last: 0, most: 0 };
    const bornMs = parts.clock.monotonicMs();
    const state = before && carryOver(before.engine.snapshot(), before.#config, config);
    this.engine = new Engine(engineConfig(config), bornMs, state);
    this.shelves = new Map(config.shelves.map(({ name }) => {
      const rpm = before?.shelves.get(name)?.rpm ?? new RpmReport(config.rpmTtlMs);
      return [name, new ServedShelf(name, this.engine, config, rpm)];
    }));
    this.names = [...this.shelves.keys()].sort();
  }

  /** Ticks now and then once a period. */
  start(): void {
    this.#hasStarted = true;
    for (const tap of this.#taps) tap.began(this.engine);
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
    return shelf.sensors.map((name) => this.engine.judgement(name));
  }

  /** Tells the engine, and whoever listens. */
  record(event: EngineEvent): void {
    this.engine.apply(event);
    if (!this.#hasStarted) return;
    for (const tap of this.#taps) tap.record(event);
  }

  /** Puts a profile in force from the next tick on; the one in force already is no news. */
  useProfile(profile: ProfileInForce | null): void {
    if (this.#profile !== undefined && isSame(this.#profile, profile)) return;
    this.#profile = profile;
    this.record({ type: "profile", profile, atMs: this.#clock.monotonicMs() });
  }

  /** Gives a shelf another override, decided at once from what the last tick knew. */
  order(shelf: ServedShelf, override: Override | null): void {
    const before = shelf.decision;
    const atMs = this.#clock.monotonicMs();
    this.record({ type: "override", shelf: shelf.name, override, atMs });
    const { percent, pending } = shelf.decision;
    if (percent !== before.percent || pending !== before.pending) this.#events.changed(shelf);
  }

  #tick(): void {
    const { tickMs } = this.#config;
    const nowMs = this.#clock.monotonicMs();
    const lateMs = nowMs - this.#dueMs;
    const isLate = lateMs > tickMs;
    this.tickDelayMs.last = Math.max(0, lateMs);
    this.tickDelayMs.most = Math.max(this.tickDelayMs.most, lateMs);
    if (isLate) {
      this.lateTicks++;
      this.#log.warn(`Tick is ${Math.round(lateMs)} ms late; all shelves go to failsafe`);
    }
    this.#events.beforeTick(nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    const time = { atMs: nowMs, wallMs: this.#clock.wallMs(), lateMs };
    const changed = this.engine.tick(time);
    this.#events.ticked(changed);
    for (const change of this.engine.findingChanges) this.#tell(change);
    for (const tap of this.#taps) tap.ticked(time, this.engine, changed);
    // After a late tick a whole period, so that its failsafe is one and not a blink.
    this.#dueMs = (isLate ? nowMs : this.#dueMs) + tickMs;
    this.#cancel = this.#clock.after(
      Math.max(0, this.#dueMs - this.#clock.monotonicMs()),
      () => this.#tick(),
    );
  }

  #tell({ finding: { severity, text }, holds }: FindingChange): void {
    if (!holds) this.#log.info(`Over: ${text}`);
    else if (severity === "critical") this.#log.error(text);
    else if (severity === "warning") this.#log.warn(text);
    else this.#log.info(text);
  }
}

/** A schedule's end is computed anew from the wall clock, which is never quite the other one. */
const SAME_END_MS = 1000;

function isSame(one: ProfileInForce | null, other: ProfileInForce | null): boolean {
  if (one === null || other === null) return one === other;
  const { expiresMs: oneEnds, ...a } = one;
  const { expiresMs: otherEnds, ...b } = other;
  return JSON.stringify(a) === JSON.stringify(b) && Math.abs(oneEnds - otherEnds) < SAME_END_MS;
}
