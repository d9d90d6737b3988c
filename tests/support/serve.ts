/**
 * A real server in the test's own process, on a loopback port, with temperatures that the test
 * decides.
 *
 * @module
 */

import { type Clock, systemClock } from "../../src/clock.ts";
import { SensorHealth, type SensorJudgement } from "../../src/control/sensing/sensor_health.ts";
import { type Log, silentLog } from "../../src/log.ts";
import {
  DEFAULT_LIMITS,
  DEFAULT_SERVER,
  type SensorConfig,
  type ServerConfig,
  type ServerLimits,
  type ShelfConfig,
} from "../../src/server/config/config.ts";
import type { DriveKind } from "../../src/server/config/drive_kind.ts";
import { type OpenReadings, Server } from "../../src/server/server.ts";
import { openStore, type Store } from "../../src/server/store/store.ts";
import type { WireValue } from "../../src/wire/value.ts";
import { RawPeer } from "./raw_peer.ts";
import { VirtualClock } from "./virtual_clock.ts";

/** What a test wants of its server. */
export interface ServeOptions {
  clock?: Clock;
  log?: Log;
  store?: Store;
  /** Each follows one sensor of the same name; default: `nas`. */
  shelves?: readonly string[];
  limits?: Partial<ServerLimits>;
  /** In the place of what the other options give. */
  config?: Partial<ServerConfig>;
  /** What the sensors read from the first tick on; one without an entry is silent. */
  tempsC?: Readonly<Record<string, number>>;
}

/**
 * A configuration on which the duty in percent is the temperature in °C, from 20 to 80; 90 °C is
 * critical.
 */
export function testConfig(options: ServeOptions = {}): ServerConfig {
  const names = options.shelves ?? ["nas"];
  return {
    ...DEFAULT_SERVER,
    port: 0,
    store: null,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    sensors: names.map(testSensor),
    shelves: names.map((name) => testShelf(name, [name])),
    boards: [],
    plants: {},
    source: "test",
    warnings: [],
    ...options.config,
  };
}

/** A sensor that is read once a second and may miss three times. */
export function testSensor(name: string): SensorConfig {
  return {
    name,
    kind: "other",
    intervalMs: 1000,
    timeoutMs: 500,
    misses: 3,
    minC: -20,
    maxC: 120,
    failsafePercent: 100,
    criticalC: 90,
    required: true,
    source: { type: "missing", reason: "the test speaks for it" },
  };
}

/** A shelf that follows the hottest of some sensors. */
export function testShelf(name: string, sensors: string[]): ShelfConfig {
  const curve = { shape: "linear" as const, points: [[20, 20], [80, 80]] as const };
  return { name, floorPercent: 20, causes: [{ name: "curve", curve, sensors, combine: "max" }] };
}

/** Sensors that read what the test says, judged as real ones are. */
class SteeredReadings implements OpenReadings {
  readonly #health: ReadonlyMap<string, SensorHealth>;
  readonly #server: TestServer;

  constructor(config: ServerConfig, server: TestServer) {
    const bornMs = server.clock.monotonicMs();
    this.#health = new Map(
      config.sensors.map((sensor) => [sensor.name, new SensorHealth(sensor, bornMs)]),
    );
    this.#server = server;
  }

  judge(nowMs: number): ReadonlyMap<string, SensorJudgement> {
    const judged = new Map<string, SensorJudgement>();
    for (const [name, health] of this.#health) {
      const tempC = this.#server.tempsC.get(name);
      const miss = this.#server.misses.get(name);
      if (miss !== undefined) health.miss(miss, nowMs);
      else if (tempC !== undefined) health.reading(tempC, nowMs);
      judged.set(name, health.judge(nowMs));
    }
    return judged;
  }

  driveKind(sensor: string): DriveKind | undefined {
    return this.#server.drives.get(sensor);
  }

  advance(elapsedMs: number): void {
    this.#server.elapsedMs.push(elapsedMs);
  }

  stop(): Promise<void> {
    this.#server.readingsStopped++;
    return Promise.resolve();
  }
}

/** A server and the clients that a test has connected to it; hold it with `await using`. */
export class TestServer implements AsyncDisposable {
  readonly clock: Clock;
  readonly server: Server;
  /** What each sensor reads at every tick; without an entry it says nothing. */
  readonly tempsC: Map<string, number>;
  /** Sensors that fail to read at every tick, and why. */
  readonly misses = new Map<string, string>();
  /** What the drives behind sensors of kind `drive` have turned out to be. */
  readonly drives = new Map<string, DriveKind>();
  /** What every tick was told about the time since the one before. */
  readonly elapsedMs: number[] = [];
  /** How many sets of sensors were put away. */
  readingsStopped = 0;
  readonly #store: Store;
  readonly #clients: Client[] = [];

  constructor(options: ServeOptions = {}) {
    this.clock = options.clock ?? systemClock;
    this.tempsC = new Map(Object.entries(options.tempsC ?? {}));
    this.#store = options.store ?? openStore(null, { clock: this.clock });
    this.server = new Server(testConfig(options), {
      clock: this.clock,
      log: options.log ?? silentLog,
      store: this.#store,
      openReadings: (config) => new SteeredReadings(config, this),
    });
  }

  get port(): number {
    return this.server.address.port;
  }

  /** A client of its own; closed with the server at the latest. */
  async connect(): Promise<Client> {
    const client = new Client(await Deno.connect({ hostname: "127.0.0.1", port: this.port }));
    this.#clients.push(client);
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.close();
    const stopped = this.server.stop();
    // Nobody else moves a virtual clock on while clients are given their time to read.
    if (this.clock instanceof VirtualClock) await this.clock.advance(1000);
    await stopped;
    this.#store.close();
  }
}

/** One client, message by message. */
export class Client extends RawPeer {
  /** Sends a request and returns what comes next. */
  async ask(request: string, ...args: WireValue[]): Promise<[string, WireValue[]]> {
    await this.send(request, args);
    return await this.next();
  }

  /** The next message; fails when the server has closed instead. */
  async next(): Promise<[string, WireValue[]]> {
    const message = await this.receive();
    if (message === null) throw new Error("The server has closed the connection");
    return [message.request, message.args];
  }
}

/** Starts a server; it listens when this returns. */
export function serve(options?: ServeOptions): TestServer {
  return new TestServer(options);
}
