/**
 * The statuses of shelves as they change: the server says when, by pushing duties, and is then
 * asked for the rest.
 *
 * @module
 */
import { Request } from "../wire/request.ts";
import type { WireValue } from "../wire/value.ts";
import { readPage } from "./pages.ts";
import { type Incoming, refusal, type ServerSession, unexpected } from "./session.ts";
import { type ShelfEntry, shelfEntry } from "./shelf_entry.ts";

/** Subscriptions that may be on their way at once: a server need not queue thousands of pushes. */
const MAX_PENDING_SUBSCRIPTIONS = 64;

/** What one round of asking brought. */
export interface FeedRound {
  entries: readonly ShelfEntry[];
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
  /** The round that the server is being asked for. */
  #round: { questions: WireValue[][]; entries: ShelfEntry[]; announced: Set<string> } | null = null;

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
      if (this.#round === null && this.#announced.size > 0) await this.#beginRound();
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
        return null;
      case Request.STATUS:
        return await this.#takeStatus(args);
      case Request.ERROR:
        throw refusal(Request.SUBSCRIBE, args);
      default:
        throw unexpected(Request.SUBSCRIBE, [request, args]);
    }
  }

  async #beginRound(): Promise<void> {
    const announced = this.#announced;
    this.#announced = new Set();
    const questions = this.#followsAll ? [[null]] : [...announced].map((shelf) => [shelf]);
    this.#round = { questions, entries: [], announced };
    await this.#askNext(questions);
  }

  async #askNext(questions: WireValue[][]): Promise<void> {
    await this.#session.send(Request.STATUS, ...questions.shift() ?? [null]);
  }

  async #takeStatus(args: WireValue[]): Promise<FeedRound | null> {
    const round = this.#round;
    if (round === null) throw unexpected(Request.SUBSCRIBE, [Request.STATUS, args]);
    const { entries, next } = readPage(Request.STATUS, args);
    round.entries.push(...entries.map(shelfEntry));
    if (next !== null) round.questions.unshift([null, next]);
    if (round.questions.length > 0) {
      await this.#askNext(round.questions);
      return null;
    }
    if (this.#followsAll) { for (const { name } of round.entries) this.#follow(name); }
    this.#round = null;
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
