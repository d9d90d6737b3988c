/**
 * A configuration as a list of keys and values, to be compared with another one.
 *
 * @module
 */
import type { ServerConfig } from "./config.ts";

/** Values by key, in the order of the configuration. */
export type FlatConfig = ReadonlyMap<string, string>;

/** One difference: null where a side does not have the key. */
export interface ConfigChange {
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Enough of a token's digest to see that it is another one. */
const SHOWN_OF_DIGEST = 8;

/**
 * Every setting of `config`, defaults included. What has a name is found by it and not by its
 * place, so that a table which moves within the file is no change: `shelf.case.cause.cpu.curve`.
 */
export function flatten(config: ServerConfig): FlatConfig {
  const { source: _source, warnings: _warnings, ...settings } = config;
  const flat = new Map<string, string>();
  flattenInto(flat, "", settings);
  return flat;
}

function flattenInto(flat: Map<string, string>, path: string, value: unknown): void {
  if (Array.isArray(value) && value.length > 0 && value.every(hasName)) {
    for (const item of value) flattenInto(flat, `${path}.${quoted(item.name)}`, item);
    return;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    flat.set(path, JSON.stringify(value) ?? "undefined");
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined || (key === "name" && path !== "")) continue;
    if (path.startsWith("clients.") && key === "token" && typeof item === "string") {
      flat.set(`${path}.token`, JSON.stringify(`${item.slice(0, SHOWN_OF_DIGEST)}…`));
      continue;
    }
    const here = quoted(isSetting(key) ? asWritten(key) : key);
    flattenInto(flat, path === "" ? here : `${path}.${here}`, item);
  }
}

/** Keys of our own are in camel case; plants and failsafes are tables by name or by kind. */
function isSetting(key: string): boolean {
  return /^[a-z][A-Za-z0-9]*$/.test(key);
}

/** The spelling that files have: `interval_ms` for `intervalMs`. */
function asWritten(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function hasName(item: unknown): item is { name: string } {
  return typeof item === "object" && item !== null && "name" in item &&
    typeof item.name === "string";
}

function quoted(name: string): string {
  return /^[\w-]+$/.test(name) ? name : JSON.stringify(name);
}

/** What turns `before` into `after`, in the order of `after`, what is gone last. */
export function compare(before: FlatConfig, after: FlatConfig): ConfigChange[] {
  const changes: ConfigChange[] = [];
  for (const [key, value] of after) {
    const was = before.get(key) ?? null;
    if (was !== value) changes.push({ key, before: was, after: value });
  }
  for (const [key, value] of before) {
    if (!after.has(key)) changes.push({ key, before: value, after: null });
  }
  return changes;
}
