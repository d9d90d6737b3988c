/**
 * How a serial port is opened, in the words of Web Serial.
 *
 * @module
 */
import { SerialError } from "./serial_error.ts";

/** How bytes go over the line, and what happens when the port is opened. */
export interface SerialOptions {
  /** Bits a second: any whole number from 1 that the hardware can make, such as 250 000. */
  readonly baudRate: number;
  /** Data bits in a character; 8 unless told. */
  readonly dataBits?: 7 | 8;
  /** Stop bits; 1 unless told. */
  readonly stopBits?: 1 | 2;
  /** `none` unless told. A character whose parity is wrong is left out. */
  readonly parity?: "none" | "even" | "odd";
  /** `hardware` is RTS and CTS; `none` unless told. */
  readonly flowControl?: "none" | "hardware";
  /**
   * Bytes that are kept for a reader who does not read, and for a writer who does not wait; 4096
   * unless told, 1 to 16 777 216. Beyond it the system's own buffer fills.
   */
  readonly bufferSize?: number;
  /**
   * Whether opening resets what is connected: an Arduino's reset hangs on DTR.
   *
   * - `never` (unless told): DTR stays as it is. The system itself raises it when a port is opened
   *   for the first time after it was plugged in, and not again, because this driver leaves it up
   *   when it closes.
   * - `always`: DTR and RTS go down for 100 ms and up again.
   * - `wait`: as `always`; then two seconds for the bootloader, and what came meanwhile is dropped.
   */
  readonly resetOnOpen?: "never" | "always" | "wait";
}

/** {@link SerialOptions} with nothing left out. */
export type SerialSettings = Required<SerialOptions>;

const DEFAULTS: Omit<SerialSettings, "baudRate"> = {
  dataBits: 8,
  stopBits: 1,
  parity: "none",
  flowControl: "none",
  bufferSize: 4096,
  resetOnOpen: "never",
};

/** The largest number that fits where the kernel keeps a speed. */
const MOST_BAUD = 0xffff_ffff;
const MOST_BUFFER_BYTES = 16_777_216;

/** What each option may be, for options that are one of a few. */
const CHOICES = {
  dataBits: [7, 8],
  stopBits: [1, 2],
  parity: ["none", "even", "odd"],
  flowControl: ["none", "hardware"],
  resetOnOpen: ["never", "always", "wait"],
} as const;

/**
 * Fills in what is left out.
 *
 * @throws {SerialError} `bad_option`, before anything is opened.
 */
export function serialSettings(options: SerialOptions): SerialSettings {
  const settings = { ...DEFAULTS, ...withoutUndefined(options) };
  requireWhole("baudRate", settings.baudRate, MOST_BAUD);
  requireWhole("bufferSize", settings.bufferSize, MOST_BUFFER_BYTES);
  for (const [name, allowed] of Object.entries(CHOICES)) {
    const found = settings[name as keyof typeof CHOICES];
    if ((allowed as readonly unknown[]).includes(found)) continue;
    throw badOption(name, found, `one of ${allowed.join(", ")}`);
  }
  return settings;
}

function withoutUndefined(options: SerialOptions): SerialOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as unknown as SerialOptions;
}

function requireWhole(name: string, found: number, most: number): void {
  if (Number.isInteger(found) && found >= 1 && found <= most) return;
  throw badOption(name, found, `a whole number from 1 to ${most}`);
}

function badOption(name: string, found: unknown, allowed: string): SerialError {
  return new SerialError(
    `Cannot open a serial port: ${name} is ${found}; give ${allowed}`,
    "bad_option",
  );
}
