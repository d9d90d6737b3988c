/**
 * How long a frame is on the air. Pure; the formula is that of Semtech's data sheets of the SX127x.
 *
 * @module
 */
import type { LoraRegion } from "../../sockets/radio/lora_regions.ts";

/** What LoRaWAN adds to a frame: its headers, the FPort and the integrity code. */
const OVERHEAD_BYTES = 13;
const PREAMBLE_SYMBOLS = 8 + 4.25;
/** A symbol above this length asks for the optimisation of low data rates. */
const LONG_SYMBOL_MS = 16;
/** FSK at data rate 7 and what is unknown: taken for the slowest. */
const SLOWEST = { spreadingFactor: 12, bandwidthKhz: 125 };

interface Modulation {
  readonly spreadingFactor: number;
  readonly bandwidthKhz: number;
}

/**
 * Milliseconds that an uplink takes.
 *
 * @param bytes Of the application: what a socket sends.
 */
export function uplinkMs(region: LoraRegion, dataRate: number, bytes: number): number {
  return airtimeMs(modulationOf(region, dataRate), bytes + OVERHEAD_BYTES);
}

/** Milliseconds that so many bytes take with an explicit header, a CRC and code rate 4/5. */
export function airtimeMs({ spreadingFactor, bandwidthKhz }: Modulation, bytes: number): number {
  const symbolMs = 2 ** spreadingFactor / bandwidthKhz;
  const reduced = symbolMs >= LONG_SYMBOL_MS ? 2 : 0;
  const bits = 8 * bytes - 4 * spreadingFactor + 28 + 16;
  const blocks = Math.max(0, Math.ceil(bits / (4 * (spreadingFactor - reduced))));
  return (PREAMBLE_SYMBOLS + 8 + blocks * 5) * symbolMs;
}

function modulationOf(region: LoraRegion, dataRate: number): Modulation {
  if (region === "US915") {
    return dataRate === 4
      ? { spreadingFactor: 8, bandwidthKhz: 500 }
      : { spreadingFactor: 10 - dataRate, bandwidthKhz: 125 };
  }
  if (dataRate >= 0 && dataRate <= 5) {
    return { spreadingFactor: 12 - dataRate, bandwidthKhz: 125 };
  }
  if (dataRate !== 6) return SLOWEST;
  return region === "AU915"
    ? { spreadingFactor: 8, bandwidthKhz: 500 }
    : { spreadingFactor: 7, bandwidthKhz: 250 };
}
