/**
 * Who is told when a shelf's duty changes.
 *
 * @module
 */

import type { Session } from "./session.ts";

/** The sessions that subscribe to each shelf. */
export class Subscriptions {
  readonly #byShelf = new Map<string, Set<Session>>();

  /** Adds a session to a shelf's subscribers; twice is once. */
  add(shelf: string, session: Session): void {
    const sessions = this.#byShelf.get(shelf);
    if (sessions === undefined) this.#byShelf.set(shelf, new Set([session]));
    else sessions.add(session);
    session.subscribe(shelf);
  }

  /** Takes a session off one shelf. */
  remove(shelf: string, session: Session): void {
    const sessions = this.#byShelf.get(shelf);
    sessions?.delete(session);
    if (sessions?.size === 0) this.#byShelf.delete(shelf);
    session.unsubscribe(shelf);
  }

  /** Takes a session that has ended off every shelf. */
  removeAll(session: Session): void {
    for (const shelf of [...session.subscriptions]) this.remove(shelf, session);
  }

  /** The shelves that somebody subscribes to, and who does. */
  get byShelf(): ReadonlyMap<string, ReadonlySet<Session>> {
    return this.#byShelf;
  }

  /** Pushes one frame, encoded once, to every subscriber of a shelf. */
  publish(shelf: string, encode: () => Uint8Array): void {
    const sessions = this.#byShelf.get(shelf);
    if (sessions === undefined) return;
    const frame = encode();
    for (const session of sessions) session.push(shelf, frame);
  }
}
