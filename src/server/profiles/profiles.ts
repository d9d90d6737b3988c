/**
 * Which profile is in force: by hand, because of a rig, or by its schedule.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import {
  NORMAL_PROFILE,
  type ProfileInForce,
  profileInForce,
  type ProfileSource,
} from "../../control/profile/profile.ts";
import { ProfileNotFoundError, ShelfPwmExpireBadValueError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../store/store.ts";
import type { ProfileConfig } from "../../config/profile_config.ts";
import { Schedule } from "../../config/schedule.ts";

/** A profile as somebody orders it. */
export interface ProfileOrder {
  readonly name: string;
  /** Milliseconds since the Unix epoch; null: for as long as the profile may. */
  readonly expiresAt: number | null;
  readonly owner: string;
  readonly reason: string | null;
}

/** A schedule whose last answer still holds, from and until when (ms since the Unix epoch). */
interface Scheduled {
  readonly profile: ProfileConfig;
  readonly schedule: Schedule;
  askedMs: number;
  holdsUntilMs: number;
  untilMs: number | null;
}

const NORMAL: ProfileConfig = { ...NORMAL_PROFILE, schedule: null };

/** The profiles of one configuration and who wants which of them. */
export class Profiles {
  readonly #known: ReadonlyMap<string, ProfileConfig>;
  readonly #scheduled: readonly Scheduled[];
  readonly #orders = new Map<ProfileSource, ProfileInForce>();
  readonly #parts: { clock: Clock; store: Store; log: Log };

  /** @param before The profiles of the configuration until now: their orders stay in force. */
  constructor(
    profiles: readonly ProfileConfig[],
    parts: { clock: Clock; store: Store; log: Log },
    before?: Profiles,
  ) {
    this.#known = new Map([NORMAL, ...profiles].map((each) => [each.name, each]));
    this.#scheduled = profiles.flatMap((profile) =>
      profile.schedule === null ? [] : [{
        profile,
        schedule: new Schedule(profile.schedule),
        askedMs: Infinity,
        holdsUntilMs: -Infinity,
        untilMs: null,
      }]
    );
    this.#parts = parts;
    if (before === undefined) this.#restore();
    else this.#inherit(before.#orders);
  }

  /** Every profile that can be ordered, `normal` first. */
  get all(): readonly ProfileConfig[] {
    return [...this.#known.values()];
  }

  /**
   * Puts a profile in force until its time is up. It takes the place of what the same source has
   * ordered before.
   *
   * @throws {ProfileNotFoundError}
   * @throws {ShelfPwmExpireBadValueError} when the end is past, or later than the profile allows.
   * @throws {StoreError}
   */
  order(source: ProfileSource, order: ProfileOrder): ProfileInForce {
    const profile = this.#profile(order.name);
    const wallMs = this.#parts.clock.wallMs();
    const forMs = order.expiresAt === null ? profile.maxMs : order.expiresAt - wallMs;
    if (!(forMs > 0)) {
      throw new ShelfPwmExpireBadValueError(
        `Cannot put profile "${profile.name}" in force: its end is not in the future; ` +
          "give a later one",
      );
    }
    if (forMs > profile.maxMs) {
      throw new ShelfPwmExpireBadValueError(
        `Cannot put profile "${profile.name}" in force: its end is ${seconds(forMs)} s away; ` +
          `give one within ${seconds(profile.maxMs)} s`,
      );
    }
    const inForce = {
      name: profile.name,
      source,
      owner: order.owner,
      reason: order.reason,
      expiresMs: this.#parts.clock.monotonicMs() + forMs,
      expiresAt: wallMs + forMs,
    };
    if (source === "hand") this.#parts.store.saveProfile(inForce);
    this.#orders.set(source, inForce);
    this.#parts.log.info(`Profile "${profile.name}" is in force, by ${order.owner}`);
    return inForce;
  }

  /** Takes back what a source has ordered; false when there is nothing to take back. */
  clear(source: ProfileSource, by: string): boolean {
    if (source === "hand") this.#parts.store.saveProfile(null);
    const order = this.#orders.get(source);
    this.#orders.delete(source);
    if (!profileInForce(order ?? null, this.#parts.clock.monotonicMs())) return false;
    this.#parts.log.info(`Profile "${order?.name}" is not in force any more, by ${by}`);
    return true;
  }

  /** What is in force at this moment: by hand, else by a rig, else by the first schedule. */
  current(): ProfileInForce | null {
    const nowMs = this.#parts.clock.monotonicMs();
    for (const source of ["hand", "rig"] as const) {
      const order = this.#orders.get(source) ?? null;
      if (profileInForce(order, nowMs)) return order;
    }
    return this.#bySchedule(nowMs, this.#parts.clock.wallMs());
  }

  #bySchedule(nowMs: number, wallMs: number): ProfileInForce | null {
    for (const scheduled of this.#scheduled) {
      if (wallMs < scheduled.askedMs || wallMs >= scheduled.holdsUntilMs) ask(scheduled, wallMs);
      const { profile, untilMs } = scheduled;
      if (untilMs === null) continue;
      return {
        name: profile.name,
        source: "schedule",
        owner: "schedule",
        reason: profile.schedule && `${profile.schedule.from} ${profile.schedule.timeZone}`,
        expiresMs: nowMs + untilMs - wallMs,
        expiresAt: untilMs,
      };
    }
    return null;
  }

  #profile(name: string): ProfileConfig {
    const profile = this.#known.get(name);
    if (profile !== undefined) return profile;
    const known = [...this.#known.keys()].map((each) => `"${each}"`).join(", ");
    throw new ProfileNotFoundError(
      `Cannot find profile "${name}": this server has ${known}; name one of them`,
    );
  }

  #inherit(orders: ReadonlyMap<ProfileSource, ProfileInForce>): void {
    for (const [source, order] of orders) {
      if (this.#known.has(order.name)) this.#orders.set(source, order);
    }
  }

  #restore(): void {
    const stored = this.#parts.store.loadProfile();
    const profile = stored && this.#known.get(stored.name);
    if (!stored || !profile) return;
    const { clock } = this.#parts;
    // A clock that was set back meanwhile gives it no more than its longest time.
    const leftMs = Math.min(stored.expiresAt - clock.wallMs(), profile.maxMs);
    if (!(leftMs > 0)) return;
    this.#orders.set("hand", {
      ...stored,
      source: "hand",
      expiresMs: clock.monotonicMs() + leftMs,
    });
  }
}

function ask(scheduled: Scheduled, wallMs: number): void {
  const { untilMs, nextMs } = scheduled.schedule.at(wallMs);
  scheduled.askedMs = wallMs;
  scheduled.untilMs = untilMs;
  scheduled.holdsUntilMs = Math.min(untilMs ?? Infinity, nextMs ?? Infinity);
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
