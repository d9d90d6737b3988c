/**
 * Single words of the command line read into values; each throws a UsageError that says what was
 * found and what to write.
 *
 * @module
 */
import { isLineSpec, KNOWN_LINES } from "../board/line_spec.ts";
import { unixPath } from "../communication/dial.ts";
import { UsageError } from "../errors.ts";
import {
  MAX_PORT,
  parseEndpoint as readEndpoint,
  parsePort as readPort,
} from "../sockets/address.ts";
import type { Binding, Endpoint, HoldTarget } from "./command.ts";
import { DEFAULT_PORT } from "./defaults.ts";
import { parsePercent } from "./percent.ts";

const BINDING_FORM = /^(.+)=([0-9]{1,2}(?:,[0-9]{1,2})*)$/;
const SECONDS_FORM = /^[0-9]+(?:\.[0-9]+)?$/;
/** The longest time limit: an hour. */
const MAX_TIMEOUT_S = 3_600;
const MAX_RPM = 100_000;

/** `SHELF=CHANNEL[,CHANNEL]…`; the last `=` divides, so that a shelf's name may hold one. */
export function parseBinding(text: string): Binding {
  const [, shelf, list] = BINDING_FORM.exec(text) ?? [];
  if (shelf === undefined || list === undefined) {
    throw new UsageError(
      `Cannot read the binding "${text}": it is not SHELF=CHANNEL[,CHANNEL]; ` +
        "write for example nas=0,1",
    );
  }
  return { shelf, channels: list.split(",").map(Number) };
}

/** The line to a board, as `openLine` takes it. */
export function parseBoard(text: string): string {
  if (isLineSpec(text)) return text;
  throw new UsageError(
    `Cannot read the board line "${text}": this is no known kind of line; write ${KNOWN_LINES}`,
  );
}

/** `HOST[:PORT]`, an IPv6 address in brackets; or `unix:` and the path of a socket. */
export function parseEndpoint(text: string): Endpoint {
  if (unixPath(text) !== null) return { host: text, port: DEFAULT_PORT };
  const found = readEndpoint(text);
  if (found !== null) return { host: found.host, port: found.port ?? DEFAULT_PORT };
  throw new UsageError(
    `Cannot read the server "${text}": it is not HOST[:PORT] with a port of 1 to 65535; ` +
      "write for example nas.example:9999 or [::1]:9999",
  );
}

/** A port: 1 to 65535. */
export function parsePort(text: string): number {
  const port = readPort(text);
  if (port !== null) return port;
  throw new UsageError(
    `Cannot read the port "${text}": it is not a whole number from 1 to ${MAX_PORT}; ` +
      `write for example ${DEFAULT_PORT}`,
  );
}

/** A time limit in seconds, as milliseconds. */
export function parseTimeout(text: string): number {
  const seconds = SECONDS_FORM.test(text) ? Number(text) : Number.NaN;
  if (seconds > 0 && seconds <= MAX_TIMEOUT_S) return seconds * 1000;
  throw new UsageError(
    `Cannot read the time limit "${text}": it is not a number of seconds above 0 and up to ` +
      `${MAX_TIMEOUT_S}; write for example 10 or 0.5`,
  );
}

/** A channel of a board, counted from 0. */
export function parseChannel(text: string): number {
  if (/^[0-9]{1,2}$/.test(text)) return Number(text);
  throw new UsageError(
    `Cannot read the channel "${text}": it is not a whole number from 0 to 99; write for example 0`,
  );
}

/** A whole number of percent that is at least `least`. */
export function parseWholePercent(text: string, least: number): number {
  const percent = /^[0-9]{1,3}$/.test(text) ? Number(text) : -1;
  if (percent >= least && percent <= 100) return percent;
  throw new UsageError(
    `Cannot read the percentage "${text}": it is not a whole number from ${least} to 100; write one`,
  );
}

/** The speed of a fan. */
export function parseRpm(text: string): number {
  const rpm = /^[0-9]{1,6}$/.test(text) ? Number(text) : 0;
  if (rpm >= 1 && rpm <= MAX_RPM) return rpm;
  throw new UsageError(
    `Cannot read the speed "${text}": it is not a whole number from 1 to ${MAX_RPM} rpm; ` +
      "write for example 1500",
  );
}

/** The speed of a line. */
export function parseBaud(text: string): number {
  const baud = /^[0-9]{1,7}$/.test(text) ? Number(text) : 0;
  if (baud >= 1) return baud;
  throw new UsageError(
    `Cannot read the speed "${text}": it is not a whole number of baud; write for example 57600`,
  );
}

/** What a channel shall be held at: a duty in percent, a speed as `1200rpm`, or `none`. */
export function parseTarget(text: string): HoldTarget {
  const [, rpm] = /^([0-9]+) ?rpm$/i.exec(text.trim()) ?? [];
  if (rpm !== undefined) return { rpm: parseRpm(rpm) };
  const percent = parsePercent(text);
  return percent === null ? null : { percent };
}

/** How often to show: 1 or more. */
export function parseCount(text: string): number {
  const count = /^[0-9]{1,9}$/.test(text) ? Number(text) : 0;
  if (count >= 1) return count;
  throw new UsageError(
    `Cannot read the count "${text}": it is not a whole number from 1 to 999999999; write one`,
  );
}
