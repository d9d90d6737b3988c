/**
 * An alert as it leaves the server.
 *
 * @module
 */
import type { AlertEvent } from "../../control/alerts/alert_rule.ts";

/** One message about an alert; what a command reads and a webhook gets, as JSON. */
export interface Notice {
  readonly type: AlertEvent["type"];
  readonly rule: string;
  readonly severity: AlertEvent["severity"];
  readonly subject: string;
  /** Without control characters, at most {@link MOST_TEXT} characters. */
  readonly text: string;
  /** When it was told, ISO 8601 in UTC. */
  readonly at: string;
  /** For how long the condition has lasted, in whole milliseconds. */
  readonly lasted_ms: number;
  /** What tells it, such as `fand/0.1.0`. */
  readonly from: string;
}

/** Characters of a text that are told. */
export const MOST_TEXT = 500;

/** `event` as a message of `wallMs`. */
export function noticeOf(event: AlertEvent, wallMs: number, from: string): Notice {
  return {
    type: event.type,
    rule: event.rule,
    severity: event.severity,
    subject: plain(event.subject),
    text: plain(event.text),
    at: new Date(wallMs).toISOString(),
    lasted_ms: Math.round(event.lastedMs),
    from,
  };
}

/** Names of sensors and devices come from outside; whoever shows them must not be surprised. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ").slice(0, MOST_TEXT);
}
