/**
 * One client of the server, from its first byte to its last.
 *
 * @module
 */

import { CorruptedDataError, FandError, LimitError } from "../../errors.ts";
import { FrameReader } from "../../wire/frame.ts";
import type { WireLimits } from "../../wire/limits.ts";
import { decodeMessage, encodeMessage, type Message } from "../../wire/message.ts";
import { Request } from "../../wire/request.ts";
import type { WireValue } from "../../wire/value.ts";
import type { Grant } from "../access/grant.ts";
import type { Arrival, Line, Origin } from "../doors/door.ts";
import { ANSWERED_LATER, COST_SHIFT, EXTRA_COST } from "./costs.ts";
import { Outbox } from "./outbox.ts";
import { Pace } from "./pace.ts";
import type { SessionServices } from "./session_services.ts";
import { shorten } from "../requests/shorten.ts";
import { type Rank, TURN_COST } from "./turns.ts";

export type { Reply, SessionServices } from "./session_services.ts";

/** Who has cost this much of a turn, and is not done, waits for all who ask less. */
const GREEDY_COST = TURN_COST / 20;
/** A push is a write of its own to another client. */
const PUSH_COST = 2;
/** The most frequent reply by far, to every report of every agent: encoded once. */
const ACKNOWLEDGED = encodeMessage(Request.ACK, []);
/** Most of ten thousand clients subscribe to one shelf or none. */
const NONE: ReadonlySet<string> = new Set();
/** A read buffer starts small, because most of ten thousand clients say little at a time. */
const FIRST_BUFFER_BYTES = 256;
const LARGEST_BUFFER_BYTES = 65_536;
/** How long a client that was told `disconnect` has to read it before the line is cut. */
const LINGER_MS = 500;
/** All that is told about a proof that proves nothing. */
const UNPROVED = 'Cannot do "hello": it proves nothing; look at the token';
/** Of what a client did wrong, this much is told. */
const REASON_CHARACTERS = 500;

/**
 * Reads frames, has them met in order and writes the replies of one read as one piece. It takes
 * no further request while its client does not read, so a slow client delays only itself.
 */
export class Session {
  /** What the way that the client came proves of it. */
  readonly origin: Origin;
  /** Who the client is known to be, and what it may do. */
  grant: Grant;
  /** What the client calls itself; null until it has said so. */
  client: string | null = null;
  /** The shelves whose duty is pushed to this client. */
  get subscriptions(): ReadonlySet<string> {
    return this.#subscriptions ?? NONE;
  }
  /** The shelves whose fan speed this client has reported. */
  get reports(): ReadonlySet<string> {
    return this.#reports ?? NONE;
  }
  /** When the client last sent anything, or was still being served (monotonic). */
  lastHeardMs: number;
  /** Since when a frame is unfinished, or null. */
  unfinishedSinceMs: number | null = null;
  /** Since when one write has been waiting for the client to read, or null. */
  writingSinceMs: number | null = null;

  #subscriptions: Set<string> | null = null;
  #reports: Set<string> | null = null;
  readonly #line: Line;
  readonly #services: SessionServices;
  readonly #frames: FrameReader;
  readonly #wireLimits: WireLimits;
  readonly #outbox = new Outbox();
  /** Null for somebody on this machine, who can take its time without asking. */
  readonly #pace: Pace | null;
  /** Frames of what was read last that were met. */
  #met = 0;
  /** What those have cost. */
  #spent = 0;
  /** Whether the client sends more than fits into a turn that others use as well. */
  #isGreedy = false;
  /** Requests whose answers come later. */
  #outstanding = 0;
  #buffer = new Uint8Array(FIRST_BUFFER_BYTES);
  #writing: Promise<void> | null = null;
  /** Ends the wait of a client that was too fast. */
  #stopResting: (() => void) | null = null;
  /** Ends the time that a client has to read our last words; null before they are said. */
  #stopLingering: (() => void) | null = null;
  /** While requests are met, what is pushed waits for their replies. */
  #isMeeting = false;
  #ending = false;
  #isExpelled = false;
  #closed = false;

  constructor({ line, origin }: Arrival, services: SessionServices) {
    this.#line = line;
    this.origin = origin;
    this.grant = services.admit(origin);
    this.#services = services;
    const { frameBytes, depth, items } = services.limits;
    this.#frames = new FrameReader(frameBytes);
    this.#wireLimits = { maxFrameBytes: frameBytes, maxDepth: depth, maxItems: items };
    this.#pace = origin.isLocal ? null : new Pace(services.limits);
    this.lastHeardMs = services.clock.monotonicMs();
  }

