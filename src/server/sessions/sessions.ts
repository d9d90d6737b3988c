/**
 * All clients of one server: who is let in, who has to go, and who is told what.
 *
 * @module
 */

import type { Grant } from "../access/grant.ts";
import type { Arrival, Door, Origin } from "../doors/door.ts";
import { Session, type SessionServices } from "./session.ts";

/** The limits that the whole of the sessions keeps; each has a counter beside it. */
export interface SessionLimits {
  /** Connections at one time. */
  readonly clients: number;
  /** Connections at one time from one address of another machine. */
  readonly clientsPerAddress: number;
  /** A client that asks nothing and subscribes to nothing is told to go after this long. */
  readonly idleMs: number;
  /** The rest of a frame must come within this time of its first byte. */
  readonly frameMs: number;
  /** A client that does not read what was written to it is cut off after this long. */
  readonly writeMs: number;
  /** A subscriber that has reported a fan and then says nothing for this long has gone. */
  readonly agentMs: number;
}

/** How often all clients are looked at; one timer for all of them. */
const SWEEP_MS = 500;
/** A pause after an `accept` that failed, so that a lack of descriptors does not spin. */
const ACCEPT_PAUSE_MS = 100;
/** What it costs to let somebody in, as `Turns` counts: about as much as so many requests. */
const ARRIVAL_COST = 30;
/** So many refused clients are told why at one time; those beyond are closed without a word. */
const MOST_REFUSED = 64;

/** Accepts connections and keeps them within the limits. */
export class Sessions {
  readonly #doors: readonly Door[];
  readonly #services: SessionServices;
  readonly #limits: SessionLimits;
  readonly #onEnd: (session: Session) => void;
  readonly #sessions = new Map<Session, Promise<void>>();
  readonly #refused = new Map<Session, Promise<void>>();
  /** How many clients of each address of another machine are connected. */
  readonly #perAddress = new Map<string, number>();
  #stopped = false;
  #cancelSweep: () => void = () => {};

  constructor(
    doors: readonly Door[],
    services: SessionServices,
    limits: SessionLimits,
    onEnd: (session: Session) => void,
  ) {
    this.#doors = doors;
    this.#services = services;
    this.#limits = limits;
    this.#onEnd = onEnd;
  }

