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

/** One timer for all subscribers; a frame is encoded once for all of a shelf's. */
export class Announcer {
  readonly subscriptions: Subscriptions = new Subscriptions();
  readonly #clock: Clock;
  #epoch: number;
  /** Of the last announcement; one count for all shelves, which outlives them at a reload. */
  #sequence = 0;
  #cancel: () => void = () => {};

  /** @param epoch grows with every start of the server, so that agents can tell old from new. */
  constructor(clock: Clock, epoch: number) {
    this.#clock = clock;
    this.#epoch = epoch;
  }

  /** The epoch that is announced. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Takes an epoch above one that agents have granted to another server. */
  claim(granted: number): void {
    this.#epoch = Math.max(this.#epoch, granted + 1);
  }

  /** Begins the heartbeat over the shelves of `controller`, in the place of an earlier one. */
  start(controller: Controller, heartbeatMs: number): void {
    this.#cancel();
    this.#cancel = this.#clock.after(heartbeatMs, () => {
      for (const name of this.subscriptions.shelves()) {
        const shelf = controller.shelves.get(name);
        if (shelf !== undefined) this.announce(shelf);
      }
      this.start(controller, heartbeatMs);
    });
  }

  stop(): void {
    this.#cancel();
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
