/**
 * A shelf as `status` shows it: what it decided, why, from what, and how fresh all of it is.
 *
 * @module
 */

import { overrideInForce } from "../../control/engine/override.ts";
import type { WireValue } from "../../wire/value.ts";
import type { HandlerContext } from "./handlers.ts";
import { fanEntries } from "../shelves/fan_reports.ts";
import type { ServedShelf } from "../shelves/served_shelf.ts";
import { shorten } from "./shorten.ts";

/** So many causes and sensors of a shelf fit into a message, whatever they are called. */
const MOST_LISTED = 64;
const MOST_TEXT = 300;

/** The map that `status` carries for one shelf; docs/protocol.md names every field. */
export function shelfStatus(context: HandlerContext, shelf: ServedShelf): WireValue {
  const nowMs = context.clock.monotonicMs();
  const { decision } = shelf;
  const duty = shelf.duty(nowMs);
  const sensors = context.controller.judgements(shelf);
  return {
    shelf: shelf.name,
    percent: duty.percent,
    pending: decision.pending,
    fault: duty.fault,
    rpm: shelf.rpm.rpm(nowMs),
    rpm_age_ms: rounded(shelf.rpm.ageMs(nowMs)),
    details: shelf.rpm.details(nowMs),
    fans: fanEntries(shelf.rpm.boards(nowMs)).slice(0, MOST_LISTED),
    causes: decision.causes.slice(0, MOST_LISTED).map(({ kind, name, percent, text }) => ({
      kind,
      name,
      percent,
      text: shorten(text, MOST_TEXT),
    })),
    sensors: sensors.slice(0, MOST_LISTED).map((sensor) => ({
      name: sensor.name,
      kind: sensor.kind,
      state: sensor.state,
      fault: sensor.fault,
      temp_c: sensor.tempC,
      age_ms: rounded(sensor.ageMs),
      reason: sensor.reason === null ? null : shorten(sensor.reason, MOST_TEXT),
    })),
    override: overrideStatus(shelf, nowMs),
    decided_age_ms: rounded(duty.ageMs),
    ttl_ms: rounded(duty.ttlMs),
    epoch: context.epoch,
    seq: shelf.sequence,
    ...omitted(decision.causes.length, sensors.length),
  };
}

function omitted(causes: number, sensors: number): Record<string, WireValue> {
  const left = {
    causes: Math.max(0, causes - MOST_LISTED),
    sensors: Math.max(0, sensors - MOST_LISTED),
  };
  return left.causes + left.sensors === 0 ? {} : { omitted: left };
}

function overrideStatus(shelf: ServedShelf, nowMs: number): WireValue {
  const { override } = shelf;
  if (!overrideInForce(override, nowMs)) return null;
  return {
    percent: override.percent,
    expires: override.expiresAt === null ? null : new Date(override.expiresAt),
    forced: override.forced,
    owner: override.owner,
    reason: override.reason,
    in_force: shelf.decision.limit === null,
    limit: shelf.decision.limit,
  };
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}
