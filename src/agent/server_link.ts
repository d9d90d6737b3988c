/**
 * An agent's end of the session: subscribes, takes what is pushed, reports, and comes back after
 * every loss for as long as the agent runs.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { refuseOpenLine } from "../communication/private_line.ts";
import { type ConnectOptions, SocketManager } from "../communication/socket_manager.ts";
import { CommunicationError, CorruptedDataError, FandConnectionResetError } from "../errors.ts";
import { FandError, FandTimeoutError } from "../errors.ts";
import type { Log } from "../log.ts";
import { PROTOCOL } from "../wire/protocol_version.ts";
import { Request } from "../wire/request.ts";
import { isWireMap, type WireMap, type WireValue } from "../wire/value.ts";
import { backoffMs, DEFAULT_BACKOFF, patienceMs } from "../backoff.ts";
import { VERSION } from "../version.ts";
import type { DutyPush } from "./channel_plan.ts";
import type { DutyIntake } from "./duty/duty_intake.ts";
import { Transit } from "./duty/transit.ts";
import { Wakeup } from "./wakeup.ts";

/** The host and port of a server. */
export interface Endpoint {
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
}

/** Where the servers are and what is wanted from them. */
export interface ServerLinkOptions {
  /** Tried in order, from the first again after the last; at least one. */
  readonly servers: readonly Endpoint[];
  readonly shelves: readonly string[];
  /** Whom to trust over TLS and what to prove; looked up for each connection. None without. */
  readonly tls?: () => Promise<ConnectOptions["tls"]>;
  /** Proves which shelves are this agent's; null for none. */
  readonly token: string | null;
  readonly clock: Clock;
  readonly log: Log;
  /** 0 up to but not including 1; spreads the agents that come back. */
  random(): number;
  /** Where duties go. */
  readonly duties: DutyIntake;
  /** What the server is told of the agent's board. */
  announcement(): { name: string; info: WireMap };
  /** Does what somebody asks of the board. */
  onTask(action: string, args: WireMap): Promise<WireMap>;
}

/** A server that says nothing for this long is taken for dead: it answers a report every second. */
const SILENCE_MS = 5000;
/** So much of its duties' time, if that is less: the rest is for reaching another server. */
const SILENCE_PART = 0.8;
const CONNECT_MS = 5000;
/** A server that says when it will be back is believed for no longer than this. */
const MOST_BACK_MS = 60_000;
/** Agents come back to a restarted server within this time, or before their duties run out. */
const RETURN_SPREAD_MS = 1000;
/** So many different refusals of one session are told as warnings. */
const MOST_REFUSALS = 100;

/** The session to one server. */
export class ServerLink {
  readonly #options: ServerLinkOptions;
  readonly #sockets = new SocketManager();
  #socket: Deno.Conn | null = null;
  #isReporting = false;
  /** What the server has refused in this session: told once, however often it is asked. */
  readonly #refusals = new Set<string>();
  /** The shelves of which the server has pushed anything in this session. */
  readonly #pushed = new Set<WireValue>();
  #failures = 0;
  /** Sessions in a row that fell silent before they had lasted for the time of a duty. */
  #silences = 0;
  /** Servers in a row that were refused for their epoch; none of them had anything to hold. */
  #refusedInRow = 0;
  /** The server of this session was asked for a greater epoch. */
  #isClaiming = false;
  #transit = new Transit();
  /** The longest time of a duty in this session. */
  #longestTtlMs = 0;
  /** When the first duty of this session came, or null (monotonic). */
  #servedSinceMs: number | null = null;

  constructor(options: ServerLinkOptions) {
    this.#options = options;
  }

