/**
 * Opens a radio by the name of its line.
 *
 * @module
 */
import { openLine } from "../board/open_line.ts";
import { type Clock, systemClock } from "../clock.ts";
import { type Log, silentLog } from "../log.ts";
import { LorawanModem } from "./lorawan/lorawan_modem.ts";
import { SigfoxModem, type SigfoxZone } from "./sigfox/sigfox_modem.ts";

/** What their makers set them to. */
const LORAWAN_BAUD = 115_200;
const SIGFOX_BAUD = 9600;

/** How a radio is opened. */
export interface OpenRadioOptions {
  /** Default: that of this machine. */
  readonly clock?: Clock;
  /** Where it tells what becomes of it; default: nowhere. */
  readonly log?: Log;
  /** 0 up to but not including 1; spreads devices that come back. */
  readonly random?: () => number;
}

/**
 * Opens a LoRaWAN modem with RAK's RUI3 commands, such as a RAK3172, and lets it join. It is opened
 * again after every loss, and joins again, until it is closed.
 *
 * @param line A serial port as `/dev/ttyUSB0`, `tty:usb-1a86:7523` or `tcp://nas:3333`; its speed
 * is 115 200 baud unless it ends with another, as `@9600`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * await using radio = openLorawanModem("/dev/serial/by-id/usb-example_modem-if00");
 * assert.equal(radio.isUp, false);
 * ```
 */
export function openLorawanModem(line: string, options: OpenRadioOptions = {}): LorawanModem {
  return new LorawanModem(keeperOptions(line, LORAWAN_BAUD, options));
}

/**
 * Opens a Sigfox modem with Wisol's commands, such as an SFM10R1. It is opened again after every
 * loss, until it is closed.
 *
 * @param line As {@linkcode openLorawanModem} takes it; the speed is 9600 baud.
 * @param options With the zone, 1 unless told otherwise: in zones 2 and 4 channels are changed.
 */
export function openSigfoxModem(
  line: string,
  options: OpenRadioOptions & { readonly zone?: SigfoxZone } = {},
): SigfoxModem {
  return new SigfoxModem({
    ...keeperOptions(line, SIGFOX_BAUD, options),
    ...options.zone !== undefined && { zone: options.zone },
  });
}

function keeperOptions(line: string, baudRate: number, options: OpenRadioOptions) {
  const { clock = systemClock, log = silentLog, random = Math.random } = options;
  return { name: line, clock, log, random, open: () => openLine(line, { log, baudRate }) };
}
