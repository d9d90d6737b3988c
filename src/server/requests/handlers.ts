/**
 * What the server does for each request. A handler checks its arguments, does its work at once
 * and answers; it throws a FandError for what cannot be met.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { FandError, UnknownRequestError } from "../../errors.ts";
import { DEFAULT_WIRE_LIMITS } from "../../wire/limits.ts";
import type { Message } from "../../wire/message.ts";
import { Request } from "../../wire/request.ts";
import type { WireValue } from "../../wire/value.ts";
import {
  checkCount,
  dateOrNullAt,
  detailsAt,
  flagAt,
  MOST_RESULT,
  numberAt,
  numberOrNullAt,
  optionalTextAt,
  pageSizeAt,
  reasonAt,
  textAt,
} from "./arguments.ts";
import type { Access } from "../access/access.ts";
import type { Audit } from "../access/audit.ts";
import type { FailedProofs } from "../access/failed_proofs.ts";
import { bitOf } from "../access/grant.ts";
import type { SensorShelves } from "../access/sensor_shelves.ts";
import type { BoardRelay } from "../boards/board_relay.ts";
import type { Reports } from "../../sensors/reported/reported_readings.ts";
import type { ServerConfig } from "../../config/config.ts";
import type { Controller } from "../shelves/controller.ts";
import type { AlertDesk } from "../alerts/alert_desk.ts";
import type { ConfigTrial } from "../program/config_trial.ts";
import type { Profiles } from "../profiles/profiles.ts";
import { acknowledgeAlert, listAlerts } from "./alerts.ts";
import { listAudit } from "./audit.ts";
import { actorOf, auditBoard, type Changes } from "./changes.ts";
import { confirmConfig, listConfig, takeBackConfig, tryConfig } from "./config.ts";
import { fanReports } from "../shelves/fan_reports.ts";
import { countersReply, type ServerLoad } from "./counters.ts";
import { become, checkHello, claimOf, clientOf, helloReply, takeClaim, tokenOf } from "./hello.ts";
import { historyQuery, historyReply } from "./history.ts";
import { replyLater } from "./later.ts";
import type { Journal } from "../journal/journal.ts";
import { listOverrides } from "./overrides.ts";
import type { Overrides } from "../shelves/overrides.ts";
import { boardOf } from "../shelves/rpm_report.ts";
import { page } from "./page.ts";
import { listProfiles, setProfile } from "./profiles.ts";
import type { Reply, Session } from "../sessions/session.ts";
import { shorten } from "./shorten.ts";
import { takeBoardInputs, takePushed } from "./reported.ts";
import { checkRule, type Met, type Rule, RULES } from "./roles.ts";
import { shelfStatus } from "./status.ts";
import { answerWhatIf } from "./what_if.ts";
import { why } from "./why.ts";

/** What the handlers work on. */
export interface HandlerContext {
  readonly clock: Clock;
  readonly config: ServerConfig;
  readonly controller: Controller;
  readonly overrides: Overrides;
  readonly boards: BoardRelay;
  readonly reports: Reports;
  readonly journal: Journal | null;
  readonly profiles: Profiles;
  readonly alerts: AlertDesk;
  readonly trial: ConfigTrial;
  readonly sensorShelves: SensorShelves;
  readonly access: Access;
  readonly failedProofs: FailedProofs;
  readonly audit: Audit;
  readonly epoch: number;
  /** How much there is to do. */
  load(): ServerLoad;
  /** Takes an epoch above this one, which an agent has granted to another server. */
  claim(granted: number): void;
  /** Takes back whatever a client follows, reports and has announced. */
  forget(session: Session): void;
  subscribe(shelf: string, session: Session): void;
  unsubscribe(shelf: string, session: Session): void;
}

type Handler = (
  context: HandlerContext,
  args: readonly WireValue[],
  session: Session,
  id: number | undefined,
) => Reply | null;

const DONE: Reply = [Request.ACK, []];
/** How codes of errors look. */
const CODE = /^[a-z][a-z_]{0,31}$/;
/** Of what an agent says of a failure, this much is handed on. */
const MOST_FAILURE = 1000;

