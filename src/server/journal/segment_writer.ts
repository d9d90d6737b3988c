/**
 * Writes what reaches an engine: segments that begin with its state, and their chunks.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { EngineConfig } from "../../control/engine/engine_config.ts";
import type { EngineState } from "../../control/engine/engine_state.ts";
import type { StoredChunk } from "../../replay/segments.ts";
import { VERSION } from "../../version.ts";
import { pack } from "../../replay/packed.ts";

/** How a segment begins. */
export interface SegmentStart {
  readonly config: EngineConfig;
  /** The file that the configuration came from. */
  readonly source: string;
  readonly state: EngineState;
  readonly wallMs: number;
  /** Nothing is missing since the segment before. */
  readonly follows: boolean;
}

/** A chunk that is to be written. */
export type NewChunk = Omit<StoredChunk, "id">;

/** The segments of one file while it is being written. */
export class SegmentWriter {
  /** Bytes of chunks in the segment that is being written. */
  bytes = 0;
  /** The segment that is being written; 0 before the first. */
  #segment = 0;
  readonly #newest: StatementSync;
  readonly #addConfig: StatementSync;
  readonly #findConfig: StatementSync;
  readonly #addSegment: StatementSync;
  readonly #addChunk: StatementSync;

  constructor(sql: DatabaseSync) {
    this.#newest = sql.prepare("SELECT coalesce(max(id), 0) AS id FROM segments");
    this.#addConfig = sql.prepare(
      "INSERT OR IGNORE INTO configs (hash, source, version, config) VALUES (?, ?, ?, ?)",
    );
    this.#findConfig = sql.prepare("SELECT id FROM configs WHERE hash = ?");
    this.#addSegment = sql.prepare(
      `INSERT INTO segments (config, wall_ms, follows, chunk, state)
       VALUES (?, ?, ?, (SELECT coalesce(max(id), 0) + 1 FROM chunks), ?)`,
    );
    this.#addChunk = sql.prepare(
      "INSERT INTO chunks (segment, from_ms, to_ms, entries) VALUES (?, ?, ?, ?)",
    );
  }

  /** Whether another server has begun to write into the same file. */
  get isShared(): boolean {
    return this.#segment !== 0 && Number(this.#newest.get()?.["id"]) !== this.#segment;
  }

  /** Within a transaction. */
  begin(start: SegmentStart): void {
    const hash = createHash("sha256").update(VERSION).update(start.source)
      .update(JSON.stringify(start.config)).digest("hex");
    this.#addConfig.run(hash, start.source, VERSION, pack(start.config));
    const config = Number(this.#findConfig.get(hash)?.["id"]);
    const { lastInsertRowid } = this.#addSegment.run(
      config,
      start.wallMs,
      start.follows ? 1 : 0,
      pack(start.state),
    );
    this.#segment = Number(lastInsertRowid);
    this.bytes = 0;
  }

  /** Within a transaction. */
  add({ fromMs, toMs, bytes }: NewChunk): void {
    this.#addChunk.run(this.#segment, fromMs, toMs, bytes);
    this.bytes += bytes.length;
  }
}
