/**
 * The requests about alerts.
 *
 * @module
 */

import { Request } from "../../wire/request.ts";
import type { WireValue } from "../../wire/value.ts";
import type { Reply, Session } from "../sessions/session.ts";
import { checkCount, optionalTextAt, textAt } from "./arguments.ts";
import { type HandlerContext, pageLimits } from "./handlers.ts";
import { page } from "./page.ts";
import { shorten } from "./shorten.ts";

const MOST_TEXT = 300;

/** `alerts`: those that are active, page by page. */
export function listAlerts(context: HandlerContext, args: readonly WireValue[]): Reply {
  const request = Request.ALERTS;
  checkCount(request, args, 0, 2);
  const cursor = optionalTextAt(request, args, 0);
  const limits = pageLimits(context, request, args, 1);
  const nowMs = context.clock.monotonicMs();
  const alerts = new Map(
    context.alerts.active().map((alert) => [JSON.stringify([alert.rule, alert.subject]), alert]),
  );
  return [
    request,
    page([...alerts.keys()].sort(), cursor, limits, (key) => {
      const alert = alerts.get(key);
      return alert === undefined ? null : {
        rule: alert.rule,
        severity: context.alerts.severityOf(alert.rule),
        subject: shorten(alert.subject, MOST_TEXT),
        text: shorten(alert.text, MOST_TEXT),
        lasted_ms: Math.round(nowMs - alert.sinceMs),
        acknowledged_by: alert.acknowledgedBy,
      };
    }),
  ];
}

/** `acknowledge_alert`: answers how many alerts that were. */
export function acknowledgeAlert(
  { alerts }: HandlerContext,
  args: readonly WireValue[],
  session: Session,
): Reply {
  const request = Request.ACKNOWLEDGE_ALERT;
  checkCount(request, args, 1, 2);
  const rule = textAt(request, args, 0);
  const subject = optionalTextAt(request, args, 1);
  return [Request.ACK, [alerts.acknowledge(rule, subject, session.peer)]];
}
