/**
 * Tells the journal who has changed what. One who changes things without end cannot push out what
 * others did: beyond a limit his changes are only counted.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { AuditEntry } from "../journal/audit_table.ts";
import { shorten } from "../requests/shorten.ts";

/** Who has changed something. */
export interface Actor {
  /** The name that was proved. */
  readonly who: string | null;
  /** What it calls itself. */
  readonly client: string | null;
  readonly from: string;
  /** By what its changes are counted, when it has proved no name. */
  readonly host: string;
}

/** What was changed. */
export type AuditedChange = Pick<AuditEntry, "what" | "about" | "before" | "after">;

/** The server itself, as when a time is up or its operator sends a signal. */
export const SERVER_ACTOR: Actor = { who: null, client: null, from: "server", host: "server" };

/** Changes of one actor within a minute that are told one by one. */
export const MOST_A_MINUTE = 120;
/** Actors that are told apart; all others together count as one. */
const MOST_ACTORS = 256;
const MINUTE_MS = 60_000;
const MOST_NAME = 128;
const MOST_TEXT = 1000;

/** What one actor has done within its minute. */
interface Count {
  readonly actor: Actor;
  sinceMs: number;
  told: number;
  omitted: number;
}

/** Where changes go. */
export class Audit {
  /** Since the start. */
  readonly counters: { recorded: number; omitted: number } = { recorded: 0, omitted: 0 };
  readonly #clock: Clock;
  readonly #keep: (entry: AuditEntry) => void;
  readonly #counts = new Map<string, Count>();

  /** @param keep takes what is to be kept. */
  constructor(clock: Clock, keep: (entry: AuditEntry) => void) {
    this.#clock = clock;
    this.#keep = keep;
  }

  /** Something has been changed. */
  record(actor: Actor, change: AuditedChange): void {
    const count = this.#count(actor);
    if (count.told < MOST_A_MINUTE) {
      count.told++;
      return this.#tell(actor, change);
    }
    count.omitted++;
    this.counters.omitted++;
  }

  /** Tells how many changes were not told one by one until now. */
  flush(): void {
    for (const count of this.#counts.values()) this.#flush(count);
  }

  #count(actor: Actor): Count {
    const nowMs = this.#clock.monotonicMs();
    const wanted = actor.who === null ? `host ${actor.host}` : `name ${actor.who}`;
    const isKnown = this.#counts.has(wanted);
    if (!isKnown && this.#counts.size >= MOST_ACTORS) this.#forgetOld(nowMs);
    const key = isKnown || this.#counts.size < MOST_ACTORS ? wanted : "others";
    const known = this.#counts.get(key);
    if (known !== undefined && nowMs - known.sinceMs < MINUTE_MS) return known;
    if (known !== undefined) this.#flush(known);
    const fresh = { actor, sinceMs: nowMs, told: 0, omitted: 0 };
    this.#counts.set(key, fresh);
    return fresh;
  }

  #forgetOld(nowMs: number): void {
    for (const [key, count] of this.#counts) {
      if (nowMs - count.sinceMs < MINUTE_MS) continue;
      this.#flush(count);
      this.#counts.delete(key);
    }
  }

  #flush(count: Count): void {
    if (count.omitted === 0) return;
    const after = `${count.omitted} changes more, not told one by one`;
    this.#tell(count.actor, { what: "more", about: null, before: null, after });
    count.omitted = 0;
  }

  #tell({ who, client, from }: Actor, { what, about, before, after }: AuditedChange): void {
    this.counters.recorded++;
    this.#keep({
      atMs: this.#clock.wallMs(),
      who: cut(who, MOST_NAME),
      client: cut(client, MOST_NAME),
      from: shorten(from, MOST_NAME),
      what: shorten(what, MOST_NAME),
      about: cut(about, MOST_NAME),
      before: cut(before, MOST_TEXT),
      after: cut(after, MOST_TEXT),
    });
  }
}

function cut(text: string | null, most: number): string | null {
  return text === null ? null : shorten(text, most);
}
