/**
 * Messages as bytes: JSON as Python writes it, so that both sides of a rig send the same.
 *
 * @module
 */
import { CorruptedDataError, UnencodableError } from "../errors.ts";

/** How deep a message may nest. */
export const MAX_DEPTH = 64;

const encoder = new TextEncoder();
// The byte order mark that some write first is taken off.
const decoder = new TextDecoder("utf-8", { fatal: true });

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENERS = new Set([0x5b, 0x7b]);
const CLOSERS = new Set([0x5d, 0x7d]);

/**
 * Bytes as they are, texts in UTF-8, and anything else as JSON.
 *
 * @throws {UnencodableError} If JSON cannot tell it: no number, a function, or too deep.
 */
export function encodeData(data: unknown): Uint8Array<ArrayBuffer> {
  if (data instanceof Uint8Array) return Uint8Array.from(data);
  return encoder.encode(typeof data === "string" ? data : toJson(data, 0));
}

/**
 * What the bytes say; what is no JSON is the text itself.
 *
 * @throws {CorruptedDataError} If they are not UTF-8, or nest deeper than {@linkcode MAX_DEPTH}.
 */
export function decodeData(bytes: Uint8Array): unknown {
  const text = textOf(bytes);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The text of a message, or an error that says why it cannot be read. */
export function textOf(bytes: Uint8Array): string {
  if (depthOf(bytes) > MAX_DEPTH) {
    throw new CorruptedDataError(
      `Cannot read a message: it nests deeper than ${MAX_DEPTH} levels; send a flat one`,
    );
  }
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new CorruptedDataError("Cannot read a message: it is not UTF-8; send JSON", { cause });
  }
}

/** Brackets that are open at once at most; those in texts do not count. */
function depthOf(bytes: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let isText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (isText) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (OPENERS.has(byte)) deepest = Math.max(deepest, ++depth);
    else if (CLOSERS.has(byte)) depth--;
  }
  return deepest;
}

function toJson(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw unencodable(`it nests deeper than ${MAX_DEPTH} levels`);
  if (value === null || value === undefined) return "null";
  switch (typeof value) {
    case "string":
      return asciiJson(value);
    case "boolean":
    case "bigint":
      return String(value);
    case "number":
      if (!Number.isFinite(value)) throw unencodable(`${value} is no number of JSON`);
      return JSON.stringify(value);
    case "object":
      return objectJson(value, depth);
    default:
      throw unencodable(`a ${typeof value} is nothing that JSON has`);
  }
}

function objectJson(value: object, depth: number): string {
  if (Array.isArray(value)) return `[${value.map((item) => toJson(item, depth + 1)).join(", ")}]`;
  if ("toJSON" in value && typeof value.toJSON === "function") {
    return toJson(value.toJSON(), depth + 1);
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const parts = entries.map(([key, item]) => `${asciiJson(key)}: ${toJson(item, depth + 1)}`);
  return `{${parts.join(", ")}}`;
}

/** In ASCII, as Python writes it. */
function asciiJson(text: string): string {
  return JSON.stringify(text).replace(
    // deno-lint-ignore no-control-regex
    /[^\x00-\x7e]/g,
    (unit) => unit.length === 1 ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}` : unit,
  );
}

function unencodable(found: string): UnencodableError {
  return new UnencodableError(`Cannot write a message: ${found}; leave it out or change it`);
}
