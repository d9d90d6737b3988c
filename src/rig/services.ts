/**
 * Several rigs at once.
 *
 * @module
 */
import { type Clock, systemClock } from "../clock.ts";
import { FandTimeoutError } from "../errors.ts";
import { Waiter } from "../sockets/waiter.ts";
import { Communicator, type RigAddress, type RigCallback, type RigEvent } from "./communicator.ts";
import { ExpMessage } from "./exp_message.ts";
import type { ExpStatus } from "./exp_status.ts";
import type { Future } from "./future.ts";
import { quoted } from "./quoted.ts";
import type { AlyxClient, ExpReference } from "./service.ts";

const TIMEOUT_MS = 10_000;

/** Like a {@linkcode RigCallback}, and told by which rig it is called. */
export type ServicesCallback = (
  data: unknown[],
  address: RigAddress,
  event: ExpMessage,
  service: Communicator,
) => unknown;

/** How rigs are waited for. */
export interface ServicesOptions {
  /** How long all of them have to answer, in milliseconds; 10 000, and 0 for ever. */
  readonly timeoutMs?: number;
  /** Where time limits come from. */
  readonly clock?: Clock;
}

/** How rigs are told something. */
export interface SignalOptions {
  /** Whether all are told before their answers are awaited, or each is waited for in turn. */
  readonly concurrent?: boolean;
}

/**
 * The rigs of an experiment by their names, which do not change. What is told goes to them in the
 * order in which they were given, and in the reverse order when it ends something.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { EchoCommunicator } from "../../mod.ts";
 *
 * await using camera = await EchoCommunicator.server("udp://127.0.0.1:0");
 * camera.assignCallback("EXPINIT", (_data, address) => camera.init("ready", address));
 *
 * const rig = await EchoCommunicator.client(camera.serverUri, { name: "camera" });
 * await using services = new Services([rig]);
 * assert.deepEqual(await services.init(), { camera: ["ready"] });
 * ```
 */
export class Services implements AsyncDisposable {
  readonly #rigs: ReadonlyMap<string, Communicator>;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #waiters: Set<Waiter<void>> = new Set();
  /** What was made of callbacks that are told their rig. */
  readonly #told: WeakMap<Communicator, Map<unknown, RigCallback>> = new WeakMap();

  /**
   * The services on these rigs.
   *
   * @param rigs Of two with one name the last one counts.
   * @throws {TypeError} If one is no communicator.
   */
  constructor(rigs: Iterable<Communicator>, options: ServicesOptions = {}) {
    const entries = [...rigs].map((rig): [string, Communicator] => {
      if (rig instanceof Communicator) return [rig.name, rig];
      throw new TypeError(
        `Cannot take a ${typeof rig} as a service: it is no Communicator; give these alone`,
      );
    });
    this.#rigs = new Map(entries);
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.#clock = options.clock ?? systemClock;
  }

  /** How many there are. */
  get size(): number {
    return this.#rigs.size;
  }

  /** The rig of this name. */
  get(name: string): Communicator | undefined {
    return this.#rigs.get(name);
  }

  /** Whether there is a rig of this name. */
  has(name: string): boolean {
    return this.#rigs.has(name);
  }

  /** The names. */
  keys(): IterableIterator<string> {
    return this.#rigs.keys();
  }

  /** The rigs. */
  values(): IterableIterator<Communicator> {
    return this.#rigs.values();
  }

  /** The names and the rigs. */
  [Symbol.iterator](): IterableIterator<[string, Communicator]> {
    return this.#rigs[Symbol.iterator]();
  }

  /** Whether there are rigs, and all of them are connected. */
  get isConnected(): boolean {
    return this.size > 0 && [...this.values()].every((rig) => rig.isConnected);
  }

  /** Closes all of them. */
  async close(): Promise<void> {
    await Promise.all([...this.values()].map((rig) => rig.close()));
  }

  /** The same as {@linkcode close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /**
   * Assigns a callback to an event of every rig; see `Communicator.assignCallback`.
   *
   * @param returnService Whether the callback is told its rig, after the event.
   */
  assignCallback(
    event: string | number,
    callback: RigCallback | ServicesCallback,
    returnService = false,
  ): void {
    for (const rig of this.values()) {
      const own = returnService ? this.#telling(rig, callback) : callback as RigCallback;
      rig.assignCallback(event, own);
    }
  }

  /** Takes callbacks back from every rig, and tells how many of each. */
  clearCallbacks(
    event: string | number,
    callback?: RigCallback | ServicesCallback | null,
  ): Record<string, number> {
    return Object.fromEntries([...this].map(([name, rig]) => {
      const own = this.#told.get(rig)?.get(callback);
      const plain = rig.clearCallbacks(event, callback as RigCallback);
      return [name, plain + (own === undefined ? 0 : rig.clearCallbacks(event, own))];
    }));
  }

  /**
   * Waits until every rig has sent an event.
   *
   * @returns The data of each, in the order in which they came.
   * @throws {FandTimeoutError} If some do not in time.
   */
  async awaitAll(event: string | number): Promise<Record<string, unknown[]>> {
    return await this.#answers(event, this.#expect(event, [...this.values()]));
  }

  /** Has all of them prepare for an experiment, and gives their answers. */
  init(data?: unknown, options?: SignalOptions): Promise<Record<string, unknown[]>> {
    return this.#signal(ExpMessage.EXPINIT, (rig) => rig.init(data), options);
  }

