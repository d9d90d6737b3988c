/**
 * Orders by hand: checked, decided at once, kept across restarts.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import {
  changeExpiry,
  createOverride,
  type Override,
  restoreOverride,
} from "../../control/engine/override.ts";
import { FULL_PERCENT } from "../../control/percent.ts";
import type { Log } from "../../log.ts";
import type { Controller } from "./controller.ts";
import type { ServedShelf } from "./served_shelf.ts";
import type { Store } from "../store/store.ts";

/** An override as a request asks for it; null percent takes it back. */
export interface OverrideRequest {
  readonly percent: number | null;
  readonly expire: Date | null;
  readonly forced: boolean;
  /** Who asks for it, in words. */
  readonly owner: string;
  /** Why, in words. */
  readonly reason: string | null;
}

/** What keeps an override from being the result: the duty that holds, and why. */
export interface OverrideLimit {
  readonly percent: number;
  readonly text: string;
}

/** The overrides of all shelves. */
export class Overrides {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Log;

  constructor(store: Store, clock: Clock, log: Log) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * Gives the shelves back what was in force when the last server stopped. Those of `before`,
   * which served until now, have theirs: its end must not follow a wall clock that was set.
   */
  restore(controller: Controller, before: ReadonlyMap<string, ServedShelf> = new Map()): void {
    for (const stored of this.#store.loadOverrides()) {
      if (before.has(stored.shelf)) continue;
      const shelf = controller.shelves.get(stored.shelf);
      const override = restoreOverride(stored, this.#now());
      if (override === null) continue;
      if (shelf !== undefined) controller.order(shelf, override);
      else this.#sayHomeless(stored.shelf);
    }
  }

  #sayHomeless(shelf: string): void {
    this.#log.warn(
      `An override of shelf "${shelf}" is stored, and there is no such shelf; ` +
        "it comes back with a shelf of that name",
    );
  }

  /**
   * Sets or takes back an override; the old one's expiry ends with it.
   *
   * @returns the limit in force, or null.
   * @throws {ShelfPwmBadValueError}
   * @throws {ShelfPwmExpireBadValueError}
   */
  set(
    controller: Controller,
    shelf: ServedShelf,
    order: OverrideRequest,
  ): OverrideLimit | null {
    const expiresAt = order.expire?.getTime() ?? null;
    const { percent, forced, owner, reason } = order;
    const override = percent === null
      ? null
      : createOverride({ percent, expiresAt, forced, owner, reason }, this.#now());
    return this.#apply(controller, shelf, override, owner);
  }

  /**
   * Sets or takes away the end of the override in force.
   *
   * @throws {ShelfNoOverrideError}
   * @throws {ShelfPwmExpireBadValueError}
   */
  setExpiry(
    controller: Controller,
    shelf: ServedShelf,
    expire: Date | null,
    by: string,
  ): OverrideLimit | null {
    const override = changeExpiry(shelf.override, expire?.getTime() ?? null, this.#now());
    return this.#apply(controller, shelf, override, by);
  }

  /** Stores first: what is acknowledged survives. */
  #apply(
    controller: Controller,
    shelf: ServedShelf,
    override: Override | null,
    by: string,
  ): OverrideLimit | null {
    try {
      this.#store.saveOverride(shelf.name, override);
    } catch (error) {
      // A full disk keeps nobody from lifting a duty; who asks is told that it may come back.
      if (lifts(shelf.override, override)) controller.order(shelf, override);
      throw error;
    }
    controller.order(shelf, override);
    const said = override === null ? "none" : `${override.percent} %`;
    const why = override?.reason ? ` (${override.reason})` : "";
    this.#log.info(`Override of shelf "${shelf.name}" is now ${said}, by ${by}${why}`);
    const { limit, percent } = shelf.decision;
    return limit === null ? null : { percent, text: limit };
  }

  #now(): { monotonicMs: number; wallMs: number } {
    return { monotonicMs: this.#clock.monotonicMs(), wallMs: this.#clock.wallMs() };
  }
}

/** Whether `after` lets go of what `before` holds down, or raises it. */
function lifts(before: Override | null, after: Override | null): boolean {
  return after === null || (!after.forced && after.percent >= (before?.percent ?? FULL_PERCENT));
}
