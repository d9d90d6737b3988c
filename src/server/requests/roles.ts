/**
 * Which role each request needs: the one table of it. docs/protocol.md shows the same, and a test
 * compares the two.
 *
 * @module
 */

import type { Role } from "../../config/client_config.ts";
import { DeniedError } from "../../errors.ts";
import { Request } from "../../wire/request.ts";
import { isWireMap, type WireValue } from "../../wire/value.ts";
import { bitOf, type Grant, owns } from "../access/grant.ts";
import {
  alertChanges,
  type Changes,
  overrideChanges,
  profileChanges,
  trialChanges,
} from "./changes.ts";
import type { SensorShelves } from "../access/sensor_shelves.ts";
import { shorten } from "./shorten.ts";

/** Whether what is asked for is the asker's own. */
type Own = (args: readonly WireValue[], grant: Grant, sensors: SensorShelves) => boolean;

/** What a request needs, and what it changes. */
export type Rule = Needs & (Reading | Changing);

/** Asks, or tells what was measured. */
interface Reading {
  /** Null: nobody has to be known for it. */
  readonly role: "read" | "agent" | null;
}

/** May change what others rely on. */
interface Changing {
  readonly role: "operate" | "admin";
  /** What the audit is told; "itself": the handler tells it, for it ends later; null: no change. */
  readonly changes: Changes | "itself" | null;
}

interface Needs {
  /** Of what an agent may do this; without it, an agent's own shelves do not help. */
  readonly own?: Own;
  /** Needed instead, by the action that is asked for; any other needs `role`. */
  readonly actions?: Readonly<Record<string, Role>>;
}

const ownShelf: Own = ([shelf], grant) => typeof shelf === "string" && owns(grant, shelf);

/** A sensor is somebody's own when all shelves that follow it are. */
const ownSensor: Own = ([sensor], grant, sensors) => {
  const shelves = typeof sensor === "string" ? sensors.ofSensor(sensor) ?? [] : [];
  return shelves.length > 0 && shelves.every((shelf) => owns(grant, shelf));
};

/** A board is one's own unless other shelves follow its thermistors, or are said to be on it. */
const ownBoard: Own = ([name, info], grant, sensors) => {
  const shelves = isWireMap(info) && Array.isArray(info.shelves) ? info.shelves : [];
  return typeof name === "string" && feedsOwn(name, grant, sensors) &&
    shelves.every((shelf) => typeof shelf === "string" && owns(grant, shelf));
};

/** Whether the readings of a board go to shelves of the client's own, and to no other. */
export function feedsOwn(board: string, grant: Grant, sensors: SensorShelves): boolean {
  return (grant.all & bitOf("agent")) !== 0 ||
    sensors.ofBoard(board).every((shelf) => owns(grant, shelf));
}

/** Only what an agent was asked for is taken from it. */
const always: Own = () => true;

/** Every request and what it needs. */
export const RULES = {
  [Request.PING]: { role: null },
  [Request.HELLO]: { role: null },
  [Request.GET_PWM]: { role: "read", own: ownShelf },
  [Request.GET_RPM]: { role: "read", own: ownShelf },
  [Request.SET_RPM]: { role: "agent", own: ownShelf },
  [Request.SET_PWM_OVERRIDE]: { role: "operate", changes: overrideChanges },
  [Request.SET_PWM_EXPIRE]: { role: "operate", changes: overrideChanges },
  [Request.LIST]: { role: "read" },
  [Request.STATUS]: { role: "read", own: ownShelf },
  [Request.HISTORY]: { role: "read", own: ownShelf },
  [Request.WHY]: { role: "read", own: ownShelf },
  [Request.WHAT_IF]: { role: "read" },
  [Request.OVERRIDES]: { role: "read" },
  [Request.COUNTERS]: { role: "read" },
  [Request.SUBSCRIBE]: { role: "read", own: ownShelf },
  [Request.UNSUBSCRIBE]: { role: "read", own: ownShelf },
  [Request.PUSH_READING]: { role: "agent", own: ownSensor },
  [Request.PROFILES]: { role: "read" },
  [Request.SET_PROFILE]: { role: "operate", changes: profileChanges },
  [Request.ALERTS]: { role: "read" },
  [Request.ACKNOWLEDGE_ALERT]: { role: "admin", changes: alertChanges },
  [Request.AUDIT]: { role: "operate", changes: null },
  [Request.CONFIG]: { role: "operate", changes: null },
  [Request.CONFIG_TRY]: { role: "admin", changes: "itself" },
  [Request.CONFIG_CONFIRM]: { role: "admin", changes: trialChanges },
  [Request.CONFIG_TAKE_BACK]: { role: "admin", changes: "itself" },
  [Request.BOARD]: { role: "agent", own: ownBoard },
  [Request.BOARDS]: { role: "read" },
  [Request.BOARD_DO]: {
    role: "admin",
    changes: "itself",
    actions: { info: "read", config_get: "read", set: "operate", lapse: "operate" },
  },
  [Request.BOARD_DONE]: { role: "agent", own: always },
} as const satisfies Readonly<Record<string, Rule>>;

/** The requests that the server meets. */
export type Met = keyof typeof RULES;

/**
 * Lets a client do what is its own, or what an action of its request needs less for.
 *
 * @throws {DeniedError} for anything else.
 */
export function checkRule(
  request: string,
  { role, own, actions }: Rule,
  args: readonly WireValue[],
  grant: Grant,
  sensors: SensorShelves,
): void {
  const action = actions !== undefined && typeof args[1] === "string" ? args[1] : null;
  const isListed = action !== null && Object.hasOwn(actions ?? {}, action);
  const needed = isListed ? actions?.[action] ?? role : role;
  if ((grant.all & bitOf(needed)) !== 0) return;
  const mayOwn = own !== undefined && (grant.own & bitOf(needed)) !== 0;
  if (mayOwn && own(args, grant, sensors)) return;
  const what = action === null ? `"${request}"` : `"${request}" of "${shorten(action)}"`;
  const whose = mayOwn ? " for others" : "";
  throw new DeniedError(
    `Cannot do ${what}${whose}: it needs the role "${needed}", and ${hasText(grant)}; ` +
      adviceFor(grant),
  );
}

function hasText({ name, role }: Grant): string {
  const who = name === null ? "this connection" : `"${shorten(name)}"`;
  return `${who} has ${role === null ? "none" : `"${role}"`}`;
}

function adviceFor({ proof, role, unix }: Grant): string {
  if (proof === "certificate" && role === null) return "have the server's [[client]] name it";
  if (proof === "certificate" || proof === "token") return "ask for another role in [[client]]";
  if (unix !== null) return `use the server's unix socket, unix:${unix}, or a token`;
  if (proof === "local" && role !== null) {
    return 'use a token, or have the server\'s configuration set "unix" or "local_role"';
  }
  return "say who you are, with a certificate or a token";
}
