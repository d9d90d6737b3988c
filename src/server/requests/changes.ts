/**
 * What requests change, as the audit tells it: what it is about, and how that stands before and
 * after.
 *
 * @module
 */

import { overrideInForce } from "../../control/engine/override.ts";
import { Request } from "../../wire/request.ts";
import type { WireValue } from "../../wire/value.ts";
import type { Session } from "../sessions/session.ts";
import type { Actor } from "../access/audit.ts";
import type { BoardTask } from "../boards/board_relay.ts";
import type { Profiles } from "../profiles/profiles.ts";
import type { HandlerContext } from "./handlers.ts";

/** Actions that only ask a board. */
const BOARD_READS: ReadonlySet<string> = new Set(["info", "config_get"]);

/** How to tell of one kind of change. */
export interface Changes {
  /** The shelf, the alert or what else; null for the server. */
  about(args: readonly WireValue[]): string | null;
  /** How it stands, in words. */
  state(context: HandlerContext, args: readonly WireValue[]): string;
}

/** The client of a session, as who has changed something. */
export function actorOf({ grant, client, origin }: Session): Actor {
  const { way, peer, host } = origin;
  // A unix socket's peer says that it is one.
  return { who: grant.name, client, from: way === "unix" ? peer : `${way} ${peer}`, host };
}

/** Of the override of a shelf. */
export const overrideChanges: Changes = {
  about: first,
  state({ controller, clock }, [shelf]) {
    const { override } = controller.shelf(String(shelf));
    if (!overrideInForce(override, clock.monotonicMs())) return "none";
    const { percent, expiresAt, forced, reason } = override;
    return [
      `${percent} %`,
      ...expiresAt === null ? [] : [`until ${new Date(expiresAt).toISOString()}`],
      ...forced ? ["forced"] : [],
      ...reason === null ? [] : [`(${reason})`],
    ].join(" ");
  },
};

/** Of the profile in force. */
export const profileChanges: Changes = {
  about: () => null,
  state: ({ profiles }) => profileText(profiles),
};

/** The profile in force, in words. */
export function profileText(profiles: Profiles): string {
  const profile = profiles.current();
  if (profile === null) return "none";
  const { name, source, expiresAt } = profile;
  return `${name} until ${new Date(expiresAt).toISOString()}, by ${source}`;
}

/** Of who has seen an alert. */
export const alertChanges: Changes = {
  about: first,
  state({ alerts }, [rule]) {
    const seen = alerts.active().filter((alert) => alert.rule === rule)
      .map(({ subject, acknowledgedBy }) => `${subject}: ${acknowledgedBy ?? "not seen"}`);
    return seen.length === 0 ? "not active" : seen.join("; ");
  },
};

/** Of the configuration on trial, when it is confirmed. */
export const trialChanges: Changes = {
  about: () => null,
  state({ trial }) {
    return trial.running === null ? "kept" : `${trial.running.sha256.slice(0, 12)} on trial`;
  },
};

/** What was done to a board; its server knows only what was asked for. */
export function auditBoard(
  { audit }: HandlerContext,
  session: Session,
  { name, action, args }: BoardTask,
): void {
  if (BOARD_READS.has(action)) return;
  const what = `${Request.BOARD_DO} ${action}`;
  const after = JSON.stringify(args);
  audit.record(actorOf(session), { what, about: name, before: null, after });
}

function first([name]: readonly WireValue[]): string | null {
  return typeof name === "string" ? name : null;
}
