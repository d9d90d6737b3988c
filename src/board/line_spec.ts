/**
 * How the line to a board is named, in a configuration and on a command line. Pure.
 *
 * @module
 */
import { BoardError } from "../errors.ts";
import { parseEndpoint } from "../sockets/address.ts";

/** A line, taken apart. */
export type LineSpec =
  | { readonly kind: "sim"; readonly seed: number }
  | { readonly kind: "tty"; readonly port: string; readonly baudRate: number }
  | { readonly kind: "tcp"; readonly hostname: string; readonly port: number }
  | HwmonSpec;

/** Outputs of a motherboard, taken apart. */
export interface HwmonSpec {
  readonly kind: "hwmon";
  /** The chip's name: `nct6775`. */
  readonly chip: string;
  /** The device, or some directories of its path in a row; null when the name is enough. */
  readonly device: string | null;
  /** The outputs that are the board's channels, in order; null for all that the chip has. */
  readonly outputs: readonly OutputSpec[] | null;
}

/** One output, and the tachometer of its fan. */
export interface OutputSpec {
  /** N of `pwmN`. */
  readonly pwm: number;
  /** N of `fanN_input`. */
  readonly fan: number;
}

/** What a line may be, for messages. */
export const KNOWN_LINES = '"sim:" or "sim:SEED", "tty:usb-VID:PID:SERIAL", "tty:/dev/…" or ' +
  '"/dev/…", "tcp://HOST:PORT", "hwmon:CHIP"';

const DEFAULT_SEED = 1;
/** What the firmware in this repository speaks. */
const BOARD_BAUD = 250_000;

/** A device file or a USB device; a speed may follow. */
const TTY = /^(?:tty:)?(\/[^\0]+?)(?:@(\d{1,9}))?$|^tty:(usb-[^\0]+?)(?:@(\d{1,9}))?$/;
const USB = /^usb-[0-9a-f]{4}:[0-9a-f]{4}(:.+)?$/i;
/** The chip, the device that it is, its outputs. */
const HWMON = /^hwmon:([^\s@:/]+)(?:@(\/?[^\s@]+?))?(?::(pwm\d{1,2}[pwmfan=,\d]*))?$/;
const OUTPUT = /^pwm([1-9]\d?)(?:=fan([1-9]\d?))?$/;
const TCP = /^tcp:\/\/([^/]*)$/i;

/**
 * Takes the name of a line apart:
 *
 * - `sim:` or `sim:SEED`: a simulated board;
 * - `/dev/…` or `tty:/dev/…`: a serial port by a device file or a link to one;
 * - `tty:usb-VID:PID:SERIAL` or `tty:usb-VID:PID`: a serial port wherever it is plugged in;
 * - either with `@BAUD` at its end, for another speed than 250 000 baud;
 * - `tcp://HOST:PORT`: a serial port that another machine hands on as it is;
 * - `hwmon:CHIP`: the outputs that this machine's motherboard has, by the name of the chip; with
 *   `@DEVICE` after it where several chips have that name, and with `:pwm2,pwm5` at its end for
 *   some of its outputs, each with `=fan3` where its tachometer has another number.
 *
 * @param baudRate the speed of a serial port that names none
 * @throws {BoardError} when it is none of these
 */
export function parseLineSpec(spec: string, baudRate = BOARD_BAUD): LineSpec {
  const endpoint = parseEndpoint(spec.match(TCP)?.[1] ?? "");
  if (endpoint !== null && endpoint.port !== null) {
    return { kind: "tcp", hostname: endpoint.host, port: endpoint.port };
  }
  const [, path, pathBaud, usb, usbBaud] = spec.match(TTY) ?? [];
  const port = path ?? usb;
  const speed = Number(pathBaud ?? usbBaud ?? baudRate);
  if (port !== undefined && speed > 0 && (path !== undefined || USB.test(port))) {
    return { kind: "tty", port, baudRate: speed };
  }
  const hwmon = parseHwmon(spec);
  if (hwmon !== null) return hwmon;
  const [, seed] = spec.match(/^sim:(.*)$/s) ?? [];
  if (seed !== undefined && /^[0-9]{0,9}$/.test(seed)) {
    return { kind: "sim", seed: seed === "" ? DEFAULT_SEED : Number(seed) };
  }
  const found = seed === undefined
    ? `this is no known kind of line; use ${KNOWN_LINES}`
    : `"${seed}" is not a seed; use an integer from 0 to 999999999`;
  throw new BoardError(`Cannot open the board line "${spec}": ${found}`);
}

function parseHwmon(spec: string): HwmonSpec | null {
  const [, chip, device = null, list] = spec.match(HWMON) ?? [];
  if (chip === undefined) return null;
  const outputs = list?.split(",").map((text) => {
    const [, pwm, fan = pwm] = text.match(OUTPUT) ?? [];
    return { pwm: Number(pwm), fan: Number(fan) };
  }) ?? null;
  const numbers = outputs?.map(({ pwm }) => pwm) ?? [];
  if (numbers.some(Number.isNaN) || new Set(numbers).size < numbers.length) return null;
  return { kind: "hwmon", chip, device, outputs };
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
