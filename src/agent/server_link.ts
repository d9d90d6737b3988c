/**
 * An agent's end of the session: subscribes, takes what is pushed, reports, and comes back after
 * every loss for as long as the agent runs.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { SocketManager } from "../communication/socket_manager.ts";
import { CorruptedDataError } from "../errors.ts";
import type { Log } from "../log.ts";
import { Request } from "../wire/request.ts";
import type { WireValue } from "../wire/value.ts";
import { backoffMs, DEFAULT_BACKOFF } from "./backoff.ts";
import type { DutyPush } from "./channel_plan.ts";
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
  readonly clock: Clock;
  readonly log: Log;
  /** 0 up to but not including 1; spreads the agents that come back. */
  random(): number;
  onDuty(push: DutyPush): void;
}

/** A server that says nothing for this long is taken for dead: it beats every second. */
const SILENCE_MS = 5000;
const CONNECT_MS = 5000;
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
  #failures = 0;

  constructor(options: ServerLinkOptions) {
    this.#options = options;
  }

  /** Keeps a session until `signal` is aborted; never throws. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log, servers } = this.#options;
    const wakeup = new Wakeup(clock, signal);
    for (let attempt = 0; !signal.aborted; attempt++) {
      const { host, port } = servers[attempt % servers.length] as Endpoint;
      try {
        await this.#session(host, port, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#failures++;
        const text = `Server ${host} port ${port}: ${messageOf(error)}; trying again`;
        if (this.#failures === 1) log.warn(text);
        else log.debug(text);
      }
      const waitMs = backoffMs(this.#failures, this.#options.random(), DEFAULT_BACKOFF);
      if (!signal.aborted) await wakeup.wait(waitMs);
    }
  }

  /** Reports the speed of a shelf's fans; says nothing while the last report is on its way. */
  async report(
    shelf: string,
    rpm: number | null,
    details: Record<string, WireValue>,
  ): Promise<void> {
    const socket = this.#socket;
    if (socket === null || this.#isReporting) return;
    this.#isReporting = true;
    try {
      await this.#sockets.send(socket, Request.SET_RPM, shelf, rpm, details);
    } catch (error) {
      this.#options.log.debug(`Report of shelf "${shelf}" failed: ${messageOf(error)}`);
    } finally {
      this.#isReporting = false;
    }
  }

  async #session(host: string, port: number, signal: AbortSignal): Promise<void> {
    const { shelves, log } = this.#options;
    const socket = await this.#sockets.connect(host, port, { timeoutMs: CONNECT_MS, signal });
    try {
      for (const shelf of shelves) await this.#sockets.send(socket, Request.SUBSCRIBE, shelf);
      this.#socket = socket;
      this.#refusals.clear();
      log.info(`Connected to ${host} port ${port}`);
      while (!signal.aborted) {
        const [request, args] = await this.#sockets.recv(socket, { timeoutMs: SILENCE_MS, signal });
        this.#take(request, args);
      }
    } finally {
      this.#socket = null;
      await this.#sockets.resetConnection(socket);
    }
  }

  #take(request: string, args: readonly WireValue[]): void {
    if (request === Request.DUTY) {
      this.#failures = 0;
      this.#options.onDuty(dutyPush(args));
    } else if (request === Request.ERROR) {
      this.#sayRefusal(`Server: ${args[1]}`);
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
  const [shelf, percent, epoch, seq, ageMs, ttlMs] = args;
  if (
    typeof shelf === "string" && typeof percent === "number" && typeof epoch === "number" &&
    typeof seq === "number" && typeof ageMs === "number" && typeof ttlMs === "number"
  ) {
    return { shelf, percent, epoch, seq, ttlMs };
  }
  throw new CorruptedDataError(
    `Cannot take a duty: ${JSON.stringify(args)} found; the server must send ` +
      "[shelf, percent, epoch, seq, ageMs, ttlMs]",
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