  /** Keeps a session until `signal` is aborted; never throws. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log, servers } = this.#options;
    const wakeup = new Wakeup(clock, signal);
    let at = 0;
    while (!signal.aborted) {
      const { host, port } = servers[at % servers.length] as Endpoint;
      let backInMs: number | null = null;
      try {
        await this.#session(host, port, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#failures++;
        if (error instanceof FandTimeoutError) this.#silences++;
        backInMs = error instanceof FandConnectionResetError ? error.backInMs : null;
        const text = `Server ${host} port ${port}: ${messageOf(error)}; trying again`;
        if (this.#failures === 1) log.warn(text);
        else log.debug(text);
      }
      // One that will be back in time is worth more than another that decides anew.
      const staysHere = backInMs !== null && backInMs < this.#longestTtlMs * SILENCE_PART;
      if (!staysHere) at++;
      if (!signal.aborted) await wakeup.wait(this.#waitMs(backInMs, staysHere));
    }
  }

  /** How long to wait before the next try. */
  #waitMs(backInMs: number | null, staysHere: boolean): number {
    const { random, servers } = this.#options;
    if (backInMs === null || !staysHere && servers.length > 1) {
      return backoffMs(Math.max(this.#failures, this.#silences), random(), DEFAULT_BACKOFF);
    }
    const leftMs = this.#longestTtlMs * SILENCE_PART - backInMs;
    const spreadMs = staysHere ? Math.min(RETURN_SPREAD_MS, leftMs) : RETURN_SPREAD_MS;
    return Math.min(backInMs, MOST_BACK_MS) + random() * spreadMs;
  }

  /**
   * Reports the speed of a shelf's fans; says nothing while the last report is on its way. A shelf
   * of which nothing is heard is subscribed to again: a reload may have brought it.
   */
  async report(
    shelf: string,
    rpm: number | null,
    details: Record<string, WireValue>,
  ): Promise<void> {
    const socket = this.#socket;
    if (socket === null || this.#isReporting) return;
    this.#isReporting = true;
    try {
      if (!this.#pushed.has(shelf)) await this.#sockets.send(socket, Request.SUBSCRIBE, shelf);
      await this.#sockets.send(socket, Request.SET_RPM, shelf, rpm, details);
    } catch (error) {
      this.#options.log.debug(`Report of shelf "${shelf}" failed: ${messageOf(error)}`);
    } finally {
      this.#isReporting = false;
    }
  }

  /** Says that this agent is there when it has nothing to report. */
  async beat(): Promise<void> {
    const socket = this.#socket;
    if (socket === null || this.#isReporting) return;
    await this.#sockets.send(socket, Request.PING).catch(() => {});
  }

  /** Drops the session and all that waits in it, and begins another. */
  async reconnect(): Promise<void> {
    if (this.#socket !== null) await this.#sockets.resetConnection(this.#socket);
  }

  /** Tells the server what there is to know of the board now. */
  async announce(): Promise<void> {
    const socket = this.#socket;
    if (socket === null) return;
    const { name, info } = this.#options.announcement();
    try {
      await this.#sockets.send(socket, Request.BOARD, name, info);
    } catch (error) {
      this.#options.log.debug(`Announcement of board "${name}" failed: ${messageOf(error)}`);
    }
  }

  async #session(host: string, port: number, signal: AbortSignal): Promise<void> {
    const { shelves, log } = this.#options;
    const tls = await this.#options.tls?.();
    const options = { timeoutMs: patienceMs(this.#failures, CONNECT_MS), signal, tls };
    const socket = await this.#sockets.connect(host, port, options);
    try {
      this.#transit = new Transit();
      this.#longestTtlMs = 0;
      this.#servedSinceMs = null;
      this.#isClaiming = false;
      await this.#prove(socket, `${host} port ${port}`);
      for (const shelf of shelves) await this.#sockets.send(socket, Request.SUBSCRIBE, shelf);
      this.#socket = socket;
      this.#refusals.clear();
      this.#pushed.clear();
      log.info(`Connected to ${host} port ${port}`);
      await this.announce();
      while (!signal.aborted) {
        const timeoutMs = this.#silenceMs();
        const [request, args] = await this.#sockets.recv(socket, { timeoutMs, signal });
        if (request === Request.BOARD_DO) this.#meet(socket, args);
        else if (request === Request.DUTY) await this.#takeDuty(socket, args);
        else this.#take(request, args);
      }
    } finally {
      this.#socket = null;
      await this.#sockets.resetConnection(socket);
    }
  }

  /** What follows is met only if the server knows the token, so that its answer is not awaited. */
  async #prove(socket: Deno.Conn, peer: string): Promise<void> {
    const { token } = this.#options;
    if (token === null) return;
    refuseOpenLine(socket, peer);
    const hello = { protocol: [...PROTOCOL], client: `fand-agent/${VERSION}`, token };
    await this.#sockets.send(socket, Request.HELLO, hello);
  }

  #silenceMs(): number {
    const longestMs = this.#longestTtlMs;
    return longestMs === 0
      ? patienceMs(this.#failures, SILENCE_MS)
      // One silence is the server's, several are too many agents for it: then they leave it less.
      : patienceMs(Math.max(0, this.#silences - 1), Math.min(SILENCE_MS, longestMs * SILENCE_PART));
  }

  #take(request: string, args: readonly WireValue[]): void {
    if (request === Request.PENDING) this.#pushed.add(args[0] ?? null);
    else if (request === Request.ERROR) this.#sayRefusal(`Server: ${args[1]}`);
  }

  async #takeDuty(socket: Deno.Conn, args: readonly WireValue[]): Promise<void> {
    const { clock, duties } = this.#options;
    const push = dutyPush(args);
    const nowMs = clock.monotonicMs();
    const lateMs = push.sentMs === null ? 0 : this.#transit.lateMs(push.sentMs, nowMs);
    this.#longestTtlMs = Math.max(this.#longestTtlMs, push.ttlMs);
    if (duties.take(push, lateMs) === "refused") return await this.#refuse(socket, push);
    this.#pushed.add(push.shelf);
    this.#failures = 0;
    this.#refusedInRow = 0;
    this.#servedSinceMs ??= nowMs;
    if (nowMs - this.#servedSinceMs > this.#longestTtlMs) this.#silences = 0;
  }

  /**
   * Leaves a server that was replaced. When nobody else is left, it may claim the fans anew: its
   * epoch must then be above all that were granted, so the one before it cannot come back as well.
   */
  async #refuse(socket: Deno.Conn, { shelf, epoch }: DutyPush): Promise<void> {
    const { servers, duties, log } = this.#options;
    if (this.#isClaiming) return;
    if (duties.holdsAny || ++this.#refusedInRow < servers.length) {
      throw new CommunicationError(
        `Cannot follow this server: its epoch is ${epoch} and ${duties.granted} was granted; ` +
          "it is asked again when no other is left",
      );
    }
    log.warn(`No server of epoch ${duties.granted} is left; asking this one for a greater epoch`);
    this.#isClaiming = true;
    const client = `fand-agent/${VERSION}`;
    const hello = { protocol: [...PROTOCOL], client, claim: duties.granted };
    await this.#sockets.send(socket, Request.HELLO, hello);
    await this.#sockets.send(socket, Request.SUBSCRIBE, shelf);
  }

  /** Does a task while the session goes on; never throws. */
  async #meet(socket: Deno.Conn, [ticket = null, action, args]: WireValue[]): Promise<void> {
    const answer = await this.#answer(String(action), isWireMap(args) ? args : {});
    try {
      await this.#sockets.send(socket, Request.BOARD_DONE, ticket, ...answer);
    } catch (error) {
      this.#options.log.debug(`Answer of "${action}" failed: ${messageOf(error)}`);
    }
  }

  async #answer(action: string, args: WireMap): Promise<WireValue[]> {
    try {
      return [await this.#options.onTask(action, args)];
    } catch (error) {
      if (error instanceof FandError) return [null, error.code, error.message];
      this.#options.log.error(`"${action}" failed: ${messageOf(error)}`);
      return [null, "internal", `Cannot do "${action}": an error was found; see the agent's log`];
    }
  }

  #sayRefusal(text: string): void {
    const { log } = this.#options;
    if (this.#refusals.has(text) || this.#refusals.size >= MOST_REFUSALS) return log.debug(text);
    this.#refusals.add(text);
    log.warn(text);
  }
}

function dutyPush(args: readonly WireValue[]): DutyPush {
  const [shelf, percent, epoch, seq, ageMs, ttlMs, urgent, sent] = args;
  if (
    typeof shelf === "string" && typeof percent === "number" && typeof epoch === "number" &&
    typeof seq === "number" && typeof ageMs === "number" && typeof ttlMs === "number"
  ) {
    // A server that does not tell what is urgent may mean all of it.
    const urgentPercent = typeof urgent === "number" ? urgent : percent;
    const sentMs = typeof sent === "number" ? sent : null;
    return { shelf, percent, epoch, seq, ttlMs, urgentPercent, sentMs };
  }
  throw new CorruptedDataError(
    `Cannot take a duty: ${JSON.stringify(args)} found; the server must send ` +
      "[shelf, percent, epoch, seq, ageMs, ttlMs, urgentPercent, sentMs]",
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
