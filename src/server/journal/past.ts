/**
 * Why a shelf did what it did at a time that is over.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { ShelfNotFoundError, StoreError } from "../../errors.ts";
import { followTo } from "../../replay/follow_to.ts";
import type { StoredExplanation } from "./worker_messages.ts";

/**
 * Runs the engine from the state before `atMs` up to the last tick before it, and has it explain.
 *
 * @throws {StoreError} When the journal does not reach back so far.
 * @throws {ShelfNotFoundError} When there was no such shelf.
 */
export function explainAt(
  sql: DatabaseSync,
  { shelf, atMs }: { shelf: string; atMs: number },
): StoredExplanation {
  const follower = followTo(sql, atMs);
  if (follower === null) {
    throw new StoreError(
      `Cannot explain ${new Date(atMs).toISOString()}: the journal holds no readings of that ` +
        'time; see [journal] raw_ms, or ask "history", which reaches further back',
    );
  }
  const { engine, wallMs } = follower;
  const nowMs = follower.atMs ?? 0;
  if (!engine.config.shelves.some(({ name }) => name === shelf)) {
    throw new ShelfNotFoundError(`Cannot find shelf "${shelf}": there was none of that name then`);
  }
  const sensors = new Set(engine.sensors(shelf));
  const findings = engine.findings()
    .filter((finding) =>
      finding.shelf === shelf || (finding.shelf === null && sensors.has(finding.subject))
    )
    .map((finding) => ({ finding, lastedMs: nowMs - finding.sinceMs }));
  return { decidedAtMs: wallMs, explanation: engine.explain(shelf), findings };
}
