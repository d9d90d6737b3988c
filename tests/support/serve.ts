/**
 * A real server in the test's own process, on a loopback port, with temperatures that the test
 * decides.
 *
 * @module
 */

import { type Clock, systemClock } from "../../src/clock.ts";
import type { DriveKind, SensorEvent } from "../../src/control/engine/event.ts";
import { type Log, silentLog } from "../../src/log.ts";
import {
  DEFAULT_LIMITS,
  DEFAULT_SERVER,
  type SensorConfig,
  type ServerConfig,
  type ServerLimits,
  type ShelfConfig,
} from "../../src/config/config.ts";
import type { Journal } from "../../src/server/journal/journal.ts";
import type { Door } from "../../src/server/doors/door.ts";
import { type OpenReadings, Server } from "../../src/server/server.ts";
import type { EventTap } from "../../src/server/shelves/event_tap.ts";
import { openStore, type Store } from "../../src/server/store/store.ts";
import type { WireValue } from "../../src/wire/value.ts";
import { RawPeer } from "./raw_peer.ts";
import { VirtualClock } from "./virtual_clock.ts";

/** What a test wants of its server. */
export interface ServeOptions {
  clock?: Clock;
  log?: Log;
  store?: Store;
  taps?: readonly EventTap[];
  /** Each follows one sensor of the same name; default: `nas`. */
  shelves?: readonly string[];
  limits?: Partial<ServerLimits>;
  journal?: Journal;
  /** In the place of what the other options give. */
  config?: Partial<ServerConfig>;
  /** Where clients arrive besides the port; closed with the server. */
  doors?: readonly Door[];
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
    localRole: "admin",
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

/** Sensors that read what the test says, at every tick. */
class SteeredReadings implements OpenReadings {
  readonly #names: readonly string[];
  readonly #server: TestServer;
  readonly #sink: (event: SensorEvent) => void;

  constructor(config: ServerConfig, server: TestServer, sink: (event: SensorEvent) => void) {
    this.#names = config.sensors.map(({ name }) => name);
    this.#server = server;
    this.#sink = sink;
  }

  advance(elapsedMs: number): void {
    const { clock, tempsC, misses, drives } = this.#server;
    this.#server.elapsedMs.push(elapsedMs);
    const atMs = clock.monotonicMs();
    for (const sensor of this.#names) {
      const kind = drives.get(sensor);
      if (kind !== undefined) this.#sink({ type: "drive", sensor, kind, atMs });
      const reason = misses.get(sensor);
      const tempC = tempsC.get(sensor);
      if (reason !== undefined) {
        this.#sink({ type: "miss", sensor, reason, fault: "missing", atMs });
      } else if (tempC !== undefined) this.#sink({ type: "reading", sensor, tempC, atMs });
    }
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
      ...options.taps && { taps: options.taps },
      ...options.doors && { doors: options.doors },
      journal: options.journal ?? null,
      openReadings: (config, sink) => new SteeredReadings(config, this, sink),
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
