/**
 * The requests about profiles.
 *
 * @module
 */

import type { ProfileInForce, ProfilePolicy } from "../../control/profile/profile.ts";
import { Request } from "../../wire/request.ts";
import type { WireValue } from "../../wire/value.ts";
import type { ProfileConfig } from "../../config/profile_config.ts";
import type { Reply, Session } from "../sessions/session.ts";
import { checkCount, dateOrNullAt, optionalTextAt } from "./arguments.ts";
import type { HandlerContext } from "./handlers.ts";
import { shorten } from "./shorten.ts";

/** Characters of a reason that are kept. */
const MOST_REASON = 200;

/** `profiles`: every profile, and the one in force or null. */
export function listProfiles({ profiles }: HandlerContext, args: readonly WireValue[]): Reply {
  checkCount(Request.PROFILES, args, 0);
  const inForce = profiles.current();
  return [Request.PROFILES, [profiles.all.map(profileEntry), inForce && inForceEntry(inForce)]];
}

/**
 * `set_profile`: by hand; null takes back what was set so.
 *
 * @throws {ProfileNotFoundError}
 * @throws {ShelfPwmExpireBadValueError}
 */
export function setProfile(
  { profiles, controller }: HandlerContext,
  args: readonly WireValue[],
  session: Session,
): void {
  const request = Request.SET_PROFILE;
  checkCount(request, args, 1, 3);
  const name = optionalTextAt(request, args, 0);
  const expiresAt = dateOrNullAt(request, args, 1)?.getTime() ?? null;
  const reason = optionalTextAt(request, args, 2)?.slice(0, MOST_REASON) ?? null;
  if (name === null) profiles.clear("hand", session.peer);
  else profiles.order("hand", { name, expiresAt, owner: session.peer, reason });
  controller.useProfile(profiles.current());
}

/** A profile in force as the wire shows it. */
export function inForceEntry(profile: ProfileInForce): WireValue {
  return {
    name: profile.name,
    source: profile.source,
    owner: shorten(profile.owner),
    reason: profile.reason === null ? null : shorten(profile.reason, MOST_REASON),
    expires: new Date(profile.expiresAt),
  };
}

function profileEntry(profile: ProfileConfig): WireValue {
  const { schedule } = profile;
  return {
    name: profile.name,
    shelves: profile.shelves === null ? null : [...profile.shelves],
    percent: profile.percent,
    add_percent: profile.addPercent,
    min_percent: profile.minPercent,
    max_percent: profile.maxPercent,
    max_ms: profile.maxMs,
    schedule: schedule && {
      from: schedule.from,
      for_ms: schedule.forMs,
      time_zone: schedule.timeZone,
    },
    text: whatItDoes(profile),
  };
}

function whatItDoes(profile: ProfilePolicy): string {
  if (profile.percent !== null) return `always ${profile.percent} %`;
  const { addPercent, minPercent, maxPercent } = profile;
  const parts = [
    ...(addPercent === 0 ? [] : [`${addPercent > 0 ? "+" : ""}${addPercent} %`]),
    ...(minPercent === 0 ? [] : [`at least ${minPercent} %`]),
    ...(maxPercent === 100 ? [] : [`at most ${maxPercent} %`]),
  ];
  return parts.length === 0 ? "unchanged" : parts.join(", ");
}
