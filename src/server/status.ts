/**
 * A shelf as `status` shows it: what it decided, why, from what, and how fresh all of it is.
 *
 * @module
 */

import { overrideInForce } from "../control/override.ts";
import type { WireValue } from "../wire/value.ts";
import type { HandlerContext } from "./handlers.ts";
import type { ServedShelf } from "./served_shelf.ts";

/** The map that `status` carries for one shelf; docs/protocol.md names every field. */
export function shelfStatus(context: HandlerContext, shelf: ServedShelf): WireValue {
  const nowMs = context.clock.monotonicMs();
  const { decision } = shelf;
  const duty = shelf.duty(nowMs);
  return {
    shelf: shelf.name,
    percent: duty.percent,
    pending: decision.pending,
    fault: duty.fault,
    rpm: shelf.rpm.rpm(nowMs),
    rpm_age_ms: rounded(shelf.rpm.ageMs(nowMs)),
    details: shelf.rpm.details(nowMs),
    causes: decision.causes.map(({ kind, name, percent, text }) => ({ kind, name, percent, text })),
    sensors: context.controller.judgements(shelf).map((sensor) => ({
      name: sensor.name,
      kind: sensor.kind,
      state: sensor.state,
      temp_c: sensor.tempC,
      age_ms: rounded(sensor.ageMs),
      reason: sensor.reason,
    })),
    override: overrideStatus(shelf, nowMs),
    decided_age_ms: rounded(duty.ageMs),
    ttl_ms: rounded(duty.ttlMs),
    epoch: context.epoch,
    seq: shelf.sequence,
  };
}

function overrideStatus(shelf: ServedShelf, nowMs: number): WireValue {
  const { override } = shelf;
  if (!overrideInForce(override, nowMs)) return null;
  return {
    percent: override.percent,
    expires: override.expiresAt === null ? null : new Date(override.expiresAt),
    forced: override.forced,
    in_force: shelf.decision.limit === null,
    limit: shelf.decision.limit,
  };
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}
