/**
 * How `fanctl watch` shows what comes: redrawn in a terminal, appended elsewhere, JSON for
 * programs.
 *
 * @module
 */
import type { CommandContext } from "./context.ts";
import type { FeedRound } from "./shelf_feed.ts";
import type { ShelfEntry } from "./shelf_entry.ts";
import type { ShelfStatus } from "../client/shelf_status.ts";
import { type Reader, statusLine, statusTable } from "./status_view.ts";
import { toJson } from "./text.ts";

/** A way to show rounds of statuses. */
export interface WatchView {
  /** Shows a round and returns the names of the shelves that it showed. */
  show(round: FeedRound): string[];
  /** Says something about the connection. */
  remark(text: string): void;
}

/** The view that suits the flags and what standard output is. */
export function watchView(context: CommandContext): WatchView {
  if (context.options.json) return new JsonView(context);
  return context.io.terminal() === null ? new LineView(context) : new ScreenView(context);
}

function readerOf({ io }: CommandContext): Reader {
  return { wallMs: io.clock.wallMs(), localZone: io.localZone() };
}

function announcedOf({ entries, announced }: FeedRound): ShelfEntry[] {
  return entries.filter(({ name }) => announced.has(name));
}

/** A JSON document a line, for every shelf that was announced. */
class JsonView implements WatchView {
  readonly #context: CommandContext;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  show(round: FeedRound): string[] {
    const { io } = this.#context;
    const shown = announcedOf(round);
    const time = new Date(io.clock.wallMs());
    for (const { raw } of shown) io.stdout(`${toJson({ time, ...raw })}\n`);
    return shown.map(({ name }) => name);
  }

  remark(text: string): void {
    this.#context.note(text);
  }
}

/** A line of text for every shelf that was announced. */
class LineView implements WatchView {
  readonly #context: CommandContext;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  show(round: FeedRound): string[] {
    const shown = announcedOf(round);
    const reader = readerOf(this.#context);
    for (const { status } of shown) this.#context.io.stdout(`${statusLine(status, reader)}\n`);
    return shown.map(({ name }) => name);
  }

  remark(text: string): void {
    this.#context.note(text);
  }
}

/** A table that is drawn over itself. */
class ScreenView implements WatchView {
  readonly #context: CommandContext;
  readonly #statuses = new Map<string, ShelfStatus>();
  #drawnRows = 0;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  show(round: FeedRound): string[] {
    for (const { name, status } of round.entries) this.#statuses.set(name, status);
    const { io } = this.#context;
    const { columns, rows } = io.terminal() ?? { columns: 80, rows: 24 };
    const lines = statusTable([...this.#statuses.values()], readerOf(this.#context));
    const fitting = lines.length < rows ? lines : [
      ...lines.slice(0, Math.max(1, rows - 2)),
      `and ${lines.length - Math.max(1, rows - 2)} more`,
    ];
    const drawn = fitting.map((line) => `${line.slice(0, columns)}\u001b[K\n`).join("");
    io.stdout(`${this.#home()}${drawn}\u001b[J`);
    this.#drawnRows = fitting.length;
    return round.entries.map(({ name }) => name);
  }

  remark(text: string): void {
    this.#context.note(text);
    this.#drawnRows = 0;
  }

  #home(): string {
    return this.#drawnRows === 0 ? "" : `\u001b[${this.#drawnRows}A`;
  }
}
