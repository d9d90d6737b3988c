/**
 * The journal as the server has it: a recorder in the tick, a bounded queue, and a worker behind
 * it that writes and is asked.
 *
 * @module
 */

import type { Engine } from "../../control/engine/engine.ts";
import { type FandError, LimitError, StoreError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { EventTap } from "../shelves/event_tap.ts";
import type { AuditEntry } from "./audit_table.ts";
import { isInMemory } from "./database.ts";
import { type JournalConfig, MEMORY_MAX_BYTES } from "../../config/journal_config.ts";
import { type ChunkSink, Recorder } from "./recorder.ts";
import { journalWorkerFiles, mayLoadWorker } from "./worker_files.ts";
import type { FromJournal, JournalAnswers, JournalQuestion, ToJournal } from "./worker_messages.ts";

/** Bytes that may wait for the file; what is more is dropped, counted and told. */
export const MOST_WAITING_BYTES = 16_777_216;
/** Questions that may wait for their answers. */
export const MOST_QUESTIONS = 16;
/** A worker that takes longer to let its file go is ended. */
const CLOSE_MS = 1000;

/** What a journal needs from around it. */
export interface JournalParts {
  readonly log: Log;
  readonly wallMs: () => number;
  /** The file that the configuration of now came from. */
  readonly source: () => string;
}

/** How a journal has fared since the start. */
export interface JournalCounters {
  /** Chunks that are in the file. */
  kept: number;
  /** Chunks that are not, because there was no room in the queue or the file did not take them. */
  lost: number;
}

/** A journal that is being kept. */
export class Journal implements AsyncDisposable {
  readonly counters: JournalCounters = { kept: 0, lost: 0 };
  readonly #parts: JournalParts;
  readonly #recorder: Recorder;
  /** Sizes of the chunks that the worker has not done with, the oldest first. */
  readonly #waiting: number[] = [];
  #waitingBytes = 0;
  readonly #questions = new Map<number, PromiseWithResolvers<unknown>>();
  #lastId = 0;
  #worker: Worker | null;
  /** What is posted before the worker listens. */
  #early: ToJournal[] | null = [];
  #closed = Promise.withResolvers<void>();
  #isDropping = false;

  private constructor(config: JournalConfig, parts: JournalParts) {
    this.#parts = parts;
    this.#recorder = new Recorder(this.#sink());
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<FromJournal>) => this.#handle(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#parts.log.error(`The journal has ended: ${event.message}; control goes on without it`);
      this.#end();
    };
    const maxBytes = isInMemory(config.path)
      ? Math.min(config.maxBytes, MEMORY_MAX_BYTES)
      : config.maxBytes;
    this.#post({ type: "open", config: { ...config, maxBytes } });
  }

  /**
   * Begins to keep a journal; null when none is wanted, or when one in memory cannot be had
   * because this process may not load the worker.
   */
  static start(config: JournalConfig, parts: JournalParts): Journal | null {
    if (config.path === "none") return null;
    if (mayLoadWorker()) return new Journal(config, parts);
    parts.log.info(
      "No journal is kept: its worker may not be loaded; " +
        `run with --allow-read=${journalWorkerFiles().join(",")}`,
    );
    return null;
  }

  /** Listens to what reaches the engine. */
  get tap(): EventTap {
    return this.#recorder;
  }

  /** Keeps what somebody has changed. */
  change(entry: AuditEntry): void {
    this.#post({ type: "change", entry });
  }

  /**
   * Asks the journal; what has happened until now is in it.
   *
   * @throws {LimitError} When too many questions wait.
   * @throws {StoreError} When the journal cannot answer.
   */
  async ask<Q extends JournalQuestion>(question: Q): Promise<JournalAnswers[Q["about"]]> {
    if (this.#worker === null) throw ended();
    if (this.#questions.size >= MOST_QUESTIONS) {
      throw new LimitError(
        `Cannot ask the journal: ${this.#questions.size} questions are under way; ask again later`,
      );
    }
    this.#recorder.flush();
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<unknown>();
    this.#questions.set(id, answer);
    this.#post({ type: "ask", id, question });
    return await answer.promise as JournalAnswers[Q["about"]];
  }

  /** Writes what is left, and lets the file go. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#recorder.flush();
    this.#post({ type: "close" });
    const late = setTimeout(() => this.#end(), CLOSE_MS);
    await this.#closed.promise;
    clearTimeout(late);
    this.#end();
  }

  #sink(): ChunkSink {
    const hasRoom = () => this.#waitingBytes < MOST_WAITING_BYTES;
    return {
      get hasRoom() {
        return hasRoom();
      },
      wallMs: () => this.#parts.wallMs(),
      begin: (engine, wallMs) => this.#begin(engine, wallMs),
      chunk: (bytes) => this.#take(bytes),
    };
  }

  #begin(engine: Engine, wallMs: number): void {
    this.#post({
      type: "begin",
      config: JSON.stringify(engine.config),
      state: JSON.stringify(engine.snapshot()),
      source: this.#parts.source(),
      wallMs,
    });
  }

  #take(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#worker === null) return;
    if (this.#waitingBytes >= MOST_WAITING_BYTES) {
      this.counters.lost++;
      if (!this.#isDropping) {
        this.#parts.log.error(
          `The journal's queue is full (${this.#waitingBytes} bytes wait); what comes now is lost`,
        );
      }
      this.#isDropping = true;
      return;
    }
    this.#isDropping = false;
    this.#waiting.push(bytes.length);
    this.#waitingBytes += bytes.length;
    this.#post({ type: "chunk", bytes }, [bytes.buffer]);
  }

  #post(message: ToJournal, transfer: Transferable[] = []): void {
    if (this.#early !== null) this.#early.push(message);
    else this.#worker?.postMessage(message, transfer);
  }

  #handle(message: FromJournal): void {
    switch (message.type) {
      case "loaded": {
        const early = this.#early ?? [];
        this.#early = null;
        for (const each of early) this.#post(each);
        break;
      }
      case "done":
        this.#waitingBytes -= this.#waiting.shift() ?? 0;
        if (message.isKept) this.counters.kept++;
        else this.counters.lost++;
        break;
      case "tell":
        this.#parts.log[message.level](message.text);
        break;
      case "answer":
        this.#settle(message.id)?.resolve(message.answer);
        break;
      case "refusal":
        this.#settle(message.id)?.reject(new StoreError(message.message));
        break;
      case "closed":
        this.#closed.resolve();
    }
  }

  #settle(id: number): PromiseWithResolvers<unknown> | undefined {
    const question = this.#questions.get(id);
    this.#questions.delete(id);
    return question;
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = null;
    for (const id of [...this.#questions.keys()]) this.#settle(id)?.reject(ended());
    this.#closed.resolve();
  }
}

function ended(): FandError {
  return new StoreError("Cannot ask the journal: it has ended; see the server's log");
}
