/**
 * Follows every rule through time: what must hold for a while before it is told, and be over for a
 * while before it ends. Pure: the time is passed in.
 *
 * @module
 */
import { type AlertView, observe } from "./alert_conditions.ts";
import type { AlertEvent, AlertRule } from "./alert_rule.ts";

/** Subjects that are followed at once, over all rules; what is beyond is counted and not told. */
export const MOST_ALERTS = 1000;

/** How one subject of a rule stands. */
export interface AlertState {
  rule: string;
  subject: string;
  text: string;
  /** Since when it has been true (monotonic). */
  sinceMs: number;
  /** Since when it has been over, or null while it is true. */
  overSinceMs: number | null;
  /** When it was first told, or null while it has not held for long enough. */
  raisedMs: number | null;
  toldMs: number;
  /** Whoever has said that it is seen to; it is not told again before it is over. */
  acknowledgedBy: string | null;
}

/** Everything that is to be kept over a reload. */
export interface AlertWatchState {
  bornMs: number;
  alerts: AlertState[];
}

/** The rules of a server and how they stand. */
export class AlertWatch {
  readonly #rules: readonly AlertRule[];
  readonly #bornMs: number;
  /** By rule, then by subject. */
  readonly #alerts = new Map<string, Map<string, AlertState>>();
  #size = 0;
  /** How often a subject was not followed because there were too many. */
  dropped = 0;

  /** @param state What an earlier watch has left: rules that are still there go on with it. */
  constructor(rules: readonly AlertRule[], bornMs: number, state?: AlertWatchState) {
    this.#rules = rules;
    this.#bornMs = state?.bornMs ?? bornMs;
    for (const { name } of rules) this.#alerts.set(name, new Map());
    for (const alert of state?.alerts ?? []) {
      if (this.#alerts.has(alert.rule)) this.#follow({ ...alert });
    }
  }

  /** Judges every rule at `nowMs` and returns what is to be told. */
  judge(view: AlertView, nowMs: number): AlertEvent[] {
    const events: AlertEvent[] = [];
    for (const rule of this.#rules) {
      const { met, unknown } = observe(rule.condition, view);
      const alerts = this.#alerts.get(rule.name) ?? new Map<string, AlertState>();
      for (const [subject, text] of met) {
        this.#see(rule, alerts.get(subject), { subject, text, nowMs }, events);
      }
      for (const [subject, alert] of alerts) {
        if (met.has(subject) || unknown.has(subject)) continue;
        alert.overSinceMs ??= nowMs;
        const isOver = nowMs - alert.overSinceMs >= rule.clearMs;
        if (alert.raisedMs !== null && !isOver) continue;
        alerts.delete(subject);
        this.#size--;
        if (alert.raisedMs !== null) events.push(eventOf("cleared", rule, alert, nowMs));
      }
    }
    return events;
  }

  /** Alerts that have been told and are not over, in the order of their rules. */
  active(): Readonly<AlertState>[] {
    return [...this.#alerts.values()].flatMap((alerts) =>
      [...alerts.values()].filter(({ raisedMs }) => raisedMs !== null)
    );
  }

  /**
   * Stops the repeating of what is active.
   *
   * @param subject Null: every subject of the rule.
   * @returns How many alerts that was.
   */
  acknowledge(rule: string, subject: string | null, by: string): number {
    const found = this.active()
      .filter((alert) => alert.rule === rule && (subject === null || alert.subject === subject));
    for (const alert of found as AlertState[]) alert.acknowledgedBy = by;
    return found.length;
  }

  /** What a watch over other rules needs to go on. */
  state(): AlertWatchState {
    const alerts = [...this.#alerts.values()].flatMap((each) => [...each.values()]);
    return { bornMs: this.#bornMs, alerts: alerts.map((alert) => ({ ...alert })) };
  }

  #see(
    rule: AlertRule,
    known: AlertState | undefined,
    { subject, text, nowMs }: { subject: string; text: string; nowMs: number },
    events: AlertEvent[],
  ): void {
    const alert = known ?? this.#follow({
      rule: rule.name,
      subject,
      text,
      sinceMs: nowMs,
      overSinceMs: null,
      raisedMs: null,
      toldMs: nowMs,
      acknowledgedBy: null,
    });
    if (alert === null) return;
    alert.text = text;
    alert.overSinceMs = null;
    if (alert.raisedMs === null) {
      const hasHeld = nowMs - alert.sinceMs >= rule.holdMs;
      if (!hasHeld || nowMs - this.#bornMs < rule.warmUpMs) return;
      alert.raisedMs = alert.toldMs = nowMs;
      events.push(eventOf("raised", rule, alert, nowMs));
      return;
    }
    if (rule.repeatMs === null || alert.acknowledgedBy !== null) return;
    if (nowMs - alert.toldMs < rule.repeatMs) return;
    alert.toldMs = nowMs;
    events.push(eventOf("repeated", rule, alert, nowMs));
  }

  #follow(alert: AlertState): AlertState | null {
    if (this.#size >= MOST_ALERTS) {
      this.dropped++;
      return null;
    }
    this.#alerts.get(alert.rule)?.set(alert.subject, alert);
    this.#size++;
    return alert;
  }
}

function eventOf(
  type: AlertEvent["type"],
  rule: AlertRule,
  alert: AlertState,
  nowMs: number,
): AlertEvent {
  return {
    type,
    rule: rule.name,
    severity: rule.severity,
    subject: alert.subject,
    text: type === "cleared" ? `over: ${alert.text}` : alert.text,
    lastedMs: nowMs - alert.sinceMs,
  };
}
