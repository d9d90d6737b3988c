/**
 * Where alerts go, as the configuration says it. Nothing of it can be set over the wire.
 *
 * @module
 */
import type { AlertRule } from "../control/alerts/alert_rule.ts";

/** One place to tell alerts to. */
export type DeliveryConfig =
  /** The server's own log. */
  | { type: "log"; name: string }
  /** A program that gets the alert as JSON on its input; no shell reads its arguments. */
  | { type: "command"; name: string; argv: readonly string[]; timeoutMs: number }
  /** An HTTP POST of the alert as JSON. */
  | {
    type: "webhook";
    name: string;
    url: string;
    timeoutMs: number;
    /** A file that holds a token for the header `Authorization: Bearer`, or null. */
    bearerFile: string | null;
  };

/** A rule, and what is run when it is raised. */
export interface AlertConfig extends AlertRule {
  /** Run once each time that the alert is raised; only a critical rule has one. */
  shutdown: readonly string[] | null;
}

/** Everything about alerts. */
export interface AlertsConfig {
  rules: readonly AlertConfig[];
  deliveries: readonly DeliveryConfig[];
}

/** There without being asked for, under this name. */
export const LOG_DELIVERY: DeliveryConfig = { type: "log", name: "log" };

/** A server that nobody asked to tell anything. */
export const NO_ALERTS: AlertsConfig = { rules: [], deliveries: [LOG_DELIVERY] };
