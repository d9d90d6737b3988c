/**
 * Shelves as a table, as a block and as a line.
 *
 * Pure: statuses and the time in, text out.
 *
 * @module
 */
import { formatDate } from "./date.ts";
import { formatRoughly } from "./duration.ts";
import { formatNumber } from "./percent.ts";
import type {
  FanStatus,
  OverrideStatus,
  SensorStatus,
  ShelfStatus,
} from "../client/shelf_status.ts";
import { tableLines } from "./table.ts";

/** When and where the reader is. */
export interface Reader {
  /** Milliseconds since the Unix epoch. */
  wallMs: number;
  localZone: string;
}

const HEADINGS = ["SHELF", "DUTY", "RPM", "HOTTEST", "OVERRIDE", "DECIDED", "BECAUSE"];
const RIGHT = new Set([1, 2]);

/** All shelves, a line each under a heading. */
export function statusTable(statuses: readonly ShelfStatus[], reader: Reader): string[] {
  const rows = statuses.map((status) => [
    status.shelf,
    duty(status.percent),
    rpm(status.rpm),
    hottest(status.sensors),
    shortOverride(status.override, reader),
    ago(status.decidedAgeMs),
    because(status),
  ]);
  return tableLines([HEADINGS, ...rows], RIGHT);
}

/** One shelf on one line, for a log. */
export function statusLine(status: ShelfStatus, reader: Reader): string {
  const parts = [
    formatDate(new Date(reader.wallMs), reader.localZone),
    status.shelf,
    duty(status.percent),
    status.rpm === null ? "rpm unknown" : `${rpm(status.rpm)} rpm`,
    hottest(status.sensors),
    because(status),
  ];
  return parts.filter((part) => part !== "-").join("  ");
}

/** Everything about one shelf. */
export function statusBlock(status: ShelfStatus, reader: Reader): string[] {
  const [, ...others] = status.causes;
  const rows: [string, string][] = [
    ["because", because(status)],
    ...others.map(({ text }, index): [string, string] => [index === 0 ? "also" : "", text]),
    ...sensorLines(status.sensors).map((line, index): [string, string] => [
      index === 0 ? "sensors" : "",
      line,
    ]),
    ["override", longOverride(status.override, reader)],
    ...status.findings.map(({ severity, text }, index): [string, string] => [
      index === 0 ? "findings" : "",
      `${severity}: ${text}`,
    ]),
    ["decided", decided(status)],
    ["fans", fans(status)],
    ...details(status),
  ];
  const lines = tableLines(rows.map(([name, text]) => [`  ${name}`, text]));
  return [`${status.shelf}: ${duty(status.percent)}, ${speed(status)}`, ...lines];
}

function duty(percent: number | null): string {
  return percent === null ? "-" : `${formatNumber(percent)} %`;
}

function rpm(value: number | null): string {
  return value === null ? "unknown" : String(Math.round(value));
}

function speed(status: ShelfStatus): string {
  return status.rpm === null ? "rpm unknown" : `${rpm(status.rpm)} rpm`;
}

function temperature(tempC: number | null): string {
  return tempC === null ? "-" : `${tempC.toFixed(1)} °C`;
}

function ago(ageMs: number | null): string {
  return ageMs === null ? "-" : `${formatRoughly(ageMs)} ago`;
}

function because(status: ShelfStatus): string {
  const waiting = status.pending ? "waiting for first readings; " : "";
  return waiting + (status.fault || status.causes[0]?.text || "-");
}

function hottest(sensors: readonly SensorStatus[]): string {
  const [first] = sensors.filter(({ tempC }) => tempC !== null)
    .sort((one, other) => (other.tempC ?? 0) - (one.tempC ?? 0));
  return first === undefined ? "-" : `${first.name} ${temperature(first.tempC)}`;
}

function sensorLines(sensors: readonly SensorStatus[]): string[] {
  if (sensors.length === 0) return ["none"];
  return tableLines(sensors.map((sensor) => [
    sensor.name,
    sensor.kind,
    temperature(sensor.tempC),
    sensor.fault === "" ? sensor.state : `${sensor.state} (${sensor.fault})`,
    ago(sensor.ageMs),
    sensor.reason,
  ]));
}

function shortOverride(override: OverrideStatus | null, reader: Reader): string {
  if (override === null) return "-";
  const left = override.expires === null ? "" : `, ${remaining(override.expires, reader)}`;
  return `${duty(override.percent)}${left}`;
}

function longOverride(override: OverrideStatus | null, reader: Reader): string {
  if (override === null) return "none";
  const until = override.expires === null
    ? " until it is taken back"
    : ` until ${formatDate(override.expires, reader.localZone)} (${
      remaining(override.expires, reader)
    })`;
  const forced = override.forced ? ", forced" : "";
  const by = override.owner === "" ? "" : `, by ${override.owner}`;
  const why = override.reason === "" ? "" : ` (${override.reason})`;
  const limit = override.limit === "" ? "" : `; limited by ${override.limit}`;
  return `${duty(override.percent)}${until}${forced}${by}${why}${limit}`;
}

function remaining(expires: Date, { wallMs }: Reader): string {
  return `${formatRoughly(expires.getTime() - wallMs)} left`;
}

function decided({ decidedAgeMs, ttlMs }: ShelfStatus): string {
  const validity = ttlMs === null ? "" : `, good for ${formatRoughly(ttlMs)}`;
  return `${ago(decidedAgeMs)}${validity}`;
}

function fans(status: ShelfStatus): string {
  if (status.rpmAgeMs === null) return "no agent has reported";
  return `${speed(status)}, reported ${ago(status.rpmAgeMs)}`;
}

/** What needs no line of its own when there is only one. */
const UNREMARKABLE = new Set(["spinning", "starting", "unknown"]);

/** Fans are worth a line each when they are several, or something is odd about the only one. */
function fanLines(fans: readonly FanStatus[]): [string, string][] {
  if (fans.length === 1 && UNREMARKABLE.has(fans[0]?.state ?? "")) return [];
  return fans.map(({ board, channel, rpm: speed, state, applied }, index) => {
    const where = `${channel ?? "?"}${board === "" ? "" : ` of ${board}`}`;
    const rpmText = speed === null ? "" : `, ${rpm(speed)} rpm`;
    return [index === 0 ? "each" : "", `${where}: ${state} at ${duty(applied)}${rpmText}`];
  });
}

function details({ details: board, fans }: ShelfStatus): [string, string][] {
  if (board === null) return fanLines(fans);
  const applied = board.applied.map((percent, channel) => {
    const compare = board.compare[channel];
    const register = compare === undefined
      ? ""
      : ` (compare ${compare} of ${board.steps[channel] ?? "?"})`;
    return `${duty(percent)}${register}`;
  });
  const lines: [string, string][] = [];
  if (board.state !== "") lines.push(["agent", board.state]);
  if (applied.length > 0) lines.push(["applied", applied.join(", ")]);
  if (board.rpms.length > 1 && fans.length === 0) {
    lines.push(["speeds", `${board.rpms.map(rpm).join(", ")} rpm`]);
  }
  return [...lines, ...fanLines(fans)];
}
