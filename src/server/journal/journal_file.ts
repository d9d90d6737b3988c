/**
 * An open journal that is being written: each call is one transaction.
 *
 * @module
 */

import { type AuditEntry, type AuditPage, AuditTable } from "./audit_table.ts";
import { JournalDatabase } from "./database.ts";
import type { JournalConfig } from "../../config/journal_config.ts";
import { Retention } from "./retention.ts";
import type { RollUps } from "./roll_ups.ts";
import { type NewChunk, type SegmentStart, SegmentWriter } from "./segment_writer.ts";

/** From one state of the engine in the file to the next. */
const CHECKPOINT_MS = 600_000;
/** Also when the chunks since then take this share of what the file may hold: they go together. */
const CHECKPOINT_SHARE = 1 / 32;
/** But not sooner than this, for the state of ten thousand shelves is large, too. */
const SOONEST_MS = 60_000;
/** Unless they take this share. */
const LARGEST_SHARE = 1 / 4;

/** The file, its segments and its roll-ups. */
export class JournalFile implements Disposable {
  readonly database: JournalDatabase;
  readonly #config: JournalConfig;
  readonly #rollUps: RollUps;
  readonly #segments: SegmentWriter;
  readonly #retention: Retention;
  readonly #audit: AuditTable;
  #segmentMs = 0;

  /** @param aside is told the new name of a damaged file. */
  constructor(config: JournalConfig, rollUps: RollUps, aside: (name: string) => void) {
    this.#config = config;
    this.#rollUps = rollUps;
    this.database = JournalDatabase.open(config.path, config.maxBytes, aside);
    try {
      this.#segments = new SegmentWriter(this.database.sql);
      this.#retention = new Retention(this.database, config);
      this.#audit = new AuditTable(this.database.sql, config);
      this.database.transaction(() => rollUps.useFile(this.database.sql));
      this.database.shrink();
    } catch (error) {
      this.database[Symbol.dispose]();
      throw error;
    }
  }

  /** Whether another server writes into the file. */
  get isShared(): boolean {
    return this.#segments.isShared;
  }

  /** Whether the state of the engine is due. */
  isCheckpointDue(wallMs: number): boolean {
    const elapsedMs = Math.abs(wallMs - this.#segmentMs);
    const share = this.#segments.bytes / this.#config.maxBytes;
    return elapsedMs >= CHECKPOINT_MS || share > LARGEST_SHARE ||
      (share > CHECKPOINT_SHARE && elapsedMs >= SOONEST_MS);
  }

  /** Begins a segment. */
  begin(start: SegmentStart): void {
    this.database.transaction(() => this.#begin(start));
  }

  /**
   * Writes a chunk and the minutes that are over.
   *
   * @param next begins the segment after this chunk; null goes on with this one.
   */
  add(chunk: NewChunk, next: SegmentStart | null): void {
    this.database.transaction(() => {
      this.#segments.add(chunk);
      this.#rollUps.write();
      if (next === null) return;
      this.#begin(next);
      this.#retention.trim(chunk.toMs);
    });
    this.#rollUps.written();
  }

  /** Appends changes that somebody made. */
  addChanges(entries: readonly AuditEntry[]): void {
    try {
      this.database.transaction(() => this.#audit.add(entries));
    } catch (error) {
      this.#audit.forget();
      throw error;
    }
  }

  /** The changes that somebody made. */
  changes(wanted: { below: number | null; most: number }): AuditPage {
    return this.#audit.page(wanted);
  }

  /** Drops what is oldest, because nothing more fits. */
  makeRoom(): void {
    this.database.transaction(() => this.#retention.makeRoom());
  }

  /** Writes the minute that is not over, at the end. */
  finish(): void {
    this.database.transaction(() => this.#rollUps.write(true));
    this.#rollUps.written(true);
  }

  [Symbol.dispose](): void {
    this.database[Symbol.dispose]();
  }

  #begin(start: SegmentStart): void {
    this.#segments.begin(start);
    this.#segmentMs = start.wallMs;
  }
}
