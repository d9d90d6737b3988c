/**
 * Keeps a journal, whatever happens to its file: what cannot be written is counted and given up,
 * and what comes after it begins from a state of its own.
 *
 * @module
 */

import type { EngineConfig } from "../../control/engine/engine_config.ts";
import type { EngineState } from "../../control/engine/engine_state.ts";
import { ChunkReader } from "../../control/replay/chunk_reader.ts";
import { type EntryNames, entryNames } from "../../control/replay/entry.ts";
import { engineFrom, Follower } from "../../control/replay/follow.ts";
import { StoreError } from "../../errors.ts";
import type { AuditEntry } from "./audit_table.ts";
import { putAside, type Trouble, troubleOf } from "./database.ts";
import type { JournalConfig } from "../../config/journal_config.ts";
import { JournalFile } from "./journal_file.ts";
import { RollUps } from "./roll_ups.ts";
import { Sampler } from "./samples.ts";
import type { NewChunk, SegmentStart } from "./segment_writer.ts";

/** An engine begins: its configuration, its state, and where the configuration came from. */
export interface EngineStart {
  readonly config: EngineConfig;
  readonly state: EngineState;
  readonly source: string;
  readonly wallMs: number;
}

/** Who is told how it goes. */
export interface KeeperEvents {
  /** A line for the log. */
  tell(level: "error" | "warn" | "info", text: string): void;
  /** The oldest chunk is done with: written, or given up. */
  done(isKept: boolean): void;
}

/** Changes that may wait for a file that cannot be written. */
const MOST_WAITING_CHANGES = 4096;

/** A wall clock that is set by more begins a segment, so that dates within one rise. */
const CLOCK_STEP_MS = 60_000;

/** An engine that goes through what the real one went through. */
interface Shadow {
  readonly start: EngineStart;
  readonly names: EntryNames;
  readonly follower: Follower;
}

/** One journal and the chunks that wait for it. */
export class Keeper implements Disposable {
  readonly rollUps: RollUps = new RollUps();
  readonly #config: JournalConfig;
  readonly #events: KeeperEvents;
  readonly #waiting: (EngineStart | Uint8Array)[] = [];
  readonly #sampler = new Sampler((...sample) => this.rollUps.take(...sample));
  readonly #changes: AuditEntry[] = [];
  /** Changes that could not be kept. */
  #lostChanges = 0;
  #file: JournalFile | null = null;
  #shadow: Shadow | null = null;
  /** The oldest chunk that waits, once the shadow has been through it. */
  #followed: NewChunk | null = null;
  #needsSegment = true;
  /** By how much the wall clock was ahead of the monotonic one; null before the first chunk. */
  #aheadMs: number | null = null;
  #trouble: Trouble | null = null;
  /** Why nothing is written ever again. */
  #refusal: string | null = null;
  #lost = 0;

  constructor(config: JournalConfig, events: KeeperEvents) {
    this.#config = config;
    this.#events = events;
  }

  /** Takes another engine, or what reached it. */
  take(work: EngineStart | Uint8Array): void {
    this.#waiting.push(work);
  }

