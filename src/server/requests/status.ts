/**
 * A shelf as `status` shows it: what it decided, why, from what, and how fresh all of it is.
 *
 * @module
 */

import type { Cause } from "../../control/cause.ts";
import type { Finding } from "../../control/engine/finding.ts";
import { overrideInForce } from "../../control/engine/override.ts";
import type { WireValue } from "../../wire/value.ts";
import type { HandlerContext } from "./handlers.ts";
import { fanEntries } from "../shelves/fan_reports.ts";
import type { ServedShelf } from "../shelves/served_shelf.ts";
import { shorten } from "./shorten.ts";

/** So many causes, findings and sensors of a shelf fit into a message, whatever they are called. */
export const MOST_LISTED = 64;
/** Characters of a text that are shown. */
export const MOST_TEXT = 300;

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
    causes: causeEntries(decision.causes),
    sensors: sensors.slice(0, MOST_LISTED).map((sensor) => ({
      name: sensor.name,
      kind: sensor.kind,
      state: sensor.state,
      fault: sensor.fault,
      temp_c: sensor.tempC,
      age_ms: rounded(sensor.ageMs),
      reason: sensor.reason === null ? null : shorten(sensor.reason, MOST_TEXT),
    })),
    override: overrideEntry(shelf, nowMs),
    findings: findingEntries(context, shelf),
    decided_age_ms: rounded(duty.ageMs),
    ttl_ms: rounded(duty.ttlMs),
    epoch: context.epoch,
    seq: shelf.sequence,
    ...omitted(decision.causes.length, sensors.length),
  };
}

/** The causes of a decision as the wire shows them. */
export function causeEntries(causes: readonly Cause[]): WireValue[] {
  return causes.slice(0, MOST_LISTED).map(({ kind, name, percent, text }) => ({
    kind,
    name,
    percent,
    text: shorten(text, MOST_TEXT),
  }));
}

/** What is worth being told about a shelf and its sensors, as the wire shows it. */
export function findingEntries(context: HandlerContext, shelf: ServedShelf): WireValue[] {
  const sensors = new Set(shelf.sensors);
  return context.controller.engine.findings()
    .filter((finding) =>
      finding.shelf === shelf.name || (finding.shelf === null && sensors.has(finding.subject))
    )
    .slice(0, MOST_LISTED)
    .map((finding) => findingEntry(finding, context.clock.monotonicMs() - finding.sinceMs));
}

/** One finding as the wire shows it. */
export function findingEntry(finding: Finding, lastedMs: number): WireValue {
  const { kind, severity, shelf, subject, text } = finding;
  const lasted = Math.max(0, Math.round(lastedMs));
  return { kind, severity, shelf, subject, text: shorten(text, MOST_TEXT), lasted_ms: lasted };
}

function omitted(causes: number, sensors: number): Record<string, WireValue> {
  const left = {
    causes: Math.max(0, causes - MOST_LISTED),
    sensors: Math.max(0, sensors - MOST_LISTED),
  };
  return left.causes + left.sensors === 0 ? {} : { omitted: left };
}

/** An override in force as the wire shows it; null without one. */
export function overrideEntry(shelf: ServedShelf, nowMs: number): WireValue {
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
