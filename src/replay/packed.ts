/**
 * Values as compressed JSON.
 *
 * @module
 */

import { deflateRawSync, inflateRawSync } from "node:zlib";
import { StoreError } from "../errors.ts";

/** More is not unpacked: a file must not fill the memory. */
const MOST_BYTES = 268_435_456;

/** A JSON value as bytes. */
export function pack(value: unknown): Uint8Array {
  return deflateRawSync(new TextEncoder().encode(JSON.stringify(value)));
}

/**
 * What {@link pack} made into bytes.
 *
 * @throws {StoreError} When it did not.
 */
export function unpack(bytes: Uint8Array): unknown {
  try {
    const json = inflateRawSync(bytes, { maxOutputLength: MOST_BYTES });
    return JSON.parse(new TextDecoder().decode(json));
  } catch (cause) {
    throw new StoreError(
      "Cannot read the journal: a configuration or a state in it cannot be unpacked; " +
        "the file is damaged, begin at a later time",
      { cause },
    );
  }
}
