/**
 * `[[alert]]` and `[[delivery]]` of a fand.toml.
 *
 * @module
 */

import type { AlertCondition } from "../../control/alerts/alert_rule.ts";
import type { AlertConfig, DeliveryConfig } from "../alert_config.ts";
import type { Names } from "../names.ts";
import { type KeyPath, type Problems, show } from "../problems.ts";
import { ALERT, DELIVERY, DELIVERY_TYPE } from "./schema.ts";
import { isTable, read } from "./rules.ts";

/** What an alert may refer to. */
export interface AlertContext {
  readonly problems: Problems;
  readonly sensors: Names;
  readonly shelves: Names;
  readonly deliveries: Names;
}

type AlertTable = NonNullable<ReturnType<typeof readKeys>>;

/** Reads one rule; null when it has problems. */
export function readAlert(
  value: unknown,
  path: KeyPath,
  context: AlertContext,
): AlertConfig | null {
  const { problems } = context;
  const before = problems.count;
  const alert = readKeys(value, path, problems);
  if (!alert) return null;
  expectAll(alert.sensors, context.sensors, [...path, "sensors"]);
  expectAll(alert.shelves, context.shelves, [...path, "shelves"]);
  expectAll(alert.deliver, context.deliveries, [...path, "deliver"]);
  const condition = readCondition(alert, path, problems);
  if (alert.shutdown && alert.severity !== "critical") {
    problems.add([...path, "shutdown"], "an alert that is not critical", 'severity = "critical"');
  }
  if (!condition || problems.count > before) return null;
  return {
    name: alert.name,
    severity: alert.severity,
    condition,
    warmUpMs: alert.warm_up_ms,
    holdMs: alert.hold_ms,
    clearMs: alert.clear_ms,
    repeatMs: alert.repeat_ms === 0 ? null : alert.repeat_ms,
    deliver: [...new Set(alert.deliver)],
    shutdown: alert.shutdown ?? null,
  };
}

function readKeys(value: unknown, path: KeyPath, problems: Problems) {
  return read(ALERT, value, path, problems);
}

function expectAll(names: readonly string[] | undefined, known: Names, path: KeyPath): void {
  for (const [index, name] of (names ?? []).entries()) known.expect(name, [...path, index]);
}

/** The keys that make a condition; each begins another one. */
const CONDITIONS = ["sensors", "duty_above_percent", "findings"] as const;
const ONE_CONDITION = CONDITIONS.map(show).join(", ").replace(/, ([^,]*)$/, " or $1");

function readCondition(
  alert: AlertTable,
  path: KeyPath,
  problems: Problems,
): AlertCondition | null {
  const given = CONDITIONS.filter((key) => alert[key] !== undefined);
  if (given.length !== 1) {
    const found = given.length === 0 ? "no condition" : given.map(show).join(" and ");
    problems.add(path, found, `one of ${ONE_CONDITION}`);
    return null;
  }
  const shelves = alert.shelves ?? null;
  if (alert.sensors) return readTemperature(alert, alert.sensors, path, problems);
  if (alert.duty_above_percent !== undefined) {
    return { type: "duty", shelves, abovePercent: alert.duty_above_percent };
  }
  const named = alert.findings ?? [];
  const kinds = named.filter((kind) => kind !== "any");
  return {
    type: "finding",
    kinds: kinds.length < named.length ? null : kinds,
    shelves,
    leastSeverity: alert.least_severity,
  };
}

function readTemperature(
  alert: AlertTable,
  sensors: readonly string[],
  path: KeyPath,
  problems: Problems,
): AlertCondition | null {
  const [aboveC = null, belowC = null] = [alert.above_c, alert.below_c];
  if (aboveC === null && belowC === null) {
    problems.add([...path, "sensors"], "no limit", '"above_c", "below_c" or both');
    return null;
  }
  if (aboveC !== null && belowC !== null && belowC >= aboveC) {
    problems.add([...path, "below_c"], show(belowC), `less than "above_c", ${aboveC}`);
    return null;
  }
  return { type: "temperature", sensors: [...new Set(sensors)], aboveC, belowC };
}

/** Reads one delivery; null when it has problems. */
export function readDelivery(
  value: unknown,
  path: KeyPath,
  problems: Problems,
): DeliveryConfig | null {
  const wanted = isTable(value) ? value["type"] : undefined;
  const type = read(DELIVERY_TYPE, wanted, [...path, "type"], problems);
  if (type === null) return null;
  if (type === "command") {
    const delivery = read(DELIVERY.command, value, path, problems);
    if (!delivery) return null;
    return { type, name: delivery.name, argv: delivery.argv, timeoutMs: delivery.timeout_ms };
  }
  if (type === "webhook") {
    const delivery = read(DELIVERY.webhook, value, path, problems);
    if (!delivery) return null;
    const { name, url, bearer_file: bearerFile = null, timeout_ms: timeoutMs } = delivery;
    return { type, name, url, timeoutMs, bearerFile };
  }
  const delivery = read(DELIVERY.log, value, path, problems);
  return delivery && { type, name: delivery.name };
}
