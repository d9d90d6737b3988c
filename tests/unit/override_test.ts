import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import {
  changeExpiry,
  createOverride,
  MAX_FORCED_MS,
  overrideInForce,
  restoreOverride,
} from "../../src/control/engine/override.ts";
import {
  ShelfNoOverrideError,
  ShelfPwmBadValueError,
  ShelfPwmExpireBadValueError,
} from "../../src/errors.ts";

const WALL_MS = Date.UTC(2030, 0, 1);
const BY = { owner: "me", reason: "a test" };
const NOW = { monotonicMs: 5000, wallMs: WALL_MS };

for (const percent of [0, 33.3, 100]) {
  Deno.test(`an override of ${percent} % is accepted`, () => {
    deepStrictEqual(createOverride({ percent, expiresAt: null, forced: false, ...BY }, NOW), {
      percent,
      expiresAt: null,
      expiresMs: null,
      forced: false,
      ...BY,
    });
  });
}

for (const percent of [-1, 101, 1e308, NaN, Infinity, -Infinity]) {
  Deno.test(`an override of ${percent} % is refused`, () => {
    throws(
      () => createOverride({ percent, expiresAt: null, forced: false, ...BY }, NOW),
      ShelfPwmBadValueError,
    );
  });
}

Deno.test("an expiry is kept as a date and counts on the monotonic clock", () => {
  const order = createOverride(
    { percent: 60, expiresAt: WALL_MS + 1500, forced: false, ...BY },
    NOW,
  );
  strictEqual(order.expiresAt, WALL_MS + 1500);
  strictEqual(order.expiresMs, 6500);
  strictEqual(overrideInForce(order, 6499), true);
  strictEqual(overrideInForce(order, 6500), false);
});

Deno.test("no override is not in force", () => {
  strictEqual(overrideInForce(null, 0), false);
});

for (
  const [what, expiresAt] of [["the past", WALL_MS - 1], ["now", WALL_MS], [
    "no date",
    NaN,
  ]] as const
) {
  Deno.test(`an expiry at ${what} is refused`, () => {
    throws(
      () => createOverride({ percent: 60, expiresAt, forced: false, ...BY }, NOW),
      ShelfPwmExpireBadValueError,
    );
  });
}

Deno.test("a forced override needs an expiry within an hour", () => {
  const force = (expiresAt: number | null) =>
    createOverride({ percent: 30, expiresAt, forced: true, ...BY }, NOW);
  throws(() => force(null), ShelfPwmExpireBadValueError);
  throws(() => force(WALL_MS + MAX_FORCED_MS + 1), ShelfPwmExpireBadValueError);
  strictEqual(force(WALL_MS + MAX_FORCED_MS).forced, true);
});

Deno.test("a new override has nothing of an earlier one's expiry", () => {
  const old = createOverride({ percent: 60, expiresAt: WALL_MS + 1500, forced: false, ...BY }, NOW);
  const later = { monotonicMs: 9000, wallMs: WALL_MS + 4000 };
  strictEqual(overrideInForce(old, later.monotonicMs), false);
  const next = createOverride({ percent: 80, expiresAt: null, forced: false, ...BY }, later);
  strictEqual(overrideInForce(next, 1e12), true);
});

Deno.test("an expiry can be set, changed and taken away while an override is in force", () => {
  const order = createOverride({ percent: 60, expiresAt: null, forced: false, ...BY }, NOW);
  const limited = changeExpiry(order, WALL_MS + 2000, NOW);
  strictEqual(limited.expiresMs, 7000);
  strictEqual(limited.percent, 60);
  strictEqual(changeExpiry(limited, null, NOW).expiresMs, null);
  throws(() => changeExpiry(order, WALL_MS - 1, NOW), ShelfPwmExpireBadValueError);
});

Deno.test("an expiry without an override in force is refused", () => {
  throws(() => changeExpiry(null, WALL_MS + 1000, NOW), ShelfNoOverrideError);
  throws(() => changeExpiry(null, null, NOW), ShelfNoOverrideError);
  const over = createOverride(
    { percent: 60, expiresAt: WALL_MS + 1500, forced: false, ...BY },
    NOW,
  );
  const later = { monotonicMs: 6500, wallMs: WALL_MS + 1500 };
  throws(() => changeExpiry(over, WALL_MS + 9000, later), ShelfNoOverrideError);
});

Deno.test("the expiry of a forced override can be neither taken away nor put off past an hour", () => {
  const order = createOverride(
    { percent: 30, expiresAt: WALL_MS + 1000, forced: true, ...BY },
    NOW,
  );
  throws(() => changeExpiry(order, null, NOW), ShelfPwmExpireBadValueError);
  throws(
    () => changeExpiry(order, WALL_MS + MAX_FORCED_MS + 1, NOW),
    ShelfPwmExpireBadValueError,
  );
});

Deno.test("a stored override comes back with the time that it has left", () => {
  const stored = { percent: 60, expiresAt: WALL_MS + 1500, forced: false, ...BY };
  strictEqual(restoreOverride(stored, NOW)?.expiresMs, 6500);
  strictEqual(restoreOverride(stored, { monotonicMs: 0, wallMs: WALL_MS + 1500 }), null);
  const endless = { percent: 60, expiresAt: null, forced: false, ...BY };
  deepStrictEqual(restoreOverride(endless, NOW), { ...endless, expiresMs: null });
});

Deno.test("a stored forced override gains nothing from a wall clock that was set back", () => {
  const stored = { percent: 30, expiresAt: WALL_MS + 1000, forced: true, ...BY };
  const backMs = 7 * 24 * 3_600_000;
  const restored = restoreOverride(stored, { monotonicMs: 0, wallMs: WALL_MS - backMs });
  strictEqual(restored?.expiresMs, MAX_FORCED_MS);
});

for (
  const stored of [
    { percent: NaN, expiresAt: null, forced: false, ...BY },
    { percent: 101, expiresAt: null, forced: false, ...BY },
    { percent: 30, expiresAt: NaN, forced: false, ...BY },
    { percent: 30, expiresAt: null, forced: true, ...BY },
  ]
) {
  Deno.test(`a stored override that nobody could order is dropped: ${JSON.stringify(stored)}`, () => {
    strictEqual(restoreOverride(stored, NOW), null);
  });
}
