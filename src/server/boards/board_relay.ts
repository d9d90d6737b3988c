/**
 * Which boards there are, and what is asked of them: an agent announces its board, and what a
 * client asks of it is handed on to that agent. The server knows none of the actions and does
 * none of them.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import {
  BadArgumentsError,
  BoardError,
  BoardNotFoundError,
  LimitError,
  ShelfNotOwnerError,
} from "../../errors.ts";
import { Request } from "../../wire/request.ts";
import type { WireMap, WireValue } from "../../wire/value.ts";
import type { Reply } from "../sessions/session.ts";
import { shorten } from "../requests/shorten.ts";

/** A client, as far as boards are concerned. */
export interface BoardPeer {
  /** Host and port. */
  readonly peer: string;
  /** Sends it a message; nothing happens when it is gone. */
  tell(request: string, args: readonly WireValue[], id?: number): void;
}

/** What is asked of a board. */
export interface BoardTask {
  readonly name: string;
  readonly action: string;
  readonly args: WireMap;
}

/** What an agent has been asked for and not answered yet. */
interface Relay {
  readonly board: string;
  readonly owner: BoardPeer;
  readonly asker: BoardPeer;
  readonly id: number | undefined;
  readonly cancel: () => void;
  readonly done: (() => void) | undefined;
}

/** An agent that has not answered by then is not waited for. */
export const RELAY_MS = 5000;
/** Tasks that one board may have under way. */
export const MOST_TASKS_OF_BOARD = 8;
/** Tasks that all boards together may have under way. */
export const MOST_TASKS = 256;
const MOST_NAME_BYTES = 64;
/** Control characters would spoil every terminal and log that shows the name. */
const UNPRINTABLE = /\p{Cc}|\p{Zl}|\p{Zp}/u;

/** The boards of a server and what they are asked for. A session announces one board. */
export class BoardRelay {
  readonly #clock: Clock;
  readonly #boards = new Map<string, { owner: BoardPeer; info: WireMap }>();
  readonly #nameOf = new Map<BoardPeer, string>();
  readonly #relays = new Map<number, Relay>();
  #sorted: string[] | null = null;
  #lastTicket = 0;

  /** A relay without boards. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The names of all boards, sorted. */
  get names(): readonly string[] {
    return this.#sorted ??= [...this.#boards.keys()].sort();
  }

  /** What the board of this client is called, once it has announced one. */
  nameOf(owner: BoardPeer): string | undefined {
    return this.#nameOf.get(owner);
  }

  /** What `boards` tells of one. */
  entry(name: string): WireMap {
    const { owner, info } = this.#board(name);
    return { ...info, name, peer: owner.peer };
  }

  /**
   * Takes what an agent says of its board, in the place of what it said before.
   *
   * @throws {BadArgumentsError} For a name that is none.
   * @throws {ShelfNotOwnerError} When another connection has announced a board of that name.
   */
  announce(owner: BoardPeer, name: string, info: WireMap): void {
    const bytes = new TextEncoder().encode(name).length;
    if (bytes < 1 || bytes > MOST_NAME_BYTES || UNPRINTABLE.test(name)) {
      throw new BadArgumentsError(
        `Cannot take the board "${shorten(name)}": its name has ${bytes} bytes or characters ` +
          `that do not print; give it 1 to ${MOST_NAME_BYTES} that do`,
      );
    }
    const known = this.#boards.get(name);
    if (known !== undefined && known.owner !== owner) {
      throw new ShelfNotOwnerError(
        `Cannot take the board "${name}": ${known.owner.peer} has announced one of that name; ` +
          "give this one another",
      );
    }
    const before = this.#nameOf.get(owner);
    if (before !== undefined && before !== name) this.#boards.delete(before);
    if (before !== name) this.#sorted = null;
    this.#nameOf.set(owner, name);
    this.#boards.set(name, { owner, info });
  }

  /**
   * Hands a task on to the board's agent; the asker gets the answer, or an error when none comes
   * in time.
   *
   * @param id Of the request, for its reply.
   * @param done Is called when the agent says that it is done.
   * @throws {BoardNotFoundError}
   * @throws {LimitError} When too many tasks are under way.
   */
  ask(
    asker: BoardPeer,
    id: number | undefined,
    { name, action, args }: BoardTask,
    done?: () => void,
  ): void {
    const { owner } = this.#board(name);
    const waiting = this.#relays.values().filter((relay) => relay.owner === owner).toArray().length;
    if (waiting >= MOST_TASKS_OF_BOARD || this.#relays.size >= MOST_TASKS) {
      throw new LimitError(
        `Cannot ask board "${name}": ${waiting} tasks of it and ${this.#relays.size} in all are ` +
          "under way; ask again when they are done",
      );
    }
    const ticket = ++this.#lastTicket;
    const cancel = this.#clock.after(RELAY_MS, () => {
      const seconds = RELAY_MS / 1000;
      this.#fail(ticket, `its agent has not answered within ${seconds} s; look at the agent's log`);
    });
    this.#relays.set(ticket, { board: name, owner, asker, id, cancel, done });
    owner.tell(Request.BOARD_DO, [ticket, action, args]);
  }

  /**
   * Passes an agent's answer on. One that comes too late, or from somebody who was not asked, is
   * dropped.
   */
  done(owner: BoardPeer, ticket: number, [reply, args]: Reply): void {
    const relay = this.#relays.get(ticket);
    if (relay === undefined || relay.owner !== owner) return;
    this.#relays.delete(ticket);
    relay.cancel();
    if (reply === Request.BOARD_DONE) relay.done?.();
    relay.asker.tell(reply, args, relay.id);
  }

  /** A client has gone: so has its board, and nobody needs what it asked for. */
  forget(peer: BoardPeer): void {
    const name = this.#nameOf.get(peer);
    if (name !== undefined) {
      this.#boards.delete(name);
      this.#nameOf.delete(peer);
      this.#sorted = null;
    }
    for (const [ticket, { owner, asker, cancel }] of [...this.#relays]) {
      if (owner === peer) this.#fail(ticket, "its agent has gone; ask again when it is back");
      else if (asker === peer) {
        cancel();
        this.#relays.delete(ticket);
      }
    }
  }

  #fail(ticket: number, found: string): void {
    const relay = this.#relays.get(ticket);
    if (relay === undefined) return;
    const { code, message } = new BoardError(`Cannot ask board "${relay.board}": ${found}`);
    this.done(relay.owner, ticket, [Request.ERROR, [code, message]]);
  }

  #board(name: string): { owner: BoardPeer; info: WireMap } {
    const board = this.#boards.get(name);
    if (board !== undefined) return board;
    throw new BoardNotFoundError(
      `Cannot find board "${shorten(name)}": agents have announced ${this.#boards.size} boards; ` +
        'see them with "boards"',
    );
  }
}
