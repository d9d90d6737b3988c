/**
 * A client's connection: made when it is needed, made anew when it is lost.
 *
 * @module
 */
import { backoffMs, DEFAULT_BACKOFF } from "../backoff.ts";
import type { Clock } from "../clock.ts";
import { formatPlace } from "../communication/dial.ts";
import { refuseOpenLine } from "../communication/private_line.ts";
import { type ConnectOptions, SocketManager } from "../communication/socket_manager.ts";
import {
  CommunicationError,
  FandConnectionResetError,
  FandTimeoutError,
  SendReceiveError,
  UnknownRequestError,
} from "../errors.ts";
import { Waiter, type WaitLimits } from "../sockets/waiter.ts";
import { Request } from "../wire/request.ts";
import { isWireMap, type WireMap, type WireValue } from "../wire/value.ts";
import { readDuty } from "./shelf_change.ts";
import { Watch } from "./watch.ts";

/** Where the server is, and who asks. */
export interface LinkOptions {
  readonly address: string;
  readonly port: number;
  /** What `hello` says. */
  readonly hello: WireMap;
  /** Whom to trust, and what to prove; plain TCP without it. */
  readonly tls: ConnectOptions["tls"];
  readonly clock: Clock;
  /** 0 up to but not including 1; spreads clients that come back. */
  random(): number;
}

/** A server that pushes beats every second; one that is silent for this long is taken for dead. */
const SILENCE_MS = 5000;
/** What a connection and its `hello` may take, whoever waits for it. */
const CONNECT_MS = 10_000;

