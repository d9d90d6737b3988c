/**
 * How the line to a board is named, in a configuration and on a command line. Pure.
 *
 * @module
 */
import { BoardError } from "../errors.ts";

/** A line, taken apart. */
export type LineSpec =
  | { readonly kind: "sim"; readonly seed: number }
  | { readonly kind: "tty"; readonly port: string; readonly baudRate: number }
  | { readonly kind: "tcp"; readonly hostname: string; readonly port: number };

/** What a line may be, for messages. */
export const KNOWN_LINES = '"sim:" or "sim:SEED", "tty:usb-VID:PID:SERIAL", "tty:/dev/…" or ' +
  '"/dev/…", "tcp://HOST:PORT"';

const DEFAULT_SEED = 1;
/** What the firmware in this repository speaks. */
const BOARD_BAUD = 250_000;

/** A device file or a USB device; a speed may follow. */
const TTY = /^(?:tty:)?(\/[^\0]+?)(?:@(\d{1,9}))?$|^tty:(usb-[^\0]+?)(?:@(\d{1,9}))?$/;
const USB = /^usb-[0-9a-f]{4}:[0-9a-f]{4}(:.+)?$/i;
const TCP = /^tcp:\/\/(?:\[([0-9a-f:.%]+)\]|([^\s:/[\]]+)):(\d{1,5})$/i;

/**
 * Takes the name of a line apart:
 *
 * - `sim:` or `sim:SEED`: a simulated board;
 * - `/dev/…` or `tty:/dev/…`: a serial port by a device file or a link to one;
 * - `tty:usb-VID:PID:SERIAL` or `tty:usb-VID:PID`: a serial port wherever it is plugged in;
 * - either with `@BAUD` at its end, for another speed than 250 000 baud;
 * - `tcp://HOST:PORT`: a serial port that another machine hands on as it is.
 *
 * @throws {BoardError} when it is none of these
 */
export function parseLineSpec(spec: string): LineSpec {
  const [, ipv6, host, tcpPort = ""] = spec.match(TCP) ?? [];
  const hostname = ipv6 ?? host;
  if (hostname !== undefined && Number(tcpPort) >= 1 && Number(tcpPort) <= 65_535) {
    return { kind: "tcp", hostname, port: Number(tcpPort) };
  }
  const [, path, pathBaud, usb, usbBaud] = spec.match(TTY) ?? [];
  const port = path ?? usb;
  const baudRate = Number(pathBaud ?? usbBaud ?? BOARD_BAUD);
  if (port !== undefined && baudRate > 0 && (path !== undefined || USB.test(port))) {
    return { kind: "tty", port, baudRate };
  }
  const [, seed] = spec.match(/^sim:(.*)$/s) ?? [];
  if (seed !== undefined && /^[0-9]{0,9}$/.test(seed)) {
    return { kind: "sim", seed: seed === "" ? DEFAULT_SEED : Number(seed) };
  }
  const found = seed === undefined
    ? `this is no known kind of line; use ${KNOWN_LINES}`
    : `"${seed}" is not a seed; use an integer from 0 to 999999999`;
  throw new BoardError(`Cannot open the board line "${spec}": ${found}`);
}

/** Whether {@link parseLineSpec} takes it. */
export function isLineSpec(spec: string): boolean {
  try {
    parseLineSpec(spec);
    return true;
  } catch (error) {
    if (error instanceof BoardError) return false;
    throw error;
  }
}
