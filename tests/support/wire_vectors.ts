import type { Message } from "../../src/wire/message.ts";
import type { WireValue } from "../../src/wire/value.ts";
import vectors from "../vectors/wire.json" with { type: "json" };

/** A frame that is a message. */
export interface MessageVector {
  name: string;
  hex: string;
  message: Message;
}

/** A frame that is refused. */
export interface FaultVector {
  name: string;
  hex: string;
  /** Part of the reason that the peer is told. */
  reason: string;
}

/** What the encoder makes, byte for byte. */
export const messageVectors: readonly MessageVector[] = vectors.messages.map(revived);
/** Other encodings that the decoder takes. */
export const acceptedVectors: readonly MessageVector[] = vectors.accepted.map(revived);
/** Requests, and the code of the error that they get from a server. */
export const errorVectors: readonly { name: string; hex: string; code: string }[] = vectors.errors;
/** What ends the connection. */
export const disconnectVectors: readonly FaultVector[] = vectors.disconnects;
/** Beginnings of frames. */
export const unfinishedVectors: readonly { name: string; hex: string }[] = vectors.unfinished;

/** What the JSON of a vector holds in the place of a message. */
interface JsonVector {
  name: string;
  hex: string;
  message: { request: string; args: unknown[]; id?: number };
}

function revived({ name, hex, message }: JsonVector): MessageVector {
  const { request, args, id } = message;
  const values = args.map(revive);
  return {
    name,
    hex,
    message: id === undefined ? { request, args: values } : { request, args: values, id },
  };
}

function revive(value: unknown): WireValue {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== "object" || value === null) return value as WireValue;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first?.[0] === "$date") return new Date(first[1]);
  if (entries.length === 1 && first?.[0] === "$bytes") return Uint8Array.fromHex(first[1]);
  // Unlike an assignment, fromEntries makes "__proto__" a key like any other.
  return Object.fromEntries(entries.map(([key, item]) => [key, revive(item)]));
}
