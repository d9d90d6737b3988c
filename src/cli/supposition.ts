/**
 * What `fanctl whatif` supposes, from its words to the request.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import type { WireMap, WireValue } from "../wire/value.ts";

/** One thing that is supposed to be otherwise. */
export interface SupposedWord {
  /** `fan`, `profile`, `override`, `sensor` for all sensors, or the name of one. */
  name: string;
  /** A number, `missing`, `stalled`, a profile… as it was written. */
  value: string;
}

const NUMBER_FORM = /^-?[0-9]+(?:\.[0-9]+)?$/;

/** `NAME=VALUE`; the last `=` divides, so that a name may hold one. */
export function parseSupposition(text: string): SupposedWord {
  const at = text.lastIndexOf("=");
  const [name, value] = [text.slice(0, at), text.slice(at + 1)];
  if (at > 0 && value !== "") return { name, value };
  throw new UsageError(
    `Cannot read the supposition "${text}": it is not NAME=VALUE; write for example cpu=missing`,
  );
}

/** The map that the request carries. */
export function suppositionMap(words: readonly SupposedWord[]): WireMap {
  const map: Record<string, WireValue> = {};
  const sensors: Record<string, WireValue> = {};
  for (const { name, value } of words) {
    const read = NUMBER_FORM.test(value) ? Number(value) : value;
    if (name === "fan") map.fans = value;
    else if (name === "profile") map.profile = value === "none" ? null : value;
    else if (name === "override") map.override = value === "none" ? null : read;
    else if (name === "sensor") map.sensors = read;
    else sensors[name] = read;
  }
  // One that is named goes before what holds for all.
  return Object.keys(sensors).length === 0 ? map : { ...map, sensors };
}
