/**
 * Somebody at the other end, and what is to happen when he says something.
 *
 * @module
 */
import { CorruptedDataError, LimitError } from "../errors.ts";
import { type Log, silentLog } from "../log.ts";
import { ExpMessage } from "./exp_message.ts";
import { Future } from "./future.ts";
import { decodeData, encodeData } from "./json.ts";
import { plain, quoted } from "./quoted.ts";
import { Service } from "./service.ts";
import { checkName, formatUri, parseUri, type RigUri } from "./uri.ts";

/** Callbacks and futures that may be assigned at once. */
export const MAX_CALLBACKS = 4096;
/** Characters of an error that the other end is told. */
const MOST_ERROR = 500;

/** Where a message came from or goes to. */
export type RigAddress = readonly [host: string, port: number];

/**
 * Is called with what followed the event in the message, who sent it, and, when it was assigned to
 * several events at once, which of them it was. What it throws is told to the sender.
 */
export type RigCallback = (data: unknown[], address: RigAddress, event: ExpMessage) => unknown;

/** What a future gives: what a callback is called with; the event only where there are several. */
export type RigEvent = [data: unknown[], address: RigAddress, event?: ExpMessage];

/** Something assigned to an event. */
interface Assigned {
  readonly callback: RigCallback | Future<RigEvent>;
  readonly tellsEvent: boolean;
}

/**
 * Base of those that reach a rig: what happens on which message, and how messages are written. What
 * extends it sends in its own way, and hands what comes to `receive`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { EchoCommunicator } from "../../mod.ts";
 *
 * await using rig: Communicator = await EchoCommunicator.client("udp://127.0.0.1:11001");
 * rig.assignCallback("EXPEND", ([data], [host]) => console.log(`${host}: ${data}`));
 * assert.equal(rig.clearCallbacks("EXPEND"), 1);
 * assert.deepEqual([rig.protocol, rig.hostname, rig.port], ["udp", "127.0.0.1", 11001]);
 * ```
 */
export abstract class Communicator extends Service implements AsyncDisposable {
  /** An arbitrary label for the other end. */
  override readonly name: string;
  /** The complete URI of the other end, or of this one where it listens. */
  readonly serverUri: string;
  /** Where this communicator tells what happens. */
  readonly logger: Log;
  readonly #uri: RigUri;
  readonly #assigned: Map<ExpMessage, Assigned[]> = new Map();