  /** Takes what somebody has changed. */
  takeChange(entry: AuditEntry): void {
    this.#changes.push(entry);
    if (this.#changes.length <= MOST_WAITING_CHANGES) return;
    this.#changes.shift();
    if (this.#lostChanges++ > 0) return;
    this.#events.tell("error", "Changes are lost from the audit: the journal cannot be written");
  }

  /** Whether chunks wait for a file that somebody else has locked: try again. */
  get isHeldUp(): boolean {
    return this.#waiting.length > 0;
  }

  /** The open file, to be asked. @throws {StoreError} When there is none. */
  get file(): JournalFile {
    if (this.#file !== null) return this.#file;
    const found = this.#refusal ?? "its file cannot be used now";
    throw new StoreError(`Cannot ask the journal: ${found}; see the server's log`);
  }

  /** Does what waits, in order, until all is done or the file is locked. */
  work(): void {
    this.#writeChanges();
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (next instanceof Uint8Array) {
        const result = this.#write(next);
        if (result === "later") return;
        this.#followed = null;
        this.#events.done(result === "kept");
      } else {
        this.#begin(next);
      }
      this.#waiting.shift();
    }
  }

  /** What cannot be written now waits for the next time. */
  #writeChanges(): void {
    if (this.#changes.length === 0 || this.#refusal !== null) return;
    try {
      const file = this.#open();
      withRoom(file, () => file.addChanges(this.#changes));
      this.#changes.length = 0;
    } catch (error) {
      const trouble = troubleOf(error);
      this.#say(trouble, error);
      this.#give(trouble, error);
    }
  }

  /** Writes what is left and lets the file go. */
  [Symbol.dispose](): void {
    try {
      this.#file?.finish();
    } catch (error) {
      this.#say(troubleOf(error), error);
    }
    this.#close();
  }

  #begin(start: EngineStart): void {
    const engine = engineFrom(start.config, start.state);
    const follower = new Follower(engine, start.wallMs);
    this.#shadow = { start, names: entryNames(start.config), follower };
    this.#needsSegment = true;
    if (this.#refusal !== null) return;
    try {
      this.#ready(this.#shadow);
    } catch (error) {
      const trouble = troubleOf(error);
      this.#say(trouble, error);
      this.#give(trouble, error);
    }
  }

  #write(bytes: Uint8Array): "kept" | "lost" | "later" {
    const shadow = this.#shadow;
    if (shadow === null || this.#refusal !== null) return "lost";
    try {
      const file = this.#ready(shadow);
      const chunk = this.#followed ??= this.#follow(shadow, bytes);
      const isDue = this.#needsSegment || file.isCheckpointDue(chunk.toMs);
      const next = isDue ? this.#segmentStart(shadow, true) : null;
      withRoom(file, () => file.add(chunk, next));
      this.#needsSegment = false;
      this.#recovered();
      return "kept";
    } catch (error) {
      const trouble = troubleOf(error);
      this.#say(trouble, error);
      this.#give(trouble, error);
      if (trouble === "locked") return "later";
      if (this.#followed === null) this.#follow(shadow, bytes);
      this.#needsSegment = true;
      this.#lost++;
      return "lost";
    }
  }

  /** The file with a segment begun, made again when it has been deleted. */
  #ready(shadow: Shadow): JournalFile {
    const file = this.#open();
    if (this.#needsSegment) {
      const start = this.#segmentStart(shadow, false);
      withRoom(file, () => file.begin(start));
    }
    this.#needsSegment = false;
    return file;
  }

  #open(): JournalFile {
    if (this.#file?.database.isGone) {
      this.#events.tell(
        "warn",
        `The journal "${this.#config.path}" has been deleted; a new one begins`,
      );
      this.#close();
    }
    if (this.#file?.isShared) {
      throw new StoreError(
        `Cannot write the journal "${this.#config.path}": another server writes it, too; ` +
          "give each server a journal of its own",
      );
    }
    if (this.#file !== null) return this.#file;
    this.#needsSegment = true;
    this.#file = new JournalFile(this.#config, this.rollUps, (aside) =>
      this.#events.tell(
        "error",
        `The journal "${this.#config.path}" was damaged and is now "${aside}"; a new one begins`,
      ));
    return this.#file;
  }

  /** Lets the shadow and the roll-ups have what is in the chunk. */
  #follow({ follower, names }: Shadow, bytes: Uint8Array): NewChunk {
    const reader = new ChunkReader(bytes, names);
    const fromMs = follower.wallMs;
    for (let entry = reader.next(); entry !== null; entry = reader.next()) {
      follower.follow(entry);
      this.#sampler.follow(entry, reader.wallAheadMs);
    }
    const toMs = follower.wallMs;
    const isSet =
      Math.abs(reader.wallAheadMs - (this.#aheadMs ?? reader.wallAheadMs)) > CLOCK_STEP_MS;
    this.#aheadMs = reader.wallAheadMs;
    if (isSet) this.#needsSegment = true;
    return { fromMs: Math.min(fromMs, toMs), toMs: Math.max(fromMs, toMs), bytes };
  }

  #segmentStart({ start, follower }: Shadow, follows: boolean): SegmentStart {
    const { config, source } = start;
    return {
      config,
      source,
      state: follower.engine.snapshot(),
      wallMs: follower.wallMs,
      follows,
    };
  }

  /** Does what can be done about a file that does not take what it should. */
  #give(trouble: Trouble, error: unknown): void {
    if (error instanceof StoreError) this.#refusal = error.message;
    if (trouble === "full" || trouble === "locked") return;
    this.#close();
    if (trouble !== "damaged") return;
    try {
      const aside = putAside(this.#config.path);
      this.#events.tell("error", `The damaged journal is now "${aside}"; a new one begins`);
    } catch (cause) {
      this.#events.tell("error", `The damaged journal cannot be put aside: ${textOf(cause)}`);
    }
  }

  #close(): void {
    this.#file?.[Symbol.dispose]();
    this.#file = null;
    this.#needsSegment = true;
  }

  /** Tells what is wrong, once until it is over. */
  #say(trouble: Trouble, error: unknown): void {
    if (this.#trouble === trouble) return;
    this.#trouble = trouble;
    const wanted = `Cannot write the journal "${this.#config.path}"`;
    const text = error instanceof StoreError
      ? error.message
      : `${wanted}: ${textOf(error)}; ${ADVICE[trouble]}`;
    this.#events.tell(trouble === "locked" ? "warn" : "error", text);
  }

  #recovered(): void {
    if (this.#trouble === null) return;
    const lost = this.#lost === 0 ? "nothing was lost" : `${this.#lost} chunks were lost`;
    this.#events.tell("info", `The journal "${this.#config.path}" is written again; ${lost}`);
    this.#trouble = null;
    this.#lost = 0;
  }
}

/** What the user is told to do. */
const ADVICE: Readonly<Record<Trouble, string>> = {
  locked: "what comes meanwhile waits; let the other process go",
  full: "control goes on, and this is tried again; make room, or set max_bytes",
  damaged: "control goes on, with a new journal",
  other: "control goes on, and this is tried again; see that the folder can be written",
};

/** Tries once more when nothing fits, without what is oldest. */
function withRoom(file: JournalFile, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (troubleOf(error) !== "full") throw error;
    file.makeRoom();
    work();
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
