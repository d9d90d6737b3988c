/**
 * What a server says of itself.
 *
 * @module
 */
import { isWireMap, type WireMap } from "../wire/value.ts";
import { listOf, numberOf, numbersOf, textOf } from "./fields.ts";

/** The answer to `hello`. */
export interface ServerInfo {
  /** Program and version; empty for a server that does not tell. */
  readonly server: string;
  /** Major and minor; 1.0 for a server that does not tell. */
  readonly protocol: readonly [major: number, minor: number];
  /** Grows with every start of the server; null when it is not told. */
  readonly epoch: number | null;
  /** Every request that it meets; empty when it is not told. */
  readonly requests: readonly string[];
  /** By name: `frame_bytes`, `depth`, `items`, `clients`, `page`. */
  readonly limits: ReadonlyMap<string, number>;
}

/** Reads what stood in the answer to `hello`. */
export function readServerInfo(info: WireMap): ServerInfo {
  const [major = 1, minor = 0] = numbersOf(info.protocol);
  const limits = isWireMap(info.limits) ? Object.entries(info.limits) : [];
  return {
    server: textOf(info.server),
    protocol: [major, minor],
    epoch: numberOf(info.epoch),
    requests: listOf(info.requests).filter((request) => typeof request === "string"),
    limits: new Map(limits.filter((each): each is [string, number] => numberOf(each[1]) !== null)),
  };
}
