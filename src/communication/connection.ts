/**
 * One connection: messages in and out, in order, each for the one who waits for it.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import {
  CorruptedDataError,
  FandConnectionResetError,
  type FandError,
  FandTimeoutError,
  LimitError,
  SendReceiveError,
} from "../errors.ts";
import { StickyReader } from "../sockets/sticky_reader.ts";
import { Waiter, type WaitLimits } from "../sockets/waiter.ts";
import { WriteQueue } from "../sockets/write_queue.ts";
import { FrameReader } from "../wire/frame.ts";
import type { WireLimits } from "../wire/limits.ts";
import { decodeMessage, encodeMessage, type Message } from "../wire/message.ts";
import { Request } from "../wire/request.ts";
import { closedHere, receiveFailure, sendFailure, timedOut } from "./failure.ts";
import { sayFarewell } from "./farewell.ts";

/** Bytes that may wait for a peer that does not read, before `send` refuses more. */
export const MAX_QUEUED_BYTES: number = 1 << 20;
/** Messages that may wait for a `recv` while only calls are waiting. */
export const MAX_UNREAD_MESSAGES = 256;

/** Takes a message that came while a call waited for its reply. */
export type OnPush = (message: Message) => void;

/** A call that waits for its reply. */
interface PendingCall {
  waiter: Waiter<Message>;
  onPush: OnPush | undefined;
}

/** The state behind a socket. */
export class Connection {
  readonly #socket: Deno.Conn;
  readonly #clock: Clock;
  readonly #limits: Readonly<WireLimits>;
  readonly #onClosing: () => void;
  readonly #reader: StickyReader;
  readonly #writer: WriteQueue;
  readonly #frames: FrameReader;
  readonly #receivers: Set<Waiter<Message>> = new Set();
  readonly #callers: Set<Waiter<Message>> = new Set();
  readonly #calls: Map<number, PendingCall> = new Map();
  readonly #unread: Message[] = [];
  #lastId = 0;
  /** What reading ended with: null for an orderly end by the peer. */
  #end: { error: unknown } | null = null;
  #closed: Promise<void> | null = null;
  /** Called when the peer has closed after we have said farewell. */
  #onPeerGone: (() => void) | null = null;

