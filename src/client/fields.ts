/**
 * Fields of what a server says, with what is missing or of another type taken for unknown: a
 * server of another minor version tells more or less.
 *
 * @module
 */
import { isWireMap, type WireMap, type WireValue } from "../wire/value.ts";

/** A number, or null. */
export function numberOf(value: WireValue | undefined): number | null {
  return typeof value === "number" ? value : null;
}

/** A text; empty without one. */
export function textOf(value: WireValue | undefined): string {
  return typeof value === "string" ? value : "";
}

/** A date, or null. */
export function dateOf(value: WireValue | undefined): Date | null {
  return value instanceof Date ? value : null;
}

/** A list; empty without one. */
export function listOf(value: WireValue | undefined): WireValue[] {
  return Array.isArray(value) ? value : [];
}

/** The numbers of a list. */
export function numbersOf(value: WireValue | undefined): number[] {
  return listOf(value).filter((item) => typeof item === "number");
}

/** The maps of a list. */
export function mapsOf(value: WireValue | undefined): WireMap[] {
  return listOf(value).filter(isWireMap);
}
