/**
 * A program's way to a server: typed questions over a connection that mends itself.
 *
 * @module
 */
import { type Clock, systemClock } from "../clock.ts";
import { DEFAULT_TIMEOUT_MS, type WaitOptions } from "../communication/socket_manager.ts";
import { CorruptedDataError } from "../errors.ts";
import type { TlsOptions } from "../sockets/net.ts";
import { PROTOCOL } from "../wire/protocol_version.ts";
import { Request } from "../wire/request.ts";
import type { WireValue } from "../wire/value.ts";
import { VERSION } from "../version.ts";
import { type Alert, readAlert } from "./alert.ts";
import { type Explanation, readExplanation } from "./explanation.ts";
import { listOf, mapsOf, numberOf, textOf } from "./fields.ts";
import { type HistoryStep, readHistoryStep } from "./history_step.ts";
import { Link, unexpectedReply } from "./link.ts";
import { type ProfileInForce, readProfileInForce } from "./profile_in_force.ts";
import { readServerInfo, type ServerInfo } from "./server_info.ts";
import type { ShelfChange } from "./shelf_change.ts";
import { readShelfStatus, type ShelfStatus } from "./shelf_status.ts";

/** The most pages that are asked for: an answer that never ends is a fault of the server. */
const MOST_PAGES = 100_000;

/** Which server, and as whom. */
export interface FandClientOptions {
  /**
   * A name, an IPv4 address, an IPv6 address with or without brackets, or `unix:` and the path of
   * a unix socket.
   *
   * @default {"127.0.0.1"}
   */
  address?: string;
  /**
   * 1 to 65535.
   *
   * @default {9999}
   */
  port?: number;
  /** What this program calls itself: it stands in the server's log and beside what it orders. */
  name?: string;
  /** The token that the server's operator has given out; it is sent to no one who may be heard. */
  token?: string;
  /** Encrypts, and proves who is at the other end; an empty object trusts public CAs only. */
  tls?: TlsOptions;
  /** Where time comes from. */
  clock?: Clock;
}

/** What an order may say besides the duty. */
export interface OverrideOptions extends WaitOptions {
  /** When it ends by itself. */
  expire?: Date;
  /** Also below an active failsafe, for an hour at most. */
  forced?: boolean;
  /** Why, for those who wonder. */
  reason?: string;
}

/** What limits an order: the duty that the shelf gets instead, and why. */
export interface OrderLimit {
  /** 0 to 100 %. */
  readonly percent: number;
  /** Why. */
  readonly text: string;
}

/** Which part of a shelf's history. */
export interface HistoryOptions extends WaitOptions {
  /**
   * Where it ends.
   *
   * @default {now}
   */
  to?: Date;
  /**
   * The most steps, 1 to 10000.
   *
   * @default {120}
   */
  points?: number;
}

/**
 * Asks a server for as long as a program likes. The first question connects. When the connection
 * is lost, the next question makes another; one that only reads is asked again by itself until its
 * time is up, and one that changes something is not, because it may have been met. Watches go on.
 *
 * Every method takes a signal and a time limit, and throws what {@linkcode connect} and
 * {@linkcode call} throw: the class that the code of the server's `error` stands for.
 *
 * @example Ask, order, and look
 * ```ts ignore
 * import { FandClient } from "../../mod.ts";
 *
 * await using fand = new FandClient({ address: "192.0.2.7", name: "backup job" });
 * await fand.setPwmOverride("nas", 60, { expire: new Date(Date.now() + 600_000) });
 * for await (const { state, percent } of fand.watch("nas")) console.log(state, percent);
 * ```
 */
export class FandClient implements AsyncDisposable {
  readonly #link: Link;

