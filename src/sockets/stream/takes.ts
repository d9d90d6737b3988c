/**
 * What the receiving calls of a stream take.
 *
 * @module
 */
import { MSG_PEEK } from "../constants.ts";
import type { Take } from "./inbox.ts";

/** As many as there are, at least one and at most `count`; none at the end. */
export function takeSome(count: number, flags: number): Take<Uint8Array<ArrayBuffer>> {
  return (bytes, when) => {
    if (bytes.size === 0 && when !== "end") return undefined;
    return flags & MSG_PEEK ? bytes.peek(count) : bytes.take(count);
  };
}

/** So many, or what there is when no more come. */
export function takeExactly(count: number): Take<Uint8Array<ArrayBuffer>> {
  return (bytes, when) => bytes.size < count && when === "open" ? undefined : bytes.take(count);
}

/** The first `count` bytes of `target`, or what there is when no more come; tells how many. */
export function takeInto(target: Uint8Array, count: number): Take<number> {
  return (bytes, when) =>
    bytes.size < count && when === "open" ? undefined : bytes.takeInto(target, count);
}

/** A line with its end; the last one of a stream may have none. */
export function takeLine(): Take<Uint8Array<ArrayBuffer>> {
  return (bytes, when) => {
    const length = bytes.lineBytes;
    if (length !== null) return bytes.take(length);
    return when === "end" ? bytes.take(Infinity) : undefined;
  };
}
