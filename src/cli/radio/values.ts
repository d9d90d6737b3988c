/**
 * Single words of `fanctl radio` read into values.
 *
 * @module
 */
import { isLineSpec, KNOWN_LINES } from "../../board/line_spec.ts";
import { UsageError } from "../../errors.ts";
import { MOST_RADIO_SHELVES } from "../../wire/radio/limits.ts";
import type { DeviceBinding, TemperatureChoice } from "./command.ts";

/** The line to a modem: any but that of a board. */
export function parseModem(text: string): string {
  if (isLineSpec(text) && !/^(sim|hwmon):/.test(text)) return text;
  throw new UsageError(
    `Cannot read the modem's line "${text}": this is no serial port; write ${
      KNOWN_LINES.split(", ").filter((kind) => !/sim:|hwmon:/.test(kind)).join(", ")
    }`,
  );
}

/** `DEVEUI=SHELF[,SHELF]…`. */
export function parseDevice(text: string): DeviceBinding {
  const [, device, list] = text.match(/^([0-9A-Fa-f]{16})=(.+)$/s) ?? [];
  const shelves = list?.split(",") ?? [];
  if (
    device === undefined || shelves.length > MOST_RADIO_SHELVES || shelves.includes("") ||
    new Set(shelves).size < shelves.length
  ) {
    throw new UsageError(
      `Cannot read the device "${text}": it is not DEVEUI=SHELF[,SHELF] with 1 to ` +
        `${MOST_RADIO_SHELVES} shelves; write for example AC1F09FFFE000001=attic`,
    );
  }
  return { device: device.toUpperCase(), shelves };
}

/** `SHELF=cpu` or `SHELF=FILE`. */
export function parseTemperature(text: string): TemperatureChoice {
  const [, shelf, place] = text.match(/^(.+?)=(cpu|\/.+)$/s) ?? [];
  if (shelf === undefined || place === undefined) {
    throw new UsageError(
      `Cannot read the temperature "${text}": it is not SHELF=cpu or SHELF=/FILE; ` +
        "write for example attic=cpu",
    );
  }
  return { shelf, source: place === "cpu" ? "cpu" : { path: place } };
}

/** A data rate of LoRaWAN. */
export function parseDataRate(text: string): number {
  if (/^[0-6]$/.test(text)) return Number(text);
  throw new UsageError(
    `Cannot read the data rate "${text}": it is not a whole number from 0 to 6; write for example 3`,
  );
}