  /**
   * @param onClosing Called once, as soon as the connection cannot be used any more.
   */
  constructor(
    socket: Deno.Conn,
    clock: Clock,
    limits: Readonly<WireLimits>,
    onClosing: () => void,
  ) {
    this.#socket = socket;
    this.#clock = clock;
    this.#limits = limits;
    this.#onClosing = onClosing;
    this.#frames = new FrameReader(limits.maxFrameBytes);
    this.#writer = new WriteQueue(socket, clock);
    this.#reader = new StickyReader(socket, {
      onBytes: (buffer, count) => this.#received(buffer.subarray(0, count)),
      onEnd: (error) => this.#ended(error),
    });
  }

  /** Sends one message, in one write, behind those that wait already. */
  async send(message: Message, limits: WaitLimits): Promise<void> {
    const { request, args, id } = message;
    const frame = encodeMessage(request, args, id, this.#limits);
    if (this.#closed !== null) throw sendFailure(closedHere());
    if (this.#writer.queuedBytes + frame.length > MAX_QUEUED_BYTES) {
      throw new SendReceiveError(
        `Cannot send "${request}": ${this.#writer.queuedBytes} bytes wait for a peer that does ` +
          "not read; send less or close the connection",
      );
    }
    try {
      await this.#writer.write(
        frame,
        limits,
        () => timedOut(`send "${request}"`, limits.timeoutMs, "check that the peer reads"),
      );
    } catch (error) {
      const aborted = limits.signal?.aborted && error === limits.signal.reason;
      throw aborted || error instanceof FandTimeoutError ? error : sendFailure(error);
    }
  }

  /** The next message that is not the reply to a call. */
  receive(limits: WaitLimits): Promise<Message> {
    if (this.#closed !== null) return Promise.reject(closedHere());
    const waiter = new Waiter(
      this.#receivers,
      this.#clock,
      limits,
      (late) => late.reject(timedOut("receive", limits.timeoutMs, "check that the peer answers")),
    );
    // Messages are unread only while nobody receives, so this never overtakes anybody.
    const unread = this.#receivers.has(waiter) ? this.#unread.shift() : undefined;
    if (unread === undefined) this.#advance();
    else waiter.resolve(unread);
    return waiter.promise;
  }

  /** Sends a request under an id of its own and waits for the reply that repeats it. */
  async call(
    request: string,
    args: Message["args"],
    limits: WaitLimits,
    onPush?: OnPush,
  ): Promise<Message> {
    const id = ++this.#lastId;
    const action = `receive the reply to "${request}"`;
    const waiter = new Waiter<Message>(
      this.#callers,
      this.#clock,
      limits,
      (late) => late.reject(timedOut(action, limits.timeoutMs, "check that the peer answers")),
    );
    this.#calls.set(id, { waiter, onPush });
    this.send({ request, args, id }, limits).catch((error) => waiter.reject(error));
    this.#advance();
    try {
      return await waiter.promise;
    } finally {
      this.#calls.delete(id);
    }
  }

  /**
   * Ends every wait with `error` and closes the socket; only the first call does something, the
   * others wait for it.
   *
   * @param notice What to tell the peer first, or null to tell it nothing.
   */
  close(error: FandError, notice: { reason: string | null } | null): Promise<void> {
    if (this.#closed !== null) return this.#closed;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#closed = promise;
    this.#onClosing();
    for (const waiter of [...this.#receivers, ...this.#callers]) waiter.reject(error);
    this.#unread.length = 0;
    const told = notice === null ? Promise.resolve() : this.#tell(notice.reason);
    resolve(told.then(() => this.#release(error)));
    return promise;
  }

  async #tell(reason: string | null): Promise<void> {
    const peerGone = Promise.withResolvers<void>();
    this.#onPeerGone = peerGone.resolve;
    if (this.#end !== null) peerGone.resolve();
    this.#reader.more();
    await sayFarewell(this.#socket, this.#writer, this.#clock, reason, peerGone.promise);
  }

  #release(error: FandError): void {
    try {
      this.#socket.close();
    } catch (cause) {
      // Its owner may have closed it without us.
      if (!(cause instanceof Deno.errors.BadResource)) throw cause;
    }
    this.#writer.fail(error);
  }

  #received(chunk: Uint8Array): void {
    if (this.#closed === null) {
      this.#frames.push(chunk);
      this.#advance();
    } else if (this.#onPeerGone !== null) {
      this.#reader.more();
    }
  }

  #ended(error: unknown): void {
    this.#end = { error };
    this.#onPeerGone?.();
    this.#advance();
  }

  /** Hands out what has come for as long as somebody wants it, then asks for more. */
  #advance(): void {
    try {
      while (this.#closed === null && this.#receivers.size + this.#callers.size > 0) {
        const payload = this.#frames.next();
        if (payload === null) {
          if (this.#end === null) this.#reader.more();
          else this.close(receiveFailure(this.#end.error), null);
          return;
        }
        this.#route(decodeMessage(payload, this.#limits));
      }
    } catch (error) {
      if (!(error instanceof CorruptedDataError)) throw error;
      this.close(error, { reason: error.message });
    }
  }

  #route(message: Message): void {
    if (message.request === Request.DISCONNECT) {
      this.close(disconnected(message.args), null);
      return;
    }
    if (message.id !== undefined && message.id <= this.#lastId) {
      // Without a pending call it is the reply to one that has given up.
      this.#calls.get(message.id)?.waiter.resolve(message);
      return;
    }
    const [receiver] = this.#receivers;
    if (receiver !== undefined) receiver.resolve(message);
    else this.#push(message);
  }

  /** Only calls are waiting, and this is not their reply. */
  #push(message: Message): void {
    for (const { waiter, onPush } of this.#calls.values()) {
      if (onPush === undefined) continue;
      try {
        onPush(message);
      } catch (error) {
        waiter.reject(error);
      }
      return;
    }
    if (this.#unread.push(message) < MAX_UNREAD_MESSAGES) return;
    const error = new LimitError(
      `Cannot wait for a reply: ${MAX_UNREAD_MESSAGES} other messages wait unread; receive them ` +
        "or pass onPush",
    );
    for (const waiter of [...this.#callers]) waiter.reject(error);
  }
}

/** The peer's own words, when it has any. */
function disconnected([reason, back]: Message["args"]): FandConnectionResetError {
  const words = typeof reason === "string" ? `: ${reason}` : "";
  const backInMs = typeof back === "number" && back >= 0 ? back : null;
  return new FandConnectionResetError(
    `Cannot receive: the peer said disconnect${words}; connect again`,
    { backInMs },
  );
}