  /** Tells all of them that an experiment begins, and gives their answers. */
  start(
    reference: ExpReference,
    data?: unknown,
    options?: SignalOptions,
  ): Promise<Record<string, unknown[]>> {
    return this.#signal(ExpMessage.EXPSTART, (rig) => rig.start(reference, data), options);
  }

  /** Tells all of them, the last one first, that it has ended, and gives their answers. */
  stop(
    data?: unknown,
    immediately = false,
    options?: SignalOptions,
  ): Promise<Record<string, unknown[]>> {
    const event = immediately ? ExpMessage.EXPINTERRUPT : ExpMessage.EXPEND;
    return this.#signal(event, (rig) => rig.stop(data, immediately), options, true);
  }

  /** Tells all of them how this end stands, and gives their answers. */
  status(
    status: ExpStatus | string | number,
    options?: SignalOptions,
  ): Promise<Record<string, unknown[]>> {
    return this.#signal(ExpMessage.EXPSTATUS, (rig) => rig.status(status), options);
  }

  /** Tells all of them how this end stands and more, and gives their answers. */
  info(
    status: ExpStatus | string | number,
    data?: unknown,
    options?: SignalOptions,
  ): Promise<Record<string, unknown[]>> {
    return this.#signal(ExpMessage.EXPINFO, (rig) => rig.info(status, data), options);
  }

  /** Has all of them clean up, the last one first, and gives their answers. */
  cleanup(data?: unknown, options?: SignalOptions): Promise<Record<string, unknown[]>> {
    return this.#signal(ExpMessage.EXPCLEANUP, (rig) => rig.cleanup(data), options, true);
  }

  /** Gives all of them a token, one after the other. */
  async alyx(alyx: AlyxClient): Promise<void> {
    for (const rig of this.values()) await rig.alyx(alyx);
  }

  /** @param isEnding What ends something goes to the others too when one of them is lost. */
  async #signal(
    event: ExpMessage,
    tell: (rig: Communicator) => unknown,
    { concurrent = true }: SignalOptions = {},
    isEnding = false,
  ): Promise<Record<string, unknown[]>> {
    const rigs = isEnding ? [...this.values()].reverse() : [...this.values()];
    if (!concurrent) return await this.#inTurn(event, tell, rigs, isEnding);
    const expected = this.#expect(event, rigs);
    const failures: unknown[] = [];
    for (const rig of rigs) {
      try {
        await tell(rig);
      } catch (error) {
        this.#forget(event, rig, expected);
        failures.push(error);
        if (!isEnding) break;
      }
    }
    if (failures.length > 0 && !isEnding) {
      for (const rig of rigs) this.#forget(event, rig, expected);
      throw failures[0];
    }
    const answers = await this.#answers(event, expected);
    if (failures.length > 0) throw failures[0];
    return answers;
  }

  async #inTurn(
    event: ExpMessage,
    tell: (rig: Communicator) => unknown,
    rigs: readonly Communicator[],
    isEnding: boolean,
  ): Promise<Record<string, unknown[]>> {
    const answers: Record<string, unknown[]> = {};
    const failures: unknown[] = [];
    for (const rig of rigs) {
      // Before it is told: an answer may come right behind the echo.
      const expected = this.#expect(event, [rig]);
      try {
        await tell(rig);
        Object.assign(answers, await this.#answers(event, expected));
      } catch (error) {
        this.#forget(event, rig, expected);
        failures.push(error);
        if (!isEnding) break;
      }
    }
    if (failures.length > 0) throw failures[0];
    return answers;
  }

  #expect(
    event: string | number,
    rigs: readonly Communicator[],
  ): Map<Communicator, Future<RigEvent>> {
    return new Map(rigs.map((rig) => [rig, rig.onEvent(event)]));
  }

  #forget(
    event: string | number,
    rig: Communicator,
    expected: Map<Communicator, Future<RigEvent>>,
  ): void {
    const future = expected.get(rig);
    expected.delete(rig);
    if (future !== undefined) rig.clearCallbacks(event, future);
  }

  async #answers(
    event: string | number,
    expected: Map<Communicator, Future<RigEvent>>,
  ): Promise<Record<string, unknown[]>> {
    const answers: Record<string, unknown[]> = {};
    const timeoutMs = this.#timeoutMs || Infinity;
    const waiter = new Waiter<void>(this.#waiters, this.#clock, { timeoutMs }, (late) => {
      const missing = [...expected.keys()].filter(({ name }) => !Object.hasOwn(answers, name));
      late.reject(
        new FandTimeoutError(
          "Cannot go on: the following services failed to respond within " +
            `${timeoutMs} ms: ${missing.map(({ name }) => quoted(name)).join(", ")}; check them`,
        ),
      );
    });
    const all = [...expected].map(([rig, future]) =>
      future.then(([data]) => void (answers[rig.name] = data))
    );
    Promise.all(all).then(() => waiter.resolve(), (error) => waiter.reject(error));
    try {
      await waiter.promise;
    } finally {
      for (const rig of [...expected.keys()]) this.#forget(event, rig, expected);
    }
    return answers;
  }

  #telling(rig: Communicator, callback: RigCallback | ServicesCallback): RigCallback {
    const known = this.#told.get(rig) ?? new Map<unknown, RigCallback>();
    this.#told.set(rig, known);
    const own = known.get(callback) ??
      ((data, address, event) => (callback as ServicesCallback)(data, address, event, rig));
    known.set(callback, own);
    return own;
  }
}