  /** Connects with the first question. */
  constructor(options: FandClientOptions = {}) {
    const { address = "127.0.0.1", port = 9999, name = `fand/${VERSION}`, token, tls } = options;
    this.#link = new Link({
      address,
      port,
      hello: { protocol: [...PROTOCOL], client: name, ...token !== undefined && { token } },
      tls,
      clock: options.clock ?? systemClock,
      random: Math.random,
    });
  }

  /** Asks whether the server is there. */
  async ping(options?: WaitOptions): Promise<void> {
    await this.#read(Request.PING, Request.ACK, [], options);
  }

  /** What the server says of itself; asked once a connection. */
  async server(options?: WaitOptions): Promise<ServerInfo> {
    await this.ping(options);
    return readServerInfo(this.#link.server);
  }

  /** The names of all shelves. */
  async list(options?: WaitOptions): Promise<string[]> {
    const entries = await this.#pages(Request.LIST, [], options);
    return entries.filter((name) => typeof name === "string");
  }

  /** The duty of a shelf, 0 to 100 %. */
  async getPwm(shelf: string, options?: WaitOptions): Promise<number> {
    const [, percent] = await this.#read(Request.GET_PWM, Request.SET_PWM, [shelf], options);
    return numberOf(percent) ?? unusable(Request.GET_PWM);
  }

  /** How fast the slowest fan of a shelf turns, in revolutions a minute; null: nobody knows. */
  async getRpm(shelf: string, options?: WaitOptions): Promise<number | null> {
    const [, rpm] = await this.#read(Request.GET_RPM, Request.SET_RPM, [shelf], options);
    return numberOf(rpm);
  }

  /**
   * Orders a duty, or takes the order back.
   *
   * @param percent 0 to 100; null takes it back.
   * @returns What limits it now, or null when nothing does.
   * @throws {ShelfPwmBadValueError} for another duty.
   * @throws {ShelfPwmExpireBadValueError} for a date that has passed, or none where it must end.
   * @throws {DeniedError} for a client that may not.
   */
  async setPwmOverride(
    shelf: string,
    percent: number | null,
    options: OverrideOptions = {},
  ): Promise<OrderLimit | null> {
    const { expire = null, forced = false, reason = null } = options;
    const args = [shelf, percent, expire, forced, reason];
    while (args.length > 2 && (args.at(-1) === null || args.at(-1) === false)) args.pop();
    return orderLimit(await this.#change(Request.SET_PWM_OVERRIDE, args, options));
  }

  /**
   * Has an order end by itself.
   *
   * @param expire null: it stays until it is taken back.
   * @throws {ShelfNoOverrideError} without an order.
   * @throws {ShelfPwmExpireBadValueError} for a date that has passed.
   */
  async setPwmExpire(
    shelf: string,
    expire: Date | null,
    options?: WaitOptions,
  ): Promise<OrderLimit | null> {
    return orderLimit(await this.#change(Request.SET_PWM_EXPIRE, [shelf, expire], options));
  }

  /** What one shelf does, from what, and how fresh all of it is. */
  async status(shelf: string, options?: WaitOptions): Promise<ShelfStatus> {
    const [entry] = await this.#pages(Request.STATUS, [shelf], options);
    return readShelfStatus(entry ?? null) ?? unusable(Request.STATUS);
  }

  /** What every shelf does. */
  async statuses(options?: WaitOptions): Promise<ShelfStatus[]> {
    const entries = await this.#pages(Request.STATUS, [null], options);
    return entries.map((entry) => readShelfStatus(entry) ?? unusable(Request.STATUS));
  }

  /** Why a shelf gets what it gets, as of now or of a moment that the server's journal reaches. */
  async why(
    shelf: string,
    options: WaitOptions & { at?: Date } = {},
  ): Promise<Explanation> {
    const args = options.at === undefined ? [shelf] : [shelf, null, null, options.at];
    const [entries] = await this.#read(Request.WHY, Request.WHY, args, options);
    const [entry] = mapsOf(entries);
    return entry === undefined ? unusable(Request.WHY) : readExplanation(entry);
  }

  /**
   * What a shelf did from a date on, in steps of equal length.
   *
   * @throws {StoreError} when the server keeps no journal.
   */
  async history(
    shelf: string,
    from: Date,
    options: HistoryOptions = {},
  ): Promise<HistoryStep[]> {
    const args = [shelf, from, options.to ?? null, options.points ?? null];
    const entries = await this.#pages(Request.HISTORY, args, options);
    return entries.map((entry) => readHistoryStep(entry) ?? unusable(Request.HISTORY));
  }

  /** The profile in force; null without one. */
  async profile(options?: WaitOptions): Promise<ProfileInForce | null> {
    const [, inForce] = await this.#read(Request.PROFILES, Request.PROFILES, [], options);
    return readProfileInForce(inForce ?? null);
  }

  /** The names of the profiles that can be set. */
  async profiles(options?: WaitOptions): Promise<string[]> {
    const [profiles] = await this.#read(Request.PROFILES, Request.PROFILES, [], options);
    return mapsOf(profiles).map(({ name }) => textOf(name));
  }

  /**
   * Puts a profile in force by hand; null takes that back.
   *
   * @throws {ProfileNotFoundError}
   */
  async setProfile(
    name: string | null,
    options: Pick<OverrideOptions, "expire" | "reason"> & WaitOptions = {},
  ): Promise<void> {
    const { expire = null, reason = null } = options;
    await this.#change(Request.SET_PROFILE, [name, expire, reason], options);
  }

  /** What has been raised and is not cleared. */
  async alerts(options?: WaitOptions): Promise<Alert[]> {
    const entries = await this.#pages(Request.ALERTS, [], options);
    return mapsOf(entries).map(readAlert);
  }

  /**
   * Stops the repeating of a rule's alerts, or of the one about `subject`.
   *
   * @returns How many that were.
   */
  async acknowledgeAlert(
    rule: string,
    subject: string | null = null,
    options?: WaitOptions,
  ): Promise<number> {
    const [count] = await this.#change(Request.ACKNOWLEDGE_ALERT, [rule, subject], options);
    return numberOf(count) ?? 0;
  }

  /**
   * Gives the reading of a sensor of the type `pushed`.
   *
   * @param tempC null: it could not be read.
   * @param ttlMs For how long it is good; the server's configuration bounds it.
   * @throws {SensorNotFoundError}
   * @throws {ShelfNotOwnerError} while somebody else gives it.
   */
  async pushReading(
    sensor: string,
    tempC: number | null,
    ttlMs: number,
    options?: WaitOptions,
  ): Promise<void> {
    await this.#read(Request.PUSH_READING, Request.ACK, [sensor, tempC, ttlMs], options);
  }

  /**
   * The state of a shelf now, and every change from then on. Whoever takes them slowly gets the
   * newest and no backlog. It goes on when the server is restarted or the network is away, and
   * tells `lost` when nothing holds any more. It ends with the client, or a `break`.
   *
   * @throws {ShelfNotFoundError} also when the shelf is gone after a restart.
   */
  async *watch(
    shelf: string,
    options: WaitOptions = {},
  ): AsyncGenerator<ShelfChange, void, void> {
    const watch = await this.#link.watch(shelf, limitsOf(options));
    try {
      for (;;) {
        const change = await watch.next(options.signal);
        if (change === null) return;
        yield change;
      }
    } finally {
      this.#link.unwatch(watch);
    }
  }

  /**
   * Asks for anything; gives the name of the reply and its arguments.
   *
   * @throws {UnknownRequestError} for what the server does not know.
   */
  async call(
    request: string,
    args: readonly WireValue[] = [],
    options?: WaitOptions,
  ): Promise<[request: string, args: WireValue[]]> {
    return await this.#link.call(request, args, limitsOf(options), false);
  }

  /** Tells the server, and closes; calls and watches end. */
  async close(): Promise<void> {
    await this.#link.close();
  }

  /** As {@linkcode FandClient.close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #read(
    request: string,
    wanted: string,
    args: readonly WireValue[],
    options?: WaitOptions,
  ): Promise<WireValue[]> {
    const [name, reply] = await this.#link.call(request, args, limitsOf(options), true);
    return name === wanted ? reply : unexpectedReply(request, name);
  }

  async #change(
    request: string,
    args: readonly WireValue[],
    options?: WaitOptions,
  ): Promise<WireValue[]> {
    const [name, reply] = await this.#link.call(request, args, limitsOf(options), false);
    return name === Request.ACK ? reply : unexpectedReply(request, name);
  }

  /** Every entry of an answer in pages. */
  async #pages(
    request: string,
    before: readonly WireValue[],
    options?: WaitOptions,
  ): Promise<WireValue[]> {
    const entries: WireValue[] = [];
    let cursor: WireValue = null;
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const args = cursor === null ? before : [...before, cursor];
      const [page, next = null] = await this.#read(request, request, args, options);
      for (const entry of listOf(page)) entries.push(entry);
      if (next === null) return entries;
      if (next === cursor) break;
      cursor = next;
    }
    return unusable(request);
  }
}

function limitsOf(options: WaitOptions = {}): { timeoutMs: number; signal?: AbortSignal } {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options;
  return { timeoutMs, ...signal && { signal } };
}

function orderLimit([percent, text]: readonly WireValue[]): OrderLimit | null {
  const number = numberOf(percent);
  return number === null ? null : { percent: number, text: textOf(text) };
}

function unusable(request: string): never {
  throw new CorruptedDataError(
    `Cannot use the answer to "${request}": it is not what the protocol says; ` +
      "check that this is a fand server of the same protocol",
  );
}
