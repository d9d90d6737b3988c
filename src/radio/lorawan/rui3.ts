/**
 * What a LoRaWAN modem with RAK's RUI3 firmware says, such as the RAK3172. Pure.
 *
 * @module
 */
import type { LoraRegion } from "../../sockets/radio/lora_regions.ts";
import type { RadioPacket } from "../../sockets/radio/radio.ts";
import { RadioError, type RadioFailure } from "../../sockets/radio/radio_error.ts";
import type { Dialect } from "../at/at_modem.ts";

/** How RUI3 speaks. */
export const RUI3: Dialect = {
  end: "\r\n",
  isEvent: (line) => /^\+(EVT|BC):|^Restricted_Wait_|^Current Work Mode:/.test(line),
  isStatus: (line) => line === "OK" || /^AT_[A-Z_]+$/.test(line),
};

/** What a modem tells by itself. */
export type ModemEvent =
  | { readonly kind: "joined" | "join_failed" | "sent" | "confirmed" | "unconfirmed" | "started" }
  | { readonly kind: "restricted"; readonly waitMs: number }
  | { readonly kind: "packet"; readonly packet: RadioPacket }
  /** Something that this driver does not need, or does not understand. */
  | { readonly kind: "other"; readonly isBroken: boolean };

/** `RX_1:RSSI:SNR:UNICAST:PORT:HEX`; of class B and C the window is a letter. */
const DOWNLINK = /^\+EVT:RX_[12BC]:-?\d+:-?\d+:UNICAST:(\d{1,3}):((?:[0-9A-Fa-f]{2})*)$/;

/** Firmwares write the words with spaces or underscores, and add a reason. */
const EVENTS: readonly (readonly [RegExp, "joined" | "join_failed" | "sent" | "confirmed"])[] = [
  [/^\+EVT:JOINED$/, "joined"],
  [/^\+EVT:JOIN[ _]FAILED/, "join_failed"],
  [/^\+EVT:TX_DONE$/, "sent"],
  [/^\+EVT:SEND[ _]CONFIRMED[ _]OK/, "confirmed"],
];

/** Understands a line that {@linkcode RUI3} takes for an event. */
export function readEvent(line: string): ModemEvent {
  const known = EVENTS.find(([pattern]) => pattern.test(line));
  if (known !== undefined) return { kind: known[1] };
  if (/^\+EVT:SEND[ _]CONFIRMED[ _]FAILED/.test(line)) return { kind: "unconfirmed" };
  if (line.startsWith("Current Work Mode:")) return { kind: "started" };
  const [, wait] = line.match(/^Restricted_Wait_(\d{1,9})_ms$/) ?? [];
  if (wait !== undefined) return { kind: "restricted", waitMs: Number(wait) };
  const [, port, hex] = line.match(DOWNLINK) ?? [];
  if (port !== undefined && hex !== undefined && Number(port) <= 255) {
    // A downlink without content acknowledges, and is for nobody.
    if (hex === "") return { kind: "other", isBroken: false };
    return { kind: "packet", packet: { port: Number(port), bytes: Uint8Array.fromHex(hex) } };
  }
  return { kind: "other", isBroken: line.startsWith("+EVT:RX_") };
}

/** The regions, as `AT+BAND` numbers them. */
const BANDS: Readonly<Record<string, LoraRegion>> = {
  0: "EU433",
  1: "CN470",
  2: "RU864",
  3: "IN865",
  4: "EU868",
  5: "US915",
  6: "AU915",
  7: "KR920",
  8: "AS923",
  9: "AS923",
  10: "AS923",
  11: "AS923",
};

/** The region of a band, or null for one that is not known here. */
export function regionOf(band: string): LoraRegion | null {
  return Object.hasOwn(BANDS, band) ? BANDS[band] ?? null : null;
}

/** The value that `AT+NAME=?` was answered with: bare, or behind its own name. */
export function valueOf(name: string, values: readonly string[]): string {
  const value = values.at(-1) ?? "";
  const prefix = `AT+${name}=`;
  return value.startsWith(prefix) ? value.slice(prefix.length) : value;
}

/** What the statuses mean; both spellings of the duty cycle are in use. */
const STATUSES: Readonly<Record<string, readonly [RadioFailure, string]>> = {
  AT_BUSY_ERROR: ["busy", "it is busy; try again later"],
  AT_DUTYCYCLE_RESTRICTED: ["restricted", "the duty cycle does not allow it now; wait"],
  AT_DUTYCYLE_RESTRICTED: ["restricted", "the duty cycle does not allow it now; wait"],
  AT_NO_NETWORK_JOINED: ["not_joined", "it has not joined a network; wait until it has"],
  AT_TEST_PARAM_OVERFLOW: ["too_long", "it is too long; send less"],
  AT_PARAM_ERROR: ["refused", "a parameter is wrong; check the band and its limits"],
  AT_RX_ERROR: ["busy", "it did not receive the command whole; try again"],
};

/**
 * The error that a status stands for.
 *
 * @param waitMs What the modem has said of it before, if anything.
 */
export function statusFailure(command: string, status: string, waitMs: number | null): RadioError {
  const [reason, found] = STATUSES[status] ??
    ["refused", `"${status}" found; check that the firmware is RUI3`];
  const message = `Cannot do "${command}": ${found}`;
  if (waitMs === null) return new RadioError(message, reason);
  const restricted = `Cannot do "${command}": the duty cycle allows nothing for ${waitMs} ms; wait`;
  return new RadioError(restricted, "restricted", { waitMs });
}
