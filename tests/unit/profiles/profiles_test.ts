import { deepEqual, equal, throws } from "node:assert/strict";
import {
  applyProfile,
  NORMAL_PROFILE,
  profileCause,
} from "../../../src/control/profile/profile.ts";
import { ProfileNotFoundError, ShelfPwmExpireBadValueError } from "../../../src/errors.ts";
import { silentLog } from "../../../src/log.ts";
import type { ProfileConfig } from "../../../src/config/profile_config.ts";
import { Profiles } from "../../../src/server/profiles/profiles.ts";
import { MemoryStore } from "../../../src/server/store/memory_store.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const HOUR_MS = 3_600_000;
const QUIET: ProfileConfig = {
  ...NORMAL_PROFILE,
  name: "quiet",
  maxPercent: 35,
  maxMs: 4 * HOUR_MS,
  schedule: { from: "0 22 * * *", forMs: 8 * HOUR_MS, timeZone: "UTC" },
};
const SERVICE: ProfileConfig = {
  ...NORMAL_PROFILE,
  name: "service",
  addPercent: 20,
  schedule: null,
};
const BY_HAND = { expiresAt: null, owner: "me", reason: null };

function setUp(profiles: readonly ProfileConfig[] = [QUIET, SERVICE]) {
  const clock = new VirtualClock(Date.UTC(2030, 0, 1, 12));
  const parts = { clock, store: new MemoryStore(clock), log: silentLog };
  return { clock, parts, profiles: new Profiles(profiles, parts) };
}

Deno.test("a profile bends what the curves ask for within its bounds", () => {
  equal(applyProfile(NORMAL_PROFILE, 62), 62);
  equal(applyProfile(QUIET, 62), 35);
  equal(applyProfile(QUIET, 20), 20);
  equal(applyProfile(SERVICE, 95), 100);
  equal(applyProfile({ ...NORMAL_PROFILE, addPercent: -30, minPercent: 25 }, 40), 25);
  equal(applyProfile({ ...NORMAL_PROFILE, percent: 30 }, 90), 30);
  equal(applyProfile(QUIET, NaN), 100);
});

Deno.test("a profile's cause names who ordered it and what it changes", () => {
  const { profiles } = setUp();
  const inForce = profiles.order("hand", { ...BY_HAND, name: "quiet", reason: "a recording" });
  equal(
    profileCause(QUIET, inForce, 62).text,
    'profile "quiet" by me (a recording): curves 62 % -> 35 %',
  );
});

Deno.test("a schedule puts its profile in force and ends it", async () => {
  const { clock, profiles } = setUp();
  equal(profiles.current(), null);
  await clock.advance(10 * HOUR_MS);
  equal(profiles.current()?.name, "quiet");
  equal(profiles.current()?.expiresAt, Date.UTC(2030, 0, 2, 6));
  await clock.advance(8 * HOUR_MS);
  equal(profiles.current(), null);
});

Deno.test("a wall clock that is stepped moves a schedule and no order by hand", async () => {
  const { clock, profiles } = setUp();
  profiles.order("hand", { ...BY_HAND, name: "service", expiresAt: clock.wallMs() + HOUR_MS });
  clock.stepWall(11 * HOUR_MS);
  equal(profiles.current()?.name, "service");
  await clock.advance(HOUR_MS);
  equal(profiles.current()?.name, "quiet");
  clock.stepWall(-6 * HOUR_MS);
  equal(profiles.current(), null);
});

Deno.test("a hand outranks a rig, and a rig the schedule", async () => {
  const { clock, profiles } = setUp();
  await clock.advance(11 * HOUR_MS);
  profiles.order("rig", { ...BY_HAND, name: "service" });
  equal(profiles.current()?.name, "service");
  profiles.order("hand", { ...BY_HAND, name: "normal" });
  equal(profiles.current()?.name, "normal");
  equal(profiles.clear("hand", "me"), true);
  equal(profiles.clear("hand", "me"), false);
  equal(profiles.current()?.name, "service");
  profiles.clear("rig", "rig");
  equal(profiles.current()?.name, "quiet");
});

Deno.test("an order ends by itself, at the latest when its profile says so", async () => {
  const { clock, profiles } = setUp();
  profiles.order("rig", { ...BY_HAND, name: "quiet" });
  await clock.advance(4 * HOUR_MS - 1);
  equal(profiles.current()?.name, "quiet");
  await clock.advance(1);
  equal(profiles.current(), null);
});

Deno.test("an order of an unknown profile, a past end or a late one is refused", () => {
  const { clock, profiles } = setUp();
  throws(
    () => profiles.order("hand", { ...BY_HAND, name: "loud" }),
    (error) =>
      error instanceof ProfileNotFoundError &&
      error.message ===
        'Cannot find profile "loud": this server has "normal", "quiet", "service"; name one of them',
  );
  const order = { ...BY_HAND, name: "quiet" };
  for (const inMs of [0, -1, 5 * HOUR_MS, NaN]) {
    throws(
      () => profiles.order("hand", { ...order, expiresAt: clock.wallMs() + inMs }),
      ShelfPwmExpireBadValueError,
    );
  }
  equal(profiles.current(), null);
});

Deno.test("an order by hand survives a restart, and no longer than its profile allows", async () => {
  const { clock, parts, profiles } = setUp();
  profiles.order("hand", { ...BY_HAND, name: "quiet", reason: "a recording" });
  await clock.advance(HOUR_MS);
  const after = new Profiles([QUIET], parts);
  deepEqual(after.current(), { ...profiles.current() });
  clock.stepWall(-100 * HOUR_MS);
  const late = new Profiles([QUIET], parts);
  await clock.advance(4 * HOUR_MS);
  equal(late.current(), null);
});

Deno.test("a reload keeps the orders of profiles that are still there", () => {
  const { parts, profiles } = setUp();
  profiles.order("rig", { ...BY_HAND, name: "service" });
  profiles.order("hand", { ...BY_HAND, name: "quiet" });
  const after = new Profiles([SERVICE], parts, profiles);
  equal(after.current()?.name, "service");
});