/** The connection of one client. */
export class Link {
  readonly #options: LinkOptions;
  readonly #sockets: SocketManager;
  readonly #stop = new AbortController();
  readonly #waiting = new Set<Waiter<Deno.Conn>>();
  readonly #watches = new Map<string, Set<Watch>>();
  #socket: Deno.Conn | null = null;
  #connecting: Promise<Deno.Conn> | null = null;
  #keeping: Promise<void> | null = null;
  #pumping: Promise<void> = Promise.resolve();
  /** Whether the server was there at any time: then it is expected back. */
  #wasThere = false;
  /** What the server has said of itself; empty for one that knows no `hello`. */
  server: WireMap = {};

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#sockets = new SocketManager({ clock: options.clock });
  }

  /**
   * Asks, and gives the arguments of the reply.
   *
   * @param mayRepeat Nothing is done twice when it is asked again over another connection.
   */
  async call(
    request: string,
    args: readonly WireValue[],
    limits: WaitLimits,
    mayRepeat: boolean,
  ): Promise<[request: string, args: WireValue[]]> {
    const { clock } = this.#options;
    const endMs = clock.monotonicMs() + limits.timeoutMs;
    for (let failures = 1;; failures++) {
      const timeoutMs = Math.max(0, endMs - clock.monotonicMs());
      let isAsked = false;
      try {
        const socket = await this.#connected({ ...limits, timeoutMs });
        const leftMs = Math.max(0, endMs - clock.monotonicMs());
        isAsked = true;
        const [name, reply] = await this.#sockets.call(socket, request, [...args], {
          ...limits.signal && { signal: limits.signal },
          timeoutMs: leftMs,
        });
        return [name, reply];
      } catch (error) {
        const isWorthIt = this.#isPassing(error) && (mayRepeat || !isAsked);
        const waitMs = backoffMs(failures, this.#options.random(), DEFAULT_BACKOFF);
        if (!isWorthIt || clock.monotonicMs() + waitMs >= endMs) throw error;
        await this.#sockets.sleep(waitMs, limits.signal && { signal: limits.signal });
      }
    }
  }

  /** Subscribes; the connection is kept for as long as anybody watches. */
  async watch(shelf: string, limits: WaitLimits): Promise<Watch> {
    const watch = new Watch(shelf, this.#options.clock);
    const watches = this.#watches.get(shelf) ?? new Set();
    this.#watches.set(shelf, watches.add(watch));
    try {
      // Also when somebody else watches it: each gets the state of now at once.
      await this.call(Request.SUBSCRIBE, [shelf], limits, true);
    } catch (error) {
      this.unwatch(watch);
      throw error;
    }
    return watch;
  }

  /** Ends a watch, and the subscription with the last one of a shelf. */
  unwatch(watch: Watch): void {
    watch.end();
    const watches = this.#watches.get(watch.shelf);
    if (!watches?.delete(watch) || watches.size > 0) return;
    this.#watches.delete(watch.shelf);
    const socket = this.#socket;
    if (socket === null) return;
    // A server that is lost, or a shelf that is gone, needs no telling.
    this.#sockets.call(socket, Request.UNSUBSCRIBE, [watch.shelf]).catch(() => {});
  }

  /** Tells the server, closes, and ends every call and watch. */
  async close(): Promise<void> {
    this.#stop.abort(closed());
    for (const watch of [...this.#watches.values()].flatMap((each) => [...each])) watch.end();
    this.#watches.clear();
    await this.#sockets.terminate();
    await Promise.all([this.#connecting?.catch(() => {}), this.#keeping, this.#pumping]);
  }

  /** Whether another try may do better. */
  #isPassing(error: unknown): boolean {
    return this.#wasThere && !this.#stop.signal.aborted && error instanceof CommunicationError &&
      !(error instanceof FandTimeoutError);
  }

  async #connected(limits: WaitLimits): Promise<Deno.Conn> {
    if (this.#stop.signal.aborted) throw closed();
    if (this.#socket !== null) return this.#socket;
    this.#connecting ??= this.#connect().finally(() => this.#connecting = null);
    const { address, port, clock } = this.#options;
    const waiter = new Waiter<Deno.Conn>(this.#waiting, clock, limits, (late) =>
      late.reject(
        new FandTimeoutError(
          `Cannot reach ${formatPlace(address, port)}: no answer within ${limits.timeoutMs} ms; ` +
            "check that the server runs",
        ),
      ));
    this.#connecting.then((socket) => waiter.resolve(socket), (error) => waiter.reject(error));
    return await waiter.promise;
  }

  async #connect(): Promise<Deno.Conn> {
    const { address, port, tls, hello } = this.#options;
    const limits = { timeoutMs: CONNECT_MS, signal: this.#stop.signal };
    const socket = await this.#sockets.connect(address, port, { ...limits, tls });
    try {
      if (hello.token !== undefined) refuseOpenLine(socket, formatPlace(address, port));
      this.server = await this.#introduce(socket);
    } catch (error) {
      await this.#sockets.resetConnection(socket);
      throw error;
    }
    this.#socket = socket;
    this.#wasThere = true;
    this.#pumping = this.#pump(socket);
    for (const shelf of this.#watches.keys()) this.#subscribe(socket, shelf);
    return socket;
  }

  async #introduce(socket: Deno.Conn): Promise<WireMap> {
    const limits = { timeoutMs: CONNECT_MS, signal: this.#stop.signal };
    try {
      const [, [info]] = await this.#sockets.call(socket, Request.HELLO, [
        this.#options.hello,
      ], limits);
      return isWireMap(info) ? info : {};
    } catch (error) {
      if (error instanceof UnknownRequestError) return {};
      throw error;
    }
  }

  /** Watches go on over another connection; one of a shelf that is gone ends with why. */
  #subscribe(socket: Deno.Conn, shelf: string): void {
    this.#sockets.call(socket, Request.SUBSCRIBE, [shelf]).catch((error) => {
      if (error instanceof CommunicationError) return;
      for (const watch of this.#watches.get(shelf) ?? []) watch.end(error);
      this.#watches.delete(shelf);
    });
  }

  /** Takes what is pushed until the connection ends. */
  async #pump(socket: Deno.Conn): Promise<void> {
    try {
      for (;;) await this.#takeOne(socket);
    } catch {
      // Whoever waits for a reply is told by the call itself.
    }
    this.#socket = null;
    await this.#sockets.resetConnection(socket);
    if (this.#watches.size > 0) this.#keeping ??= this.#keep().finally(() => this.#keeping = null);
  }

  async #takeOne(socket: Deno.Conn): Promise<void> {
    const wasWatching = this.#watches.size > 0;
    try {
      const [request, args] = await this.#sockets.recv(socket, { timeoutMs: SILENCE_MS });
      this.#take(request, args);
    } catch (error) {
      const isDead = wasWatching && this.#watches.size > 0;
      if (isDead || !(error instanceof FandTimeoutError)) throw error;
    }
  }

  #take(request: string, args: WireValue[]): void {
    if (request === Request.DUTY) {
      const pushed = readDuty(args);
      for (const watch of this.#watches.get(pushed.change.shelf) ?? []) watch.duty(pushed);
    } else if (request === Request.PENDING) {
      for (const watch of this.#watches.get(String(args[0])) ?? []) watch.pending();
    }
  }

  /** Connects anew, again and again, for those who watch. */
  async #keep(): Promise<void> {
    for (let failures = 1; this.#watches.size > 0 && this.#socket === null; failures++) {
      await this.#sockets.sleep(backoffMs(failures, this.#options.random(), DEFAULT_BACKOFF));
      if (this.#stop.signal.aborted) return;
      try {
        await this.#connected({ timeoutMs: CONNECT_MS });
      } catch (error) {
        if (!(error instanceof CommunicationError)) return this.#endWatches(error);
      }
    }
  }

  /** The server does not want us any more: not a matter of trying again. */
  #endWatches(error: unknown): void {
    for (const watches of this.#watches.values()) {
      for (const watch of watches) watch.end(error);
    }
    this.#watches.clear();
  }
}

function closed(): FandConnectionResetError {
  return new FandConnectionResetError("Cannot ask: this client is closed; make another one");
}

/** @throws {SendReceiveError} always: the reply has another name than the request calls for. */
export function unexpectedReply(request: string, name: string): never {
  throw new SendReceiveError(
    `Cannot use the answer to "${request}": "${name.slice(0, 60)}" found; ` +
      "check that this is a fand server of the same protocol",
  );
}
