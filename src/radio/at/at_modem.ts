/**
 * A modem that is spoken to in AT commands: one command at a time, each with its answer, and what
 * the modem says by itself in between.
 *
 * @module
 */
import type { Line } from "../../board/line.ts";
import type { Clock } from "../../clock.ts";
import { RadioError } from "../../sockets/radio/radio_error.ts";
import { AtLines } from "./at_lines.ts";

/** How a family of modems speaks. */
export interface Dialect {
  /** What ends a command. */
  readonly end: string;
  /** Whether the modem says this by itself, and not as the answer of a command. */
  isEvent(line: string): boolean;
  /** Whether this ends an answer. */
  isStatus(line: string): boolean;
}

/** How a command is answered. */
export interface CommandOptions {
  /** How long the modem may take; default 3 s. */
  readonly timeoutMs?: number;
  /** Whether the answer is one line, with no status after it. */
  readonly isBare?: boolean;
}

/** An answer: the status that ends it, and the lines before. */
export interface Answer {
  readonly status: string;
  readonly values: readonly string[];
}

/** What has happened on the line since it was opened. */
export interface LineCounters {
  /** Lines that nobody had asked for, and that are no event. */
  readonly stray: number;
  /** Lines that were dropped because they were too long. */
  readonly overlong: number;
  /** Lines that were dropped because of bytes that no modem says. */
  readonly garbled: number;
}

const ANSWER_MS = 3000;
/** Lines of one answer; more is no answer of any command here. */
const MOST_VALUES = 16;

interface Pending {
  readonly command: string;
  readonly isBare: boolean;
  readonly values: string[];
  readonly settle: PromiseWithResolvers<Answer>;
}

/** A modem at an open line, until either of the two is gone. */
export class AtModem {
  /** Resolves when the line has ended, with why; never rejects. */
  readonly ended: Promise<RadioError>;
  readonly #line: Line;
  readonly #clock: Clock;
  readonly #dialect: Dialect;
  readonly #onEvent: (line: string) => void;
  readonly #lines = new AtLines();
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  #pending: Pending | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #stray = 0;
  #end: RadioError | null = null;
  readonly #endNow: (why: RadioError) => void;

  /** @param onEvent gets what the modem says by itself, in its order among the answers. */
  constructor(line: Line, clock: Clock, dialect: Dialect, onEvent: (line: string) => void) {
    this.#line = line;
    this.#clock = clock;
    this.#dialect = dialect;
    this.#onEvent = onEvent;
    this.#writer = line.writable.getWriter();
    this.#writer.closed.catch(() => {});
    const { promise, resolve } = Promise.withResolvers<RadioError>();
    this.ended = promise;
    this.#endNow = resolve;
    this.#read();
  }

  /** What has happened on the line. */
  get counters(): LineCounters {
    const { overlong, garbled } = this.#lines;
    return { stray: this.#stray, overlong, garbled };
  }

  /**
   * Says a command, after those that were said before.
   *
   * @throws {RadioError} `silent` when no answer comes in time, and then the line is given up: what
   * came later would be taken for the answer of another command. `absent` when the line is gone.
   */
  command(text: string, options: CommandOptions = {}): Promise<Answer> {
    const answer = this.#last.then(() => this.#say(text, options));
    this.#last = answer.catch(() => {});
    return answer;
  }

  /** Ends the line. Never throws. */
  async close(why?: RadioError): Promise<void> {
    this.#finish(why ?? new RadioError("Cannot go on: the radio was closed; open it", "closed"));
    await this.#line.close();
  }

  async #say(command: string, { timeoutMs = ANSWER_MS, isBare = false }: CommandOptions) {
    if (this.#end !== null) throw this.#end;
    const settle = Promise.withResolvers<Answer>();
    // Closing may reject it before anybody waits.
    settle.promise.catch(() => {});
    this.#pending = { command, isBare, values: [], settle };
    const cancel = this.#clock.after(timeoutMs, () => void this.close(silence(command, timeoutMs)));
    try {
      await this.#writer.write(new TextEncoder().encode(command + this.#dialect.end));
      return await settle.promise;
    } catch (cause) {
      if (cause instanceof RadioError) throw cause;
      throw this.#end ?? lineFailure(this.#line.name, cause);
    } finally {
      cancel();
      this.#pending = null;
    }
  }

  async #read(): Promise<void> {
    const reader = this.#line.readable.getReader();
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        for (const line of this.#lines.push(value)) this.#take(line);
      }
      this.#finish(lineFailure(this.#line.name, null));
    } catch (cause) {
      this.#finish(lineFailure(this.#line.name, cause));
    }
  }

  #take(line: string): void {
    const pending = this.#pending;
    if (this.#end !== null) return;
    if (this.#dialect.isEvent(line)) return this.#onEvent(line);
    if (pending === null) {
      this.#stray++;
    } else if (line === pending.command && pending.values.length === 0) {
      // The echo of the command, where that is switched on.
    } else if (this.#dialect.isStatus(line)) {
      pending.settle.resolve({ status: line, values: pending.values });
    } else if (pending.isBare) {
      pending.settle.resolve({ status: "OK", values: [line] });
    } else if (pending.values.length < MOST_VALUES) {
      pending.values.push(line);
    } else this.#stray++;
  }

  #finish(why: RadioError): void {
    if (this.#end !== null) return;
    this.#end = why;
    this.#pending?.settle.reject(why);
    this.#endNow(why);
  }
}

function silence(command: string, timeoutMs: number): RadioError {
  const found = `no answer to "${command}" within ${timeoutMs / 1000} s`;
  const remedy = "check its power, the wires and the speed of the line";
  return new RadioError(`Cannot use the modem: ${found}; ${remedy}`, "silent");
}

function lineFailure(name: string, cause: unknown): RadioError {
  if (cause instanceof RadioError) return cause;
  const found = cause instanceof Error
    ? cause.message.replace(/^Cannot /, "it cannot ")
    : "the line has ended; check the cable";
  return new RadioError(`Cannot use the modem at "${name}": ${found}`, "absent", { cause });
}