  /**
   * A communicator with nothing assigned.
   *
   * @param serverUri A URI, or what becomes one; a name is not looked up, see `validateUri`.
   * @param name The URI as it was given, if it is left out.
   * @param logger Nothing is said without one.
   * @throws {TypeError} If the URI is not a text.
   * @throws {RangeError} If it cannot be used.
   */
  constructor(serverUri: string, name?: string | null, logger: Log = silentLog) {
    super();
    this.#uri = checkName(serverUri, parseUri(serverUri, { allowsZero: true }));
    this.serverUri = formatUri(this.#uri);
    this.name = name || serverUri;
    this.logger = logger;
  }

  /** The port of the URI. */
  get port(): number {
    return this.#uri.port;
  }

  /** The host of the URI; of IPv6 without brackets. */
  get hostname(): string {
    return this.#uri.host;
  }

  /** The scheme of the URI in lower case, such as `udp`. */
  get protocol(): string {
    return this.#uri.proc.toLowerCase();
  }

  /** Whether the other end is connected. */
  abstract get isConnected(): boolean;

  /** Sends something, to an address or to the only one that there is. */
  abstract send(data: unknown, address?: RigAddress): Promise<void>;

  /**
   * Has a function called whenever an event happens, or a future resolved when it happens next.
   *
   * @param event A message; or several, joined; or 0, for what fails at the other end.
   * @throws {TypeError | RangeError} If it is no event, or the callback is none.
   * @throws {LimitError} If {@linkcode MAX_CALLBACKS} are assigned.
   */
  assignCallback(event: string | number, callback: RigCallback | Future<RigEvent>): void {
    const events = listsOf(ExpMessage.validate(event));
    if (typeof callback !== "function" && !(callback instanceof Future)) {
      throw new TypeError(
        `Cannot assign a callback: a ${typeof callback} is neither a function nor a Future; ` +
          "give one of these",
      );
    }
    let total = events.length;
    for (const list of this.#assigned.values()) total += list.length;
    if (total > MAX_CALLBACKS) {
      throw new LimitError(
        `Cannot assign a callback: ${MAX_CALLBACKS} are assigned; clear some of them`,
      );
    }
    for (const each of events) {
      const list = this.#assigned.get(each) ?? [];
      this.#assigned.set(each, list);
      list.push({ callback, tellsEvent: events.length > 1 });
    }
  }

  /**
   * Takes callbacks back.
   *
   * @param event A message; or several, joined; or 0.
   * @param callback Which one; all of them without it.
   * @param cancelFutures Whether futures among them are cancelled.
   * @returns How many were taken back.
   * @throws {TypeError | RangeError} If it is no event.
   */
  clearCallbacks(
    event: string | number,
    callback: RigCallback | Future<RigEvent> | null = null,
    cancelFutures = true,
  ): number {
    let cleared = 0;
    for (const each of listsOf(ExpMessage.validate(event))) {
      const list = this.#assigned.get(each) ?? [];
      const isMeant = (one: Assigned): boolean => callback === null || one.callback === callback;
      for (const one of list.filter(isMeant)) {
        if (cancelFutures && one.callback instanceof Future) one.callback.cancel();
        cleared++;
      }
      this.#keep(each, list.filter((one) => !isMeant(one)));
    }
    return cleared;
  }

  /**
   * Waits for an event, or for one of several that are joined.
   *
   * @returns A future, so that it can be cancelled; it gives the data after the event, who sent
   * it, and the event where there are several.
   * @throws {TypeError | RangeError} If it is no event.
   */
  onEvent(event: string | number): Future<RigEvent> {
    const future = new Future<RigEvent>();
    this.assignCallback(event, future);
    return future;
  }

  /** Cancels every future and forgets every callback. */
  close(): Promise<void> {
    for (const event of [...this.#assigned.keys()]) this.clearCallbacks(event);
    return Promise.resolve();
  }

  /** The same as {@linkcode close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /**
   * Bytes as they are, texts in UTF-8, and anything else as JSON.
   *
   * @throws {UnencodableError} If JSON cannot tell it.
   */
  static encode(data: unknown): Uint8Array<ArrayBuffer> {
    return encodeData(data);
  }

  /**
   * What the bytes say; what is no JSON is the text itself.
   *
   * @throws {CorruptedDataError} If they are not UTF-8, or nest too deep.
   */
  static decode(bytes: Uint8Array): unknown {
    return decodeData(bytes);
  }

  /**
   * Calls what is assigned to a message that has come, in the order in which it was assigned.
   *
   * @throws {CorruptedDataError} If it is no message.
   */
  protected receive(bytes: Uint8Array, address: RigAddress): void {
    const [event, data] = readMessage(bytes);
    if (event === 0) {
      this.logger.error(
        `Callback for ${ExpMessage.nameOf(Number(data[1]))} on ${this.#shown(address)} ` +
          `failed with ${quoted(String(data[0]))}`,
      );
    }
    const list = this.#assigned.get(event) ?? [];
    if (list.length === 0) {
      this.logger.debug(`No callbacks to execute for event ${ExpMessage.nameOf(event)}`);
    }
    for (const one of [...list]) {
      if (one.callback instanceof Future) {
        const result: RigEvent = one.tellsEvent ? [data, address, event] : [data, address];
        this.#resolve(one.callback, result);
      } else if (!this.#call(one.callback, one.tellsEvent, data, address, event)) return;
    }
  }

  /** One message resolves a future, and takes it out of the other events that it waits for. */
  #resolve(future: Future<RigEvent>, result: RigEvent): void {
    for (const [event, list] of [...this.#assigned]) {
      this.#keep(event, list.filter(({ callback }) => callback !== future));
    }
    if (future.done()) this.logger.warn("Future already resolved");
    else future.setResult(result);
  }

  /** False when it has failed. */
  #call(
    callback: RigCallback,
    tellsEvent: boolean,
    data: unknown[],
    address: RigAddress,
    event: ExpMessage,
  ): boolean {
    try {
      const done: unknown = tellsEvent
        ? callback(data, address, event)
        : (callback as (data: unknown[], address: RigAddress) => unknown)(data, address);
      if (done instanceof Promise) done.catch((error) => this.#failed(error, address, event));
      return true;
    } catch (error) {
      this.#failed(error, address, event);
      return false;
    }
  }

  #failed(error: unknown, address: RigAddress, event: ExpMessage): void {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.logger.error(`Callback for ${ExpMessage.nameOf(event)} failed with ${quoted(text)}`);
    // The null message would answer itself for ever.
    if (event === 0) return;
    this.send(encodeData([0, plain(text, MOST_ERROR), event]), address).catch((cause) => {
      this.logger.warn(`Cannot tell ${this.#shown(address)} so: ${plain(String(cause))}`);
    });
  }

  #keep(event: ExpMessage, list: Assigned[]): void {
    if (list.length === 0) this.#assigned.delete(event);
    else this.#assigned.set(event, list);
  }

  #shown([host, port]: RigAddress): string {
    return formatUri({ proc: this.protocol, host, port });
  }
}

/** The single events; the null message is one by itself. */
function listsOf(event: ExpMessage): ExpMessage[] {
  return event === 0 ? [0] : [...ExpMessage.bits(event)];
}

/** The event of a message and what follows it. */
function readMessage(bytes: Uint8Array): [event: ExpMessage, data: unknown[]] {
  const message = decodeData(bytes);
  if (!Array.isArray(message) || message.length < 2) {
    throw new CorruptedDataError(
      `Cannot take ${quoted(String(JSON.stringify(message)))} as a message: it is no list of an ` +
        "event and its data; send one",
    );
  }
  const [head, ...data] = message;
  const event = isNothing(head) ? 0 : eventOf(head);
  if (event === 0 && data.length !== 2) {
    throw new CorruptedDataError(
      `Cannot take a null message with ${data.length} parts: it has an error and an event; ` +
        "send both",
    );
  }
  return [event, data];
}

function eventOf(head: unknown): ExpMessage {
  try {
    return ExpMessage.validate(head as number, false);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new CorruptedDataError(found, { cause });
  }
}

/** What Python takes for nothing. */
function isNothing(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return !value;
}