/** A request without a role in the table does not compile, nor a role without a handler. */
const HANDLERS: Readonly<Record<Met, Handler>> = {
  [Request.PING](_context, args) {
    checkCount(Request.PING, args, 0);
    return DONE;
  },

  [Request.HELLO](context, args, session, id) {
    checkHello(args);
    const token = tokenOf(args);
    const grant = token === null ? session.grant : context.access.prove(session.origin, token);
    if (grant === null) {
      context.failedProofs.take(session, id);
      return null;
    }
    const claim = claimOf(context, args, grant);
    // Nothing may have taken effect of a hello that is refused.
    become(context, session, grant);
    session.client = clientOf(args);
    takeClaim(context, claim, session);
    return helloReply(context, Object.keys(HANDLERS), grant.role);
  },

  [Request.GET_PWM](context, args) {
    checkCount(Request.GET_PWM, args, 1);
    const shelf = context.controller.shelf(textAt(Request.GET_PWM, args, 0));
    return [Request.SET_PWM, [shelf.name, shelf.duty(context.clock.monotonicMs()).percent]];
  },

  [Request.GET_RPM](context, args) {
    checkCount(Request.GET_RPM, args, 1);
    const shelf = context.controller.shelf(textAt(Request.GET_RPM, args, 0));
    return [Request.SET_RPM, [shelf.name, shelf.rpm.rpm(context.clock.monotonicMs())]];
  },

  [Request.SET_RPM](context, args, session) {
    checkCount(Request.SET_RPM, args, 2, 3);
    const shelf = context.controller.shelf(textAt(Request.SET_RPM, args, 0));
    const rpm = numberOrNullAt(Request.SET_RPM, args, 1);
    const details = detailsAt(Request.SET_RPM, args, 2);
    takeBoardInputs(context, session, details);
    const fans = fanReports(details);
    const atMs = context.clock.monotonicMs();
    shelf.rpm.take(shelf.name, rpm, details, session, atMs);
    session.report(shelf.name);
    if (fans !== undefined) {
      const board = boardOf(details);
      context.controller.record({ type: "fans", shelf: shelf.name, board, fans, atMs });
    }
    return DONE;
  },

  [Request.SET_PWM_OVERRIDE](context, args, session) {
    const request = Request.SET_PWM_OVERRIDE;
    checkCount(request, args, 2, 5);
    const shelf = context.controller.shelf(textAt(request, args, 0));
    const percent = numberOrNullAt(request, args, 1);
    const expire = dateOrNullAt(request, args, 2);
    const forced = flagAt(request, args, 3);
    const reason = reasonAt(request, args, 4);
    const order = { percent, expire, forced, owner: session.owner, reason };
    return limited(context.overrides.set(context.controller, shelf, order));
  },

  [Request.SET_PWM_EXPIRE](context, args, session) {
    const request = Request.SET_PWM_EXPIRE;
    checkCount(request, args, 2);
    const shelf = context.controller.shelf(textAt(request, args, 0));
    const expire = dateOrNullAt(request, args, 1);
    return limited(context.overrides.setExpiry(context.controller, shelf, expire, session.owner));
  },

  [Request.LIST](context, args) {
    checkCount(Request.LIST, args, 0, 2);
    const cursor = optionalTextAt(Request.LIST, args, 0);
    const limits = pageLimits(context, Request.LIST, args, 1);
    return [Request.LIST, page(context.controller.names, cursor, limits, (name) => name)];
  },

  [Request.STATUS](context, args) {
    checkCount(Request.STATUS, args, 0, 3);
    const name = optionalTextAt(Request.STATUS, args, 0);
    const cursor = optionalTextAt(Request.STATUS, args, 1);
    const limits = pageLimits(context, Request.STATUS, args, 2);
    const names = name === null ? context.controller.names : [context.controller.shelf(name).name];
    return [
      Request.STATUS,
      page(names, cursor, limits, (each) => shelfStatus(context, context.controller.shelf(each))),
    ];
  },

  [Request.HISTORY](context, args, session, id) {
    const query = historyQuery(context, args);
    replyLater(session, id, Request.HISTORY, historyReply(context.journal, query));
    return null;
  },

  [Request.WHY]: why,
  [Request.WHAT_IF]: answerWhatIf,
  [Request.OVERRIDES]: listOverrides,
  [Request.COUNTERS]: countersReply,

  [Request.SUBSCRIBE](context, args, session) {
    checkCount(Request.SUBSCRIBE, args, 1);
    context.subscribe(textAt(Request.SUBSCRIBE, args, 0), session);
    return DONE;
  },

  [Request.UNSUBSCRIBE](context, args, session) {
    checkCount(Request.UNSUBSCRIBE, args, 1);
    const shelf = context.controller.shelf(textAt(Request.UNSUBSCRIBE, args, 0));
    context.unsubscribe(shelf.name, session);
    return DONE;
  },

  [Request.PUSH_READING](context, args, session) {
    takePushed(context, args, session);
    return DONE;
  },

  [Request.PROFILES]: listProfiles,

  [Request.SET_PROFILE](context, args, session) {
    setProfile(context, args, session);
    return DONE;
  },

  [Request.ALERTS]: listAlerts,
  [Request.ACKNOWLEDGE_ALERT]: acknowledgeAlert,
  [Request.CONFIG]: listConfig,

  [Request.AUDIT](context, args, session, id) {
    listAudit(context, args, session, id);
    return null;
  },

  [Request.CONFIG_TRY](context, args, session, id) {
    tryConfig(context, args, session, id);
    return null;
  },

  [Request.CONFIG_CONFIRM](context, args) {
    confirmConfig(context, args);
    return DONE;
  },

  [Request.CONFIG_TAKE_BACK](context, args, session, id) {
    takeBackConfig(context, args, session, id);
    return null;
  },

  [Request.BOARD](context, args, session) {
    checkCount(Request.BOARD, args, 2);
    const info = detailsAt(Request.BOARD, args, 1) ?? {};
    context.boards.announce(session, textAt(Request.BOARD, args, 0), info);
    return DONE;
  },

  [Request.BOARDS](context, args) {
    checkCount(Request.BOARDS, args, 0, 2);
    const cursor = optionalTextAt(Request.BOARDS, args, 0);
    const limits = pageLimits(context, Request.BOARDS, args, 1);
    const { boards } = context;
    return [Request.BOARDS, page(boards.names, cursor, limits, (name) => boards.entry(name))];
  },

  [Request.BOARD_DO](context, args, session, id) {
    const request = Request.BOARD_DO;
    checkCount(request, args, 2, 3);
    const [name, action] = [textAt(request, args, 0), textAt(request, args, 1)];
    const task = { name, action, args: detailsAt(request, args, 2) ?? {} };
    context.boards.ask(session, id, task, () => auditBoard(context, session, task));
    return null;
  },

  [Request.BOARD_DONE](context, args, session) {
    const request = Request.BOARD_DONE;
    checkCount(request, args, 2, 4);
    const ticket = numberAt(request, args, 0);
    const result = detailsAt(request, args, 1, MOST_RESULT);
    if (result !== null) context.boards.done(session, ticket, [Request.BOARD_DONE, [result]]);
    else {
      const [code, text] = [textAt(request, args, 2), textAt(request, args, 3)];
      // It is handed on to somebody else: what looks like no code is none.
      const failure = [CODE.test(code) ? code : "board", shorten(text, MOST_FAILURE)];
      context.boards.done(session, ticket, [Request.ERROR, failure]);
    }
    return DONE;
  },
};

