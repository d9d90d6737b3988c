/**
 * What the server and the worker of its journal say to each other.
 *
 * @module
 */

import type { Explanation } from "../../control/engine/explanation.ts";
import type { Finding } from "../../control/engine/finding.ts";
import type { AuditEntry, AuditPage } from "./audit_table.ts";
import type { HistoryPage, HistoryQuery } from "./history_query.ts";
import type { JournalConfig } from "../../config/journal_config.ts";

/** What is asked of a journal; answered by its number. */
export type JournalQuestion =
  | { readonly about: "audit"; readonly below: number | null; readonly most: number }
  | { readonly about: "history"; readonly query: HistoryQuery }
  | {
    readonly about: "explanation";
    readonly shelf: string;
    /** Milliseconds since the Unix epoch. */
    readonly atMs: number;
  };

/** What a question is answered with. */
export interface JournalAnswers {
  readonly audit: AuditPage;
  readonly history: HistoryPage;
  readonly explanation: StoredExplanation;
}

/** Why a shelf did what it did at a time. */
export interface StoredExplanation {
  /** Of the tick that decided, in milliseconds since the Unix epoch. */
  readonly decidedAtMs: number;
  readonly explanation: Explanation;
  /** What held then, and for how long it had. */
  readonly findings: readonly { readonly finding: Finding; readonly lastedMs: number }[];
}

/** From the server to the worker. */
export type ToJournal =
  | { readonly type: "open"; readonly config: JournalConfig }
  | {
    readonly type: "begin";
    /** JSON, as everything that is kept of an engine. */
    readonly config: string;
    /** JSON. */
    readonly state: string;
    readonly source: string;
    readonly wallMs: number;
  }
  | { readonly type: "chunk"; readonly bytes: Uint8Array }
  | { readonly type: "change"; readonly entry: AuditEntry }
  | { readonly type: "ask"; readonly id: number; readonly question: JournalQuestion }
  | { readonly type: "close" };

/** From the worker to the server. */
export type FromJournal =
  /** The worker listens: what is posted before, while its modules load, is lost. */
  | { readonly type: "loaded" }
  /** The oldest chunk is written, or given up. */
  | { readonly type: "done"; readonly isKept: boolean }
  | { readonly type: "tell"; readonly level: "error" | "warn" | "info"; readonly text: string }
  | { readonly type: "answer"; readonly id: number; readonly answer: unknown }
  | { readonly type: "refusal"; readonly id: number; readonly message: string }
  | { readonly type: "closed" };
