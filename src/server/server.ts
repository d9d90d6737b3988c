/**
 * The daemon as a value: it listens, decides, answers and pushes until it is stopped. Several
 * can live in one process; nothing in here is global.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { SensorEvent } from "../control/engine/event.ts";
import { LimitError } from "../errors.ts";
import type { Log } from "../log.ts";
import { newReports, type Reports } from "../sensors/reported/reported_readings.ts";
import { AlertDesk } from "./alerts/alert_desk.ts";
import { alertTap } from "./alerts/alert_tap.ts";
import { readConfigFile } from "../config/find.ts";
import { type ConfigCause, ConfigTrial } from "./program/config_trial.ts";
import { dutyChanges } from "./program/duty_changes.ts";
import { Profiles } from "./profiles/profiles.ts";
import { RigDesk } from "./rig/rig_desk.ts";
import { Announcer } from "./shelves/announcer.ts";
import { BoardRelay } from "./boards/board_relay.ts";
import type { ServerConfig } from "../config/config.ts";
import { Controller } from "./shelves/controller.ts";
import type { EventTap } from "./shelves/event_tap.ts";
import type { Journal } from "./journal/journal.ts";
import { handle, type HandlerContext } from "./requests/handlers.ts";
import { Overrides } from "./shelves/overrides.ts";
import type { Session } from "./sessions/session.ts";
import { newCounters, type SessionCounters } from "./sessions/counters.ts";
import { Sessions } from "./sessions/sessions.ts";
import type { Store } from "./store/store.ts";
import { Access } from "./access/access.ts";
import { Audit, SERVER_ACTOR } from "./access/audit.ts";
import { configChange } from "./access/config_audit.ts";
import { FailedProofs } from "./access/failed_proofs.ts";
import { SensorShelves } from "./access/sensor_shelves.ts";
import { digestOf, newToken } from "../config/token.ts";
import type { Door } from "./doors/door.ts";
import { TcpDoor } from "./doors/tcp_door.ts";
import { Turns } from "./sessions/turns.ts";

/** What a server is built from besides its configuration. */
export interface ServerParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Store;
  /** Where readings go that clients send; a place of its own without it. */
  readonly reports?: Reports;
  /** Where clients arrive besides the address and port of the configuration; closed with it. */
  readonly doors?: readonly Door[];
  /** Starts polling the sensors of a configuration; what they say goes to `sink`. */
  openReadings(config: ServerConfig, sink: (event: SensorEvent) => void): OpenReadings;
  /** Who wants to know everything that reaches the engine. */
  readonly taps?: readonly EventTap[];
  /** Reads the candidate of a configuration on trial; without it as the file says. */
  readConfig?(file: string): Promise<{ config: ServerConfig; sha256: string }>;
  /** Another configuration is in force. */
  reloaded?(config: ServerConfig): Promise<void>;
  /** What is kept of what happens; its owner closes it. */
  readonly journal?: Journal | null;
  /** Strangers may do what somebody on this machine may. */
  readonly insecure?: boolean;
}

/** Sensors being polled. */
export interface OpenReadings {
  /** Called before each tick with the time since the last one: moves simulated plants on. */
  advance(elapsedMs: number, controller: Controller): void;
  /** Ends the polling and frees what the sensors hold. */
  stop(): Promise<void>;
}

/** A running server. */
export class Server implements AsyncDisposable {
  readonly #parts: ServerParts;
  readonly #door: TcpDoor;
  readonly #sessions: Sessions;
  readonly #turns = new Turns();
  readonly #announcer: Announcer;
  readonly #overrides: Overrides;
  readonly #boards: BoardRelay;
  readonly #reports: Reports;
  readonly #trial: ConfigTrial;
  readonly #accepting: Promise<void>;
  /** What has happened to connections since the start. */
  readonly counters: SessionCounters = newCounters();
  /** With it the boards that this server drives itself prove whose they are. */
  readonly boardsToken: string = newToken((bytes) => crypto.getRandomValues(bytes));
  readonly #failedProofs: FailedProofs;
  readonly #audit: Audit;
  readonly #rigs: RigDesk;
  #access: Access;
  #config: ServerConfig;
  #readings: OpenReadings;
  #profiles: Profiles;
  #alerts: AlertDesk;
  #controller: Controller;
  #context: HandlerContext;
  #stopping: Promise<void> | null = null;