/** A handler, and what must be allowed to a client for it. */
interface Entry {
  readonly handle: Handler;
  readonly rule: Rule;
  readonly changes: Changes | null;
  /** The bit of the role; 0 when that depends on what is asked for. */
  readonly needs: number;
}

const ENTRIES: ReadonlyMap<string, Entry> = new Map(
  (Object.keys(HANDLERS) as Met[]).map((request) => {
    const rule: Rule = RULES[request];
    const needs = rule.actions === undefined ? bitOf(rule.role) : 0;
    const changes = "changes" in rule && rule.changes !== "itself" ? rule.changes : null;
    return [request, { handle: HANDLERS[request], rule, changes, needs }];
  }),
);

/**
 * Meets one request.
 *
 * @throws {UnknownRequestError} for a request that no handler knows, replies among them.
 * @throws {DeniedError} for one that this client may not make.
 */
export function handle(
  context: HandlerContext,
  session: Session,
  { request, args, id }: Message,
): Reply | null {
  const entry = ENTRIES.get(request);
  if (entry === undefined) {
    throw new UnknownRequestError(
      `Cannot do "${shorten(request)}": no such request; see "requests" in the answer to "hello"`,
    );
  }
  if ((session.grant.all & entry.needs) === 0) {
    checkRule(request, entry.rule, args, session.grant, context.sensorShelves);
  }
  const { changes } = entry;
  if (changes === null) return entry.handle(context, args, session, id);
  return audited(
    context,
    session,
    { request, args },
    changes,
    () => entry.handle(context, args, session, id),
  );
}

/** Meets a request, and tells the audit what it has changed. */
function audited(
  context: HandlerContext,
  session: Session,
  { request, args }: Message,
  changes: Changes,
  meet: () => Reply | null,
): Reply | null {
  const stateOf = () => changes.state(context, args);
  const before = unlessMissing(stateOf);
  const reply = meet();
  const after = unlessMissing(stateOf);
  if (before !== after) {
    const about = changes.about(args);
    context.audit.record(actorOf(session), { what: request, about, before, after });
  }
  return reply;
}

/** What is asked for may not be there; the handler says so better. */
function unlessMissing(state: () => string): string | null {
  try {
    return state();
  } catch (error) {
    if (error instanceof FandError) return null;
    throw error;
  }
}

/** How much one page of an answer may hold. */
export function pageLimits(
  context: HandlerContext,
  request: string,
  args: readonly WireValue[],
  index: number,
): { entries: number; frameBytes: number; items: number } {
  const { maxFrameBytes: frameBytes, maxItems: items } = DEFAULT_WIRE_LIMITS;
  return {
    entries: pageSizeAt(request, args, index, context.config.limits.page),
    frameBytes,
    items,
  };
}

function limited(limit: { percent: number; text: string } | null): Reply {
  return limit === null ? DONE : [Request.ACK, [limit.percent, limit.text]];
}
