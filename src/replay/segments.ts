/**
 * The segments of a journal: engines, each from a known state on.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type EntryNames, entryNames } from "../control/replay/entry.ts";
import type { EngineConfig } from "../control/engine/engine_config.ts";
import type { EngineState } from "../control/engine/engine_state.ts";
import { unpack } from "./packed.ts";

/** How an engine stood when a segment began. */
export interface Segment {
  readonly id: number;
  /** Its configuration's number within the file. */
  readonly configId: number;
  readonly wallMs: number;
  /** Nothing is missing between the segment before and this one. */
  readonly follows: boolean;
  /** Numbers of its chunks: from the first, up to but without the last. */
  readonly chunks: readonly [from: number, to: number];
}

/** A stretch of entries. */
export interface StoredChunk {
  readonly id: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly bytes: Uint8Array;
}

/** A configuration as the journal keeps it. */
export interface StoredConfig {
  /** The file that it came from. */
  readonly source: string;
  /** The version of fand that ran. */
  readonly version: string;
  readonly config: EngineConfig;
  readonly names: EntryNames;
}

/** Chunks that are read at a time, so that no reader holds the file for long. */
const CHUNKS_AT_A_TIME = 256;

/** Reads segments; holds no lock between two calls. */
export class Segments {
  readonly #all: StatementSync;
  readonly #state: StatementSync;
  readonly #config: StatementSync;
  readonly #chunks: StatementSync;
  readonly #configs = new Map<number, StoredConfig>();

  constructor(database: DatabaseSync) {
    this.#all = database.prepare(
      `SELECT id, config, wall_ms, follows, chunk,
         coalesce(lead(chunk) OVER (ORDER BY id), 9007199254740991) AS next
       FROM segments ORDER BY id`,
    );
    this.#state = database.prepare("SELECT state FROM segments WHERE id = ?");
    this.#config = database.prepare("SELECT source, version, config FROM configs WHERE id = ?");
    this.#chunks = database.prepare(
      `SELECT id, from_ms, to_ms, entries FROM chunks WHERE id >= ? AND id < ?
       ORDER BY id LIMIT ${CHUNKS_AT_A_TIME}`,
    );
  }

  /** All of them, the oldest first. */
  list(): Segment[] {
    return this.#all.all().map((row) => ({
      id: Number(row["id"]),
      configId: Number(row["config"]),
      wallMs: Number(row["wall_ms"]),
      follows: row["follows"] === 1,
      chunks: [Number(row["chunk"]), Number(row["next"])],
    }));
  }

  /** The snapshot that a segment begins with. */
  state(segment: Segment): EngineState {
    return unpack(this.#state.get(segment.id)?.["state"] as Uint8Array) as EngineState;
  }

  /** What the engine of a segment ran on. */
  config(segment: Segment): StoredConfig {
    const known = this.#configs.get(segment.configId);
    if (known !== undefined) return known;
    const row = this.#config.get(segment.configId);
    const config = unpack(row?.["config"] as Uint8Array) as EngineConfig;
    const [source, version] = [String(row?.["source"]), String(row?.["version"])];
    const stored = { source, version, config, names: entryNames(config) };
    this.#configs.set(segment.configId, stored);
    return stored;
  }

  /** The chunks of a segment in their order, those of before `fromMs` left out. */
  *chunks(segment: Segment, fromMs = -Infinity): Generator<StoredChunk> {
    const end = segment.chunks[1];
    for (let next = segment.chunks[0];;) {
      const rows = this.#chunks.all(next, end);
      for (const row of rows) {
        const toMs = Number(row["to_ms"]);
        next = Number(row["id"]) + 1;
        if (toMs < fromMs) continue;
        yield {
          id: next - 1,
          fromMs: Number(row["from_ms"]),
          toMs,
          bytes: row["entries"] as Uint8Array,
        };
      }
      if (rows.length < CHUNKS_AT_A_TIME) return;
    }
  }
}
