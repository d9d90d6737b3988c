/**
 * Tells subscribers the duty of their shelves: at once, on change, and as a heartbeat.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { encodeMessage } from "../../wire/message.ts";
import { Request } from "../../wire/request.ts";
import type { Controller } from "./controller.ts";
import type { ServedShelf } from "./served_shelf.ts";
import { urgentPercent } from "./duty.ts";
import { Subscriptions } from "../sessions/subscriptions.ts";
import type { Turns } from "../sessions/turns.ts";
import { Wheel } from "./wheel.ts";

/** One timer for all subscribers; a frame is encoded once for all of a shelf's. */
export class Announcer {
  readonly subscriptions: Subscriptions = new Subscriptions();
  readonly #clock: Clock;
  readonly #turns: Turns;
  readonly #wheel: Wheel;
  #epoch: number;
  /** Of the last announcement; one count for all shelves, which outlives them at a reload. */
  #sequence = 0;
  #controller: Controller | null = null;
  /** Shelves whose change is still to be told. */
  readonly #changed = new Set<string>();
  #telling: Promise<void> | null = null;

  /** @param epoch grows with every start of the server, so that agents can tell old from new. */
  constructor(clock: Clock, epoch: number, turns: Turns) {
    this.#clock = clock;
    this.#epoch = epoch;
    this.#turns = turns;
    this.#wheel = new Wheel(clock, this.subscriptions.byShelf, (name) => this.#announce(name));
  }

  /** The epoch that is announced. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Takes an epoch above one that agents have granted to another server. */
  claim(granted: number): void {
    this.#epoch = Math.max(this.#epoch, granted + 1);
  }

  /** Announces the shelves of `controller` from now on, each at least once a heartbeat. */
  start(controller: Controller, heartbeatMs: number): void {
    this.#controller = controller;
    this.#wheel.turn(heartbeatMs);
  }

  stop(): void {
    this.#wheel.stop();
    this.#changed.clear();
  }

  /** Pushes what a tick has changed: at once what one turn takes, and the rest in the next. */
  announceChanges(names: readonly string[]): void {
    for (const name of names) {
      if (this.subscriptions.byShelf.has(name)) this.#changed.add(name);
    }
    this.#tellChanges();
    if (this.#changed.size > 0) this.#telling ??= this.#tellRest();
  }

  #tellChanges(): void {
    for (const name of this.#changed) {
      if (this.#turns.isOver) return;
      this.#announce(name);
    }
  }

  async #tellRest(): Promise<void> {
    while (this.#changed.size > 0) {
      await this.#turns.next("duty");
      this.#tellChanges();
      this.#turns.passOn();
    }
    this.#telling = null;
  }

  #announce(name: string): void {
    this.#changed.delete(name);
    const shelf = this.#controller?.shelves.get(name);
    if (shelf !== undefined) this.announce(shelf);
  }

  /** Pushes a shelf's state to its subscribers. */
  announce(shelf: ServedShelf): void {
    this.subscriptions.publish(shelf.name, () => this.frame(shelf));
  }

  /**
   * The push of a shelf's state: `pending` while it waits for its first readings, so that an
   * agent keeps the duty of the server before this one until that runs out; else `duty`.
   */
  frame(shelf: ServedShelf): Uint8Array {
    const nowMs = this.#clock.monotonicMs();
    const duty = shelf.duty(nowMs);
    if (shelf.decision.pending && duty.fault === null) {
      return encodeMessage(Request.PENDING, [shelf.name]);
    }
    shelf.sequence = ++this.#sequence;
    return encodeMessage(Request.DUTY, [
      shelf.name,
      duty.percent,
      this.#epoch,
      shelf.sequence,
      Math.round(duty.ageMs),
      Math.max(1, Math.floor(duty.ttlMs)),
      urgentPercent(shelf.decision, duty),
      Math.round(nowMs),
    ]);
  }
}