  /** Serves the client until either side ends; never throws. */
  async run(): Promise<void> {
    try {
      while (!this.#ending) {
        const length = await this.#line.read(this.#buffer);
        if (length === null || this.#ending) break;
        this.lastHeardMs = this.#services.clock.monotonicMs();
        this.#frames.push(this.#buffer.subarray(0, length));
        this.#met = this.#spent = 0;
        if (this.#meetSome()) this.#isGreedy = false;
        else await this.#meetRest();
        this.#services.turns.passOn();
        if (!this.#outbox.isEmpty) await this.#flush(this.lastHeardMs);
        if (length === this.#buffer.length) this.#growBuffer();
        if (this.#pace !== null) await this.#keepPace(this.#pace, length);
      }
    } catch (error) {
      if (!this.#closed) this.#services.log.debug(`${this.peer}: line lost: ${textOf(error)}`);
    }
    if (this.#stopLingering !== null) await this.#linger();
    this.cut();
  }

  /** Host and port of the client, for the log. */
  get peer(): string {
    return this.origin.peer;
  }

  /** Who this is, for what it orders. */
  get owner(): string {
    const name = this.grant.name ?? this.client;
    return name === null ? this.peer : `${name} at ${this.peer}`;
  }

  /** Whether the last word has been said. */
  get isEnding(): boolean {
    return this.#ending;
  }

  /** Hands the client the newest state of a shelf, now or when it reads again. */
  push(shelf: string, frame: Uint8Array): void {
    if (this.#ending) return;
    this.#services.turns.spend(PUSH_COST);
    if (this.#writing === null && !this.#isMeeting && this.#outbox.isEmpty) {
      // Nothing is before it: it need not wait beside others.
      this.#writing = this.#writeAll(this.#services.clock.monotonicMs(), frame);
      this.#writing.catch(() => this.cut());
      return;
    }
    this.#outbox.push(shelf, frame);
    this.#flushSoon();
  }

  /** Sends a message of its own: one that no newer one replaces, or a reply that came late. */
  tell(request: string, args: readonly WireValue[], id?: number): void {
    if (this.#ending) return;
    if (request !== Request.BOARD_DO && this.#outstanding > 0) this.#outstanding--;
    this.#outbox.reply(encodeMessage(request, args, id));
    this.#services.turns.spend(PUSH_COST);
    this.#flushSoon();
  }

  /** What is pushed of this shelf is for this client. */
  subscribe(shelf: string): void {
    (this.#subscriptions ??= new Set()).add(shelf);
  }

  /** This client has reported the fan speed of this shelf. */
  report(shelf: string): void {
    (this.#reports ??= new Set()).add(shelf);
  }

  /** Stops pushing a shelf. */
  unsubscribe(shelf: string): void {
    this.#subscriptions?.delete(shelf);
    this.#outbox.dropPush(shelf);
  }

  /** Tells the client that this is the end, and why; what follows from it is not read. */
  disconnect(reason: string | null, backInMs?: number): void {
    // Whoever was expelled waits for an answer that nobody owes it now.
    if (this.#isExpelled) return this.cut();
    if (this.#ending) return;
    const args = backInMs === undefined ? [reason] : [reason, backInMs];
    this.#outbox.reply(encodeMessage(Request.DISCONNECT, args));
    this.#ending = true;
    this.#stopResting?.();
    this.#flush().then(() => this.#line.closeWrite()).catch(() => this.cut());
    this.#stopLingering = this.#services.clock.after(LINGER_MS, () => this.cut());
  }

  /**
   * Takes nothing more of a client that has not proved who it is, and tells it only after a while.
   *
   * @param afterMs null: it is cut off without a word.
   * @param id of the request that was the attempt.
   */
  expel(afterMs: number | null, id: number | undefined): void {
    if (this.#ending) return;
    if (afterMs === null) return this.cut();
    this.#ending = true;
    this.#isExpelled = true;
    this.#stopLingering = this.#services.clock.after(afterMs, () => {
      this.#isExpelled = false;
      this.#ending = false;
      this.#outbox.reply(encodeMessage(Request.ERROR, ["denied", UNPROVED], id));
      this.disconnect(UNPROVED);
    });
  }

  /** Closes the line at once. */
  cut(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ending = true;
    this.#stopLingering?.();
    this.#stopResting?.();
    this.#line.close();
  }

  /** Meets what is left, turn by turn and as the client reads. */
  async #meetRest(): Promise<void> {
    const { clock, turns } = this.#services;
    do {
      await this.#flush();
      this.#isGreedy ||= this.#spent > GREEDY_COST;
      if (turns.isOver) await turns.next(this.#rank);
      // What all this took is not the client's silence.
      this.lastHeardMs = clock.monotonicMs();
    } while (!this.#ending && !this.#meetSome());
  }

  get #rank(): Rank {
    if (this.#isGreedy) return "greedy";
    return this.subscriptions.size > 0 ? "agent" : "asker";
  }

  /** Meets frames until none is left, or the turn is over, or too much waits to be written. */
  #meetSome(): boolean {
    const { limits, turns } = this.#services;
    this.#isMeeting = true;
    try {
      while (!turns.isOver && this.#outbox.replyBytes <= limits.outputBytes) {
        const payload = this.#frames.next();
        if (payload === null) {
          this.#markUnfinished();
          return true;
        }
        this.#meet(payload);
        if (this.#ending) return true;
      }
      if (this.#frames.buffered > 0) return false;
      this.#markUnfinished();
      return true;
    } catch (error) {
      if (!(error instanceof CorruptedDataError)) throw error;
      this.#services.counters.corrupted++;
      this.#services.log.info(`${this.peer}: ${error.message}`);
      this.disconnect(shorten(error.message, REASON_CHARACTERS));
      return true;
    } finally {
      this.#isMeeting = false;
    }
  }

  #markUnfinished(): void {
    if (this.#frames.buffered === 0) this.unfinishedSinceMs = null;
    else this.unfinishedSinceMs ??= this.lastHeardMs;
  }

  #meet(payload: Uint8Array): void {
    this.#met++;
    const message = decodeMessage(payload, this.#wireLimits);
    this.unfinishedSinceMs = null;
    if (message.request === Request.DISCONNECT) {
      this.#ending = true;
      return;
    }
    const reply = this.#answer(message);
    if (reply !== null) this.#outbox.reply(reply);
    const extra = EXTRA_COST.get(message.request) ?? 0;
    const cost = 1 + extra + ((reply?.length ?? 0) >> COST_SHIFT);
    this.#spent += cost;
    this.#services.turns.spend(cost);
  }

  /** The frame of the reply, if it is there by now; one that cannot be sent becomes an error. */
  #answer(message: Message): Uint8Array | null {
    const { request, id } = message;
    try {
      if (ANSWERED_LATER.has(request)) this.#checkOutstanding(request);
      const reply = this.#services.handle(this, message);
      if (reply !== null) {
        const [name, args] = reply;
        const isPlain = name === Request.ACK && args.length === 0 && id === undefined;
        return isPlain ? ACKNOWLEDGED : encodeMessage(name, args, id);
      }
      this.#outstanding++;
      return null;
    } catch (error) {
      return encodeMessage(Request.ERROR, this.#errorArgs(request, error), id);
    }
  }

  #checkOutstanding(request: string): void {
    const { limits, counters } = this.#services;
    if (this.#outstanding < limits.outstanding) return;
    counters.outstandingRefused++;
    throw new LimitError(
      `Cannot do "${request}": ${this.#outstanding} requests of this connection wait for their ` +
        'answers; read those first or raise "limits.outstanding"',
    );
  }

  /** Reads no more of a client that sends too fast until it has waited for it. */
  async #keepPace(pace: Pace, bytes: number): Promise<void> {
    const { clock, counters } = this.#services;
    const waitMs = pace.take(this.lastHeardMs, this.#met, bytes);
    if (waitMs === 0 || this.#ending) return;
    counters.throttled++;
    await new Promise<void>((resolve) => {
      const cancel = clock.after(waitMs, resolve);
      this.#stopResting = () => {
        cancel();
        resolve();
      };
    });
    this.#stopResting = null;
    this.lastHeardMs = clock.monotonicMs();
  }

  #errorArgs(request: string, error: unknown): WireValue[] {
    if (error instanceof FandError) return [error.code, error.message];
    this.#services.log.error(`${this.peer}: "${shorten(request)}" failed: ${textOf(error)}`);
    return [
      "internal",
      `Cannot do "${shorten(request)}": an internal error was found; see the server's log`,
    ];
  }

  #flushSoon(): void {
    if (this.#writing === null && !this.#isMeeting) this.#flush().catch(() => this.cut());
  }

  /** @param nowMs spares a look at the clock, which costs as much as a short reply. */
  #flush(nowMs: number = this.#services.clock.monotonicMs()): Promise<void> {
    if (!this.#outbox.isEmpty) this.#writing ??= this.#writeAll(nowMs);
    return this.#writing ?? Promise.resolve();
  }

  async #writeAll(nowMs: number, first: Uint8Array | null = this.#outbox.take()): Promise<void> {
    this.writingSinceMs = nowMs;
    try {
      for (let bytes = first; bytes !== null; bytes = this.#outbox.take()) {
        let written = 0;
        while (written < bytes.length) {
          written += await this.#line.write(bytes.subarray(written));
        }
        if (!this.#outbox.isEmpty) this.writingSinceMs = this.#services.clock.monotonicMs();
      }
    } finally {
      // In the same step as the last look into the outbox, so that nothing can be left in it.
      this.#writing = null;
      this.writingSinceMs = null;
    }
  }

  /** Reads and forgets what still comes: closing on unread bytes would destroy our last words. */
  async #linger(): Promise<void> {
    try {
      while (!this.#closed && await this.#line.read(this.#buffer) !== null);
    } catch {
      // The client has gone, or its time was up.
    }
  }

  #growBuffer(): void {
    if (this.#buffer.length >= LARGEST_BUFFER_BYTES) return;
    this.#buffer = new Uint8Array(this.#buffer.length * 4);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
