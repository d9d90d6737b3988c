/**
 * What a sample of a shelf's fans becomes in a report.
 *
 * @module
 */
import type { RadioShelf } from "../../wire/radio/report.ts";
import { isWireMap, type WireValue } from "../../wire/value.ts";
import type { ShelfSample } from "../shelf_sample.ts";

/**
 * A shelf for the radio. The thermistor of the board goes with its first shelf, after what else is
 * measured.
 *
 * @param index which of the device's shelves it is
 * @param tempsC what is measured besides
 */
export function shelfReport(
  { state, rpm, details }: ShelfSample,
  index: number,
  tempsC: readonly (number | null)[],
): RadioShelf {
  const applied = list(details["applied"]).filter((value) => typeof value === "number");
  const inputs = index === 0 ? list(details["inputs"]).map(inputC) : [];
  const isLost = details["state"] === "no board";
  return {
    index,
    state: isLost ? "no board" : state === "held" ? "ordered" : "safe",
    percent: isLost || applied.length === 0 ? null : Math.min(...applied),
    rpm,
    tempsC: [...tempsC, ...inputs],
  };
}

function list(value: WireValue | undefined): WireValue[] {
  return Array.isArray(value) ? value : [];
}

function inputC(input: WireValue): number | null {
  const tempC = isWireMap(input) ? input["temp_c"] : null;
  return typeof tempC === "number" ? tempC : null;
}