  /**
   * Listens first, then begins to read sensors: clients are served from the first moment on, at
   * full speed.
   *
   * @throws {ListeningError} when the address or the port cannot be had.
   */
  constructor(config: ServerConfig, parts: ServerParts) {
    this.#parts = parts;
    this.#config = config;
    this.#door = new TcpDoor(config.address, config.port);
    this.#overrides = new Overrides(parts.store, parts.clock, parts.log);
    this.#announcer = new Announcer(parts.clock, parts.store.epoch, this.#turns);
    this.#boards = new BoardRelay(parts.clock);
    this.#reports = parts.reports ?? newReports();
    this.#failedProofs = new FailedProofs(parts);
    this.#audit = new Audit(parts.clock, (entry) => parts.journal?.change(entry));
    this.#access = this.#newAccess(config);
    this.#sessions = new Sessions(
      [this.#door, ...parts.doors ?? []],
      {
        clock: parts.clock,
        log: parts.log,
        turns: this.#turns,
        counters: this.counters,
        limits: config.limits,
        handle: (session, message) => handle(this.#context, session, message),
        admit: (origin) => this.#access.arrived(origin),
      },
      { ...config.limits, agentMs: config.rpmTtlMs },
      (session) => this.#forget(session),
    );
    this.#profiles = new Profiles(config.profiles, parts);
    this.#alerts = this.#watch(config);
    this.#rigs = new RigDesk({
      clock: parts.clock,
      log: parts.log,
      insecure: parts.insecure ?? false,
      audit: this.#audit,
      profiles: () => this.#profiles,
      controller: () => this.#controller,
    });
    this.#trial = this.#newTrial();
    this.#controller = this.#control(config);
    this.#readings = this.#read(config, this.#controller);
    this.#context = this.#newContext();
    this.#announcer.start(this.#controller, config.heartbeatMs);
    this.#controller.start();
    this.#accepting = this.#sessions.run();
  }

  /** Where clients reach this server. */
  get address(): Deno.NetAddr {
    return this.#door.address;
  }

  /** What the server runs on now. */
  get config(): ServerConfig {
    return this.#config;
  }

  /** The shelves and their decisions. */
  get controller(): Controller {
    return this.#controller;
  }

  /** How many clients are connected. */
  get clients(): number {
    return this.#sessions.size;
  }

  /** Where experiment rigs reach the fans. */
  get rigs(): RigDesk {
    return this.#rigs;
  }

  /**
   * Listens to experiment rigs, where the configuration has them.
   *
   * @throws {ListeningError} when the address or the port cannot be had.
   */
  async listenToRigs(): Promise<void> {
    await this.#rigs.apply(this.#config.rig);
  }

  /** How many changes the audit was told since the start. */
  get audited(): Readonly<Audit["counters"]> {
    return this.#audit.counters;
  }

  /** What has happened to proofs since the start. */
  get failedProofs(): Readonly<FailedProofs["counters"]> {
    return this.#failedProofs.counters;
  }

  /**
   * Takes a new configuration while clients stay connected. Sensors, filters and overrides go on
   * as they are; a sensor that is new or read from another place waits for its first reading.
   * Address, port, store and limits stay as they were until a restart.
   */
  async reload(config: ServerConfig): Promise<void> {
    this.#trial.forget();
    await this.#put(config, { what: "reload", by: SERVER_ACTOR });
  }

  async #put(config: ServerConfig, { what, by }: ConfigCause): Promise<void> {
    const change = configChange(what, this.#config, config);
    await this.#putParts(config);
    if (change !== null) this.#audit.record(by, change);
  }

  async #putParts(config: ServerConfig): Promise<void> {
    if (this.#rigs.isAsWanted(config.rig)) return await this.#replace(config);
    const before = this.#config.rig;
    await this.#rigs.apply(config.rig);
    try {
      await this.#replace(config);
    } catch (error) {
      await this.#rigs.apply(before);
      throw error;
    }
  }

  async #replace(config: ServerConfig): Promise<void> {
    if (this.#stopping !== null) return;
    // First what may fail: until the new readings are open the old ones stay in force.
    const controller = this.#control(config, this.#controller);
    const readings = this.#read(config, controller);
    const before = this.#readings;
    this.#controller.stop();
    this.#config = config;
    this.#access = this.#newAccess(config);
    this.#profiles = new Profiles(config.profiles, this.#parts, this.#profiles);
    this.#alerts = this.#watch(config, this.#alerts);
    this.#readings = readings;
    this.#controller = controller;
    this.#context = this.#newContext();
    this.#announcer.start(this.#controller, config.heartbeatMs);
    this.#controller.start();
    this.#sessions.admitAgain((origin, grant) => this.#access.again(origin, grant));
    await before.stop();
    await this.#parts.reloaded?.(config);
  }

  /**
   * Tells every client, closes every line and every sensor; may be called more than once.
   *
   * @param backInMs When the server will be there again, as far as it knows.
   */
  stop(reason: string = "the server is stopping", backInMs?: number): Promise<void> {
    this.#stopping ??= this.#stop(reason, backInMs);
    return this.#stopping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #stop(reason: string, backInMs?: number): Promise<void> {
    this.#announcer.stop();
    this.#controller.stop();
    this.#trial.forget();
    this.#failedProofs.stop();
    this.#audit.flush();
    await Promise.all([
      this.#alerts.stop(),
      this.#rigs.stop(),
      this.#sessions.stop(reason, backInMs),
      this.#readings.stop(),
    ]);
    await this.#accepting;
  }

  #control(config: ServerConfig, before?: Controller): Controller {
    const controller = new Controller(config, {
      clock: this.#parts.clock,
      log: this.#parts.log,
      events: {
        changed: (shelf) => this.#announcer.announce(shelf),
        ticked: (names) => this.#announcer.announceChanges(names),
        beforeTick: (elapsedMs) => {
          this.#readings.advance(elapsedMs, controller);
          controller.useProfile(this.#profiles.current());
        },
      },
      taps: [
        ...this.#parts.taps ?? [],
        this.#parts.journal?.tap ?? [],
        alertTap((view) => this.#alerts.judge(view)),
        this.#rigs.tap,
      ].flat(),
    }, before);
    this.#overrides.restore(controller, before?.shelves);
    return controller;
  }

  #read(config: ServerConfig, controller: Controller): OpenReadings {
    return this.#parts.openReadings(config, (event) => controller.record(event));
  }

  #watch(config: ServerConfig, before?: AlertDesk): AlertDesk {
    const { clock, log } = this.#parts;
    return new AlertDesk(config.alerts, { clock, log, random: Math.random }, before);
  }

  #newAccess({ localRole, clients, unix }: ServerConfig): Access {
    const { insecure = false } = this.#parts;
    const boardsToken = digestOf(this.boardsToken);
    return new Access({ localRole, clients, unix, insecure, boardsToken });
  }

  #newTrial(): ConfigTrial {
    const { clock, log, readConfig = readConfigFile } = this.#parts;
    return new ConfigTrial({
      clock,
      log,
      current: () => this.#config,
      read: readConfig,
      compare: (config) => dutyChanges(this.#controller, this.#config, config, clock),
      put: (config, cause) => this.#put(config, cause),
    });
  }

  #newContext(): HandlerContext {
    const announcer = this.#announcer;
    return {
      clock: this.#parts.clock,
      config: this.#config,
      controller: this.#controller,
      overrides: this.#overrides,
      boards: this.#boards,
      reports: this.#reports,
      journal: this.#parts.journal ?? null,
      profiles: this.#profiles,
      alerts: this.#alerts,
      trial: this.#trial,
      access: this.#access,
      failedProofs: this.#failedProofs,
      audit: this.#audit,
      sensorShelves: new SensorShelves(this.#config, this.#controller.engine),
      get epoch() {
        return announcer.epoch;
      },
      load: () => ({
        clients: this.#sessions.size,
        counters: this.counters,
        turnsWaited: this.#turns.waits,
        others: Object.assign(
          { proofs_failed: this.#failedProofs.counters.failed },
          this.#rigs.told(),
          ...this.#parts.doors?.map((door) => door.told?.() ?? {}) ?? [],
        ),
      }),
      claim: (granted) => announcer.claim(granted),
      forget: (session) => this.#takeBack(session),
      subscribe: (shelf, session) => this.#subscribe(shelf, session),
      unsubscribe: (shelf, session) => this.#announcer.subscriptions.remove(shelf, session),
    };
  }

  #subscribe(name: string, session: Session): void {
    const shelf = this.#controller.shelf(name);
    this.#checkSubscriptions(shelf.name, session);
    this.#announcer.subscriptions.add(shelf.name, session);
    session.push(shelf.name, this.#announcer.frame(shelf));
  }

  #checkSubscriptions(name: string, { subscriptions }: Session): void {
    const most = this.#config.limits.subscriptions;
    if (subscriptions.size < most || subscriptions.has(name)) return;
    this.counters.subscriptionsRefused++;
    throw new LimitError(
      `Cannot subscribe to "${name}": this connection has ${most} shelves; ` +
        'open another or raise "limits.subscriptions"',
    );
  }

  #forget(session: Session): void {
    this.#failedProofs.forget(session);
    this.#takeBack(session);
  }

  #takeBack(session: Session): void {
    this.#announcer.subscriptions.removeAll(session);
    this.#boards.forget(session);
    for (const reports of Object.values(this.#reports)) reports.release(session);
    for (const name of session.reports) this.#controller.shelves.get(name)?.rpm.release(session);
  }
}
