/**
 * The request that asks what would become of a shelf.
 *
 * @module
 */

import type { Engine } from "../../control/engine/engine.ts";
import type { FanState } from "../../control/engine/event.ts";
import {
  type SupposedDuty,
  type SupposedSensor,
  type Supposition,
  type WhatIf,
  whatIf,
} from "../../control/engine/what_if.ts";
import { BadArgumentsError } from "../../errors.ts";
import { Request } from "../../wire/request.ts";
import { isWireMap, type WireMap, type WireValue } from "../../wire/value.ts";
import type { Reply } from "../sessions/session.ts";
import { checkCount, detailsAt, textAt } from "./arguments.ts";
import type { HandlerContext } from "./handlers.ts";
import { shorten } from "./shorten.ts";
import { MOST_LISTED, MOST_TEXT } from "./status.ts";

const KEYS: ReadonlySet<string> = new Set(["sensors", "fans", "profile", "override"]);
const FAN_STATES: ReadonlySet<string> = new Set<FanState>(["stalled", "spinning", "stopped"]);

/** `whatif`: runs a copy of the engine, for one shelf, until it has settled. */
export function answerWhatIf(context: HandlerContext, args: readonly WireValue[]): Reply {
  const request = Request.WHAT_IF;
  checkCount(request, args, 2);
  const shelf = context.controller.shelf(textAt(request, args, 0));
  const supposed = detailsAt(request, args, 1) ?? {};
  const { engine } = context.controller;
  const result = whatIf(engine, shelf.name, supposition(supposed, shelf.name, engine));
  return [request, [whatIfEntry(result)]];
}

function supposition(map: WireMap, shelf: string, engine: Engine): Supposition {
  for (const key of Object.keys(map)) {
    if (!KEYS.has(key)) throw refused(`"${shorten(key)}" found`, `use ${[...KEYS].join(", ")}`);
  }
  const { sensors, fans, profile, override } = map;
  return {
    ...sensors !== undefined && { sensors: supposedSensors(sensors, shelf, engine) },
    ...fans !== undefined && { fans: fanState(fans) },
    ...profile !== undefined && { profile: profileName(profile, engine) },
    ...override !== undefined && { override: percentOrNull(override) },
  };
}

/** By name of sensor, or one value for all of the shelf's. */
function supposedSensors(
  value: WireValue,
  shelf: string,
  engine: Engine,
): Map<string, SupposedSensor> {
  const { sensors, derived } = engine.slice([shelf]);
  const known = new Set(sensors.map(({ name }) => name));
  const supposed = new Map<string, SupposedSensor>();
  if (!isWireMap(value)) {
    for (const name of known) supposed.set(name, supposedSensor(name, value));
    return supposed;
  }
  for (const [name, does] of Object.entries(value)) {
    if (derived.some((each) => each.name === name)) {
      const behind = engine.behind(name).filter((each) => known.has(each)).join(", ");
      throw refused(
        `sensor "${name}" is computed`,
        `suppose what it is computed from: ${shorten(behind, MOST_TEXT)}`,
      );
    }
    if (!known.has(name)) {
      throw refused(
        `shelf "${shelf}" rests on no sensor "${shorten(name)}"`,
        `name one of ${shorten([...known].join(", "), MOST_TEXT)}`,
      );
    }
    supposed.set(name, supposedSensor(name, does));
  }
  return supposed;
}

function supposedSensor(name: string, does: WireValue): SupposedSensor {
  if (does === "missing" || does === "asleep" || typeof does === "number") return does;
  throw refused(`sensor "${name}" cannot be supposed so`, 'send °C, "missing" or "asleep"');
}

function fanState(value: WireValue): FanState {
  if (typeof value === "string" && FAN_STATES.has(value)) return value as FanState;
  throw refused('"fans" is no state of a fan', `send one of ${[...FAN_STATES].join(", ")}`);
}

function profileName(value: WireValue, engine: Engine): string | null {
  const names = engine.config.profiles.map(({ name }) => name);
  if (value === null || value === "normal") return null;
  if (typeof value === "string" && names.includes(value)) return value;
  throw refused('"profile" names none', `send one of ${["normal", ...names].join(", ")}`);
}

function percentOrNull(value: WireValue): number | null {
  if (value === null || (typeof value === "number" && value >= 0 && value <= 100)) return value;
  throw refused('"override" is no percentage', "send 0 to 100 or null");
}

function refused(found: string, advice: string): BadArgumentsError {
  return new BadArgumentsError(`Cannot do "whatif": ${found}; ${advice}`);
}

function whatIfEntry({ shelf, now, steps, fans, settled, ranMs, findings }: WhatIf): WireValue {
  return {
    shelf,
    now: dutyEntry(now),
    steps: steps.slice(0, MOST_LISTED).map(dutyEntry),
    fans: fans.slice(0, MOST_LISTED),
    settled,
    ran_ms: ranMs,
    findings: findings.slice(0, MOST_LISTED).map(({ kind, severity, subject, text }) => ({
      kind,
      severity,
      subject,
      text: shorten(text, MOST_TEXT),
    })),
  };
}

function dutyEntry({ afterMs, percent, because }: SupposedDuty): WireValue {
  return { after_ms: afterMs, percent, because: shorten(because, MOST_TEXT) };
}
