/**
 * An engine as it was at a time.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { ChunkReader } from "../control/replay/chunk_reader.ts";
import { engineFrom, Follower } from "../control/replay/follow.ts";
import { Segments } from "./segments.ts";

/** A journal tells nothing of a time that is longer than this after its last tick. */
const REACH_MS = 60_000;

/**
 * The engine after its last tick at or before `atMs` (milliseconds since the Unix epoch), or null
 * when the journal does not tell.
 */
export function followTo(sql: DatabaseSync, atMs: number): Follower | null {
  const segments = new Segments(sql);
  const segment = segments.list().findLast(({ wallMs }) => wallMs <= atMs);
  if (segment === undefined) return null;
  const { config, names } = segments.config(segment);
  const follower = new Follower(engineFrom(config, segments.state(segment)), segment.wallMs);
  for (const { bytes } of segments.chunks(segment)) {
    const reader = new ChunkReader(bytes, names);
    for (let entry = reader.next(); entry !== null; entry = reader.next()) {
      if (entry.type === "tick" && entry.time.wallMs > atMs) return follower;
      follower.follow(entry);
    }
  }
  return atMs - follower.wallMs <= REACH_MS ? follower : null;
}