  /** How many clients are connected. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Accepts clients until {@link stop}. */
  async run(): Promise<void> {
    this.#sweepLater();
    await Promise.all(this.#doors.map((door) => this.#keep(door)));
  }

  /** Tells every client why, closes every line and waits until all are closed. */
  async stop(reason: string, backInMs?: number): Promise<void> {
    this.#stopped = true;
    this.#cancelSweep();
    for (const door of this.#doors) door.close();
    for (const session of this.#sessions.keys()) session.disconnect(reason, backInMs);
    await Promise.all([...this.#sessions.values(), ...this.#refused.values()]);
    this.#services.turns.stop();
  }

  /**
   * Other rules are in force for who may do what.
   *
   * @param again tells what a client may do now, and null when it has to go.
   */
  admitAgain(again: (origin: Origin, before: Grant) => Grant | null): void {
    for (const session of this.#sessions.keys()) {
      const { origin, grant: before } = session;
      const grant = again(origin, before);
      // What is pushed to an agent was allowed by its shelves.
      const isMoved = grant?.role === "agent" && `${grant.shelves}` !== `${before.shelves}`;
      if (grant !== null && !isMoved) session.grant = grant;
      else this.#end(session, "Cannot go on: the server's [[client]] has changed; connect again");
    }
  }

  async #keep(door: Door): Promise<void> {
    const { turns } = this.#services;
    while (!this.#stopped) {
      try {
        const arrival = await door.accept();
        if (turns.isOver) await turns.next("arrival");
        if (this.#stopped) arrival.line.close();
        else this.#admit(arrival);
        turns.spend(ARRIVAL_COST);
        turns.passOn();
      } catch (error) {
        if (this.#stopped) return;
        this.#services.counters.acceptFailed++;
        this.#services.log.warn(`Cannot accept a client: ${error}; trying again`);
        await new Promise<void>((done) => this.#services.clock.after(ACCEPT_PAUSE_MS, done));
      }
    }
  }

  #admit(arrival: Arrival): void {
    const { counters } = this.#services;
    const { clients, clientsPerAddress } = this.#limits;
    const { host, isLocal } = arrival.origin;
    if (this.#sessions.size >= clients) {
      counters.refused++;
      const reason = `${clients} clients are connected; try again later or raise "limits.clients"`;
      return this.#refuse(arrival, reason);
    }
    const ofAddress = this.#perAddress.get(host) ?? 0;
    if (!isLocal && ofAddress >= clientsPerAddress) {
      counters.refusedByAddress++;
      const reason = `${ofAddress} clients of ${host} are connected; ` +
        'close some or raise "limits.clients_per_address"';
      return this.#refuse(arrival, reason);
    }
    counters.accepted++;
    if (!isLocal) this.#perAddress.set(host, ofAddress + 1);
    this.#serve(arrival, this.#sessions);
  }

  #refuse(arrival: Arrival, reason: string): void {
    if (this.#refused.size >= MOST_REFUSED) return arrival.line.close();
    this.#end(this.#serve(arrival, this.#refused), `Cannot serve this client: ${reason}`);
  }

  #leave({ origin: { host, isLocal } }: Session): void {
    if (isLocal) return;
    const left = (this.#perAddress.get(host) ?? 1) - 1;
    if (left > 0) this.#perAddress.set(host, left);
    else this.#perAddress.delete(host);
  }

  #serve(arrival: Arrival, among: Map<Session, Promise<void>>): Session {
    const session = new Session(arrival, this.#services);
    const ended = session.run().finally(() => {
      if (among === this.#sessions) this.#leave(session);
      among.delete(session);
      this.#onEnd(session);
    });
    among.set(session, ended);
    return session;
  }

  #end(session: Session, reason: string): void {
    this.#services.log.info(`${session.peer}: ${reason}`);
    session.disconnect(reason);
  }

  #sweepLater(): void {
    const { clock } = this.#services;
    const dueMs = clock.monotonicMs() + SWEEP_MS;
    this.#cancelSweep = clock.after(SWEEP_MS, () => {
      const nowMs = clock.monotonicMs();
      // What clients did while this process stood still is not read yet: judge them next time.
      const stoodStill = nowMs - dueMs > SWEEP_MS;
      if (!stoodStill) { for (const session of this.#sessions.keys()) this.#sweep(session, nowMs); }
      this.#sweepLater();
    });
  }

  #sweep(session: Session, nowMs: number): void {
    const { idleMs, frameMs, writeMs, agentMs } = this.#limits;
    if (session.isEnding) return;
    if (isOver(session.writingSinceMs, writeMs, nowMs)) {
      this.#services.counters.writeLate++;
      this.#services.log.info(`${session.peer}: cut off: it has not read for ${writeMs} ms`);
      session.cut();
    } else if (isOver(session.unfinishedSinceMs, frameMs, nowMs)) {
      this.#services.counters.frameLate++;
      this.#end(session, `Cannot wait: a frame is unfinished after ${frameMs} ms; send it whole`);
    } else if (session.subscriptions.size === 0 && isOver(session.lastHeardMs, idleMs, nowMs)) {
      this.#services.counters.idleClosed++;
      this.#end(session, `Cannot wait: no request within ${idleMs} ms; connect again when needed`);
    } else if (isAgent(session) && isOver(session.lastHeardMs, agentMs, nowMs)) {
      this.#services.counters.agentSilent++;
      this.#end(session, `Cannot wait: no report within ${agentMs} ms; connect again`);
    }
  }
}

/** Who follows a shelf and reports its fans says something every second; others need not. */
function isAgent({ subscriptions, reports }: Session): boolean {
  return subscriptions.size > 0 && reports.size > 0;
}

function isOver(sinceMs: number | null, limitMs: number, nowMs: number): boolean {
  return sinceMs !== null && nowMs - sinceMs > limitMs;
}
