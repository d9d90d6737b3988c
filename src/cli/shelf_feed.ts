/**
 * The statuses of shelves as they change: the server says when, by pushing duties, and is then
 * asked for the rest.
 *
 * @module
 */
import { Request } from "../wire/request.ts";
import { isWireMap, type WireValue } from "../wire/value.ts";
import { type Incoming, refusal, type ServerSession, unexpected } from "./session.ts";

/** Subscriptions that may be on their way at once: a server need not queue thousands of pushes. */
const MAX_PENDING_SUBSCRIPTIONS = 64;

/** What one round of asking brought. */
export interface FeedRound {
  /** The statuses, as they came. */
  entries: WireValue[];
  /** The shelves that the server had announced since the round before. */
  announced: ReadonlySet<string>;
}

/** Follows shelves over one session. */
export class ShelfFeed {
  readonly #session: ServerSession;
  readonly #followsAll: boolean;
  readonly #known = new Set<string>();
  readonly #toSubscribe: string[] = [];
  #pendingSubscriptions = 0;
  #announced = new Set<string>();
  /** Questions of this round that are still to be sent. */
  #questions: WireValue[][] = [];
  #entries: WireValue[] = [];
  #answering = new Set<string>();

  /**
   * @param shelves What to follow.
   * @param followsAll These are all shelves of the server, so one question covers them, and
   * shelves that it tells about later are followed too.
   */
  constructor(session: ServerSession, shelves: readonly string[], followsAll: boolean) {
    this.#session = session;
    this.#followsAll = followsAll;
    for (const shelf of shelves) this.#follow(shelf);
  }

  /** The shelves that are followed. */
  get shelves(): ReadonlySet<string> {
    return this.#known;
  }

  /** The next round; waits for the server's next announcement. */
  async next(): Promise<FeedRound> {
    for (;;) {
      await this.#subscribeMore();
      const round = await this.#take(await this.#session.receive());
      if (round !== null) return round;
    }
  }

  async #take([request, args]: Incoming): Promise<FeedRound | null> {
    switch (request) {
      case Request.ACK:
        this.#pendingSubscriptions--;
        return null;
      case Request.DUTY:
      case Request.PENDING:
        if (typeof args[0] === "string") this.#announced.add(args[0]);
        if (this.#answering.size === 0) await this.#ask();
        return null;
      case Request.STATUS:
        return await this.#answer(args);
      case Request.ERROR:
        throw refusal(Request.SUBSCRIBE, args);
      default:
        throw unexpected(Request.SUBSCRIBE, [request, args]);
    }
  }

  async #ask(): Promise<void> {
    this.#answering = this.#announced;
    this.#announced = new Set();
    this.#questions = this.#followsAll ? [[null]] : [...this.#answering].map((shelf) => [shelf]);
    await this.#askNext();
  }

  async #askNext(): Promise<void> {
    const question = this.#questions.shift();
    if (question !== undefined) await this.#session.send(Request.STATUS, ...question);
  }

  async #answer(args: WireValue[]): Promise<FeedRound | null> {
    const [entries, next = null]: (WireValue | undefined)[] = args;
    if (!Array.isArray(entries) || !(next === null || typeof next === "string")) {
      throw unexpected(Request.STATUS, [Request.STATUS, args]);
    }
    this.#entries.push(...entries);
    if (this.#followsAll) {
      for (const entry of entries) {
        if (isWireMap(entry) && typeof entry.shelf === "string") this.#follow(entry.shelf);
      }
    }
    if (next !== null) this.#questions.unshift([null, next]);
    if (this.#questions.length > 0) {
      await this.#askNext();
      return null;
    }
    const round = { entries: this.#entries, announced: this.#answering };
    this.#entries = [];
    this.#answering = new Set();
    if (this.#announced.size > 0) await this.#ask();
    return round;
  }

  async #subscribeMore(): Promise<void> {
    while (this.#pendingSubscriptions < MAX_PENDING_SUBSCRIPTIONS) {
      const shelf = this.#toSubscribe.shift();
      if (shelf === undefined) return;
      this.#pendingSubscriptions++;
      await this.#session.send(Request.SUBSCRIBE, shelf);
    }
  }

  #follow(shelf: string): void {
    if (this.#known.has(shelf)) return;
    this.#known.add(shelf);
    this.#toSubscribe.push(shelf);
  }
}
