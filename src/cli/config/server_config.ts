/**
 * What a server says of its configuration.
 *
 * @module
 */
import type { FlatConfig } from "../../config/flat.ts";
import { Request } from "../../wire/request.ts";
import { isWireMap, type WireValue } from "../../wire/value.ts";
import { allPages } from "../pages.ts";
import { type ServerSession, unexpected } from "../session.ts";

/** A configuration on trial. */
export interface Trial {
  readonly sha256: string;
  readonly leftMs: number;
}

/** Where a server has its configuration from. */
export interface ConfigOrigin {
  /** The file, or `built-in default`. */
  readonly source: string;
  /** The file that it takes a new one from; null when it runs on no file. */
  readonly candidate: string | null;
  readonly trial: Trial | null;
}

/** Every setting that is in force. */
export async function serverSettings(session: ServerSession): Promise<FlatConfig> {
  const flat = new Map<string, string>();
  for await (const entry of allPages(session, Request.CONFIG, [])) {
    const [key, value] = Array.isArray(entry) ? entry : [];
    if (typeof key !== "string" || typeof value !== "string") {
      throw unexpected(Request.CONFIG, [Request.CONFIG, [entry]]);
    }
    flat.set(key, value);
  }
  return flat;
}

/** Where that is from. */
export async function configOrigin(session: ServerSession): Promise<ConfigOrigin> {
  // The smallest page there is: what is asked for stands beside it.
  const reply = await session.ask(Request.CONFIG, Request.CONFIG, null, 1);
  const [, , about] = reply;
  if (!isWireMap(about)) throw unexpected(Request.CONFIG, [Request.CONFIG, reply]);
  return {
    source: String(about["source"]),
    candidate: textOrNull(about["candidate"]),
    trial: trialOf(about["trial"]),
  };
}

function trialOf(value: WireValue | undefined): Trial | null {
  if (!isWireMap(value)) return null;
  return { sha256: String(value["sha256"]), leftMs: Number(value["left_ms"]) };
}

function textOrNull(value: WireValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}
