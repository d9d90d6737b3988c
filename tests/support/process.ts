/**
 * Child processes for tests: start one, await the lines that it prints, be sure that it is gone.
 *
 * @module
 */

import { stripVTControlCharacters } from "node:util";
import { REPOSITORY } from "./paths.ts";

/** How a child process is started. */
export interface ProcessOptions {
  /** Added to this process's environment, or all of it when `clearEnv` is set. */
  env?: Record<string, string>;
  clearEnv?: boolean;
  /** Default: {@link REPOSITORY}. */
  cwd?: string;
  /** Written to stdin, which is then closed; without it stdin is empty. */
  stdin?: string;
  /** Makes it the head of a process group, and sends signals to all of that. */
  group?: boolean;
  /** How long it may take to end after SIGTERM before it is killed; default 5 seconds. */
  stopGraceMs?: number;
}

/** What a finished process left behind. */
export interface ProcessResult {
  code: number;
  signal: Deno.Signal | null;
  stdout: string;
  stderr: string;
}

/** One line that a process printed, without its end and without terminal control sequences. */
export interface ProcessLine {
  stream: "stdout" | "stderr";
  text: string;
}

interface Waiter {
  matches(text: string): boolean;
  found(text: string): void;
  ended(): void;
}

/** Starts `command`; the result must be held with `await using`. */
export function startProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): TestProcess {
  return new TestProcess(command, args, options);
}

/** Starts this very Deno with `args`. */
export function startDeno(args: readonly string[], options: ProcessOptions = {}): TestProcess {
  return startProcess(Deno.execPath(), args, options);
}

/** Runs `command` to its end; fails when it takes longer than `timeoutMs`. */
export async function runProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions & { timeoutMs?: number } = {},
): Promise<ProcessResult> {
  await using child = startProcess(command, args, options);
  return await child.result(options.timeoutMs);
}

/** Runs this very Deno with `args` to its end. */
export function runDeno(
  args: readonly string[],
  options: ProcessOptions & { timeoutMs?: number } = {},
): Promise<ProcessResult> {
  return runProcess(Deno.execPath(), args, options);
}

/** A running child process and every line that it has printed. */
export class TestProcess implements AsyncDisposable {
  /** Every line so far, in the order of arrival. */
  readonly lines: ProcessLine[] = [];
  /** Resolves when the process has ended and both streams have been read to their end. */
  readonly ended: Promise<Deno.CommandStatus>;
  readonly #title: string;
  readonly #child: Deno.ChildProcess;
  readonly #group: boolean;
  readonly #stopGraceMs: number;
  readonly #text = { stdout: "", stderr: "" };
  readonly #returned = new Set<ProcessLine>();
  readonly #waiters = new Set<Waiter>();
  #hasEnded = false;

  constructor(command: string, args: readonly string[], options: ProcessOptions) {
    this.#title = [command.split("/").at(-1), ...args].join(" ");
    this.#group = options.group ?? false;
    this.#stopGraceMs = options.stopGraceMs ?? 5_000;
    this.#child = new Deno.Command(command, {
      args: [...args],
      cwd: options.cwd ?? REPOSITORY,
      env: { NO_COLOR: "1", ...options.env },
      clearEnv: options.clearEnv ?? false,
      stdin: options.stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
      detached: this.#group,
    }).spawn();
    this.ended = this.#run(options.stdin);
  }

  /** The process id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Everything printed to stdout so far, as it came. */
  get stdout(): string {
    return this.#text.stdout;
  }

  /** Everything printed to stderr so far, as it came. */
  get stderr(): string {
    return this.#text.stderr;
  }

  /**
   * The first line of either stream that matches and has not been returned before, as soon as
   * there is one. A text matches the lines that contain it.
   */
  line(pattern: string | RegExp, timeoutMs = 20_000): Promise<string> {
    const matches = (text: string): boolean =>
      typeof pattern === "string" ? text.includes(pattern) : pattern.test(text);
    const known = this.lines.find((line) => !this.#returned.has(line) && matches(line.text));
    if (known !== undefined) {
      this.#returned.add(known);
      return Promise.resolve(known.text);
    }
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        finish();
      };
      const waiter: Waiter = {
        matches,
        found: (text) => settle(() => resolve(text)),
        ended: () => settle(() => reject(this.#failure(`ended without a line like ${pattern}`))),
      };
      const timer = setTimeout(
        () => settle(() => reject(this.#failure(`no line like ${pattern} in ${timeoutMs} ms`))),
        timeoutMs,
      );
      if (this.#hasEnded) waiter.ended();
      else this.#waiters.add(waiter);
    });
  }

  /** Lines printed until now are no longer returned by {@link line}. */
  forget(): void {
    for (const line of this.lines) this.#returned.add(line);
  }

  /** Waits for the end of the process and returns all it printed. */
  async result(timeoutMs = 60_000): Promise<ProcessResult> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => reject(this.#failure(`still running after ${timeoutMs} ms`)),
      timeoutMs,
    );
    try {
      const { code, signal } = await Promise.race([this.ended, late]);
      return { code, signal, stdout: this.stdout, stderr: this.stderr };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends a signal; nothing happens when the process has ended. */
  kill(signal: Deno.Signal = "SIGTERM"): void {
    if (this.#hasEnded) return;
    try {
      if (this.#group) Deno.kill(-this.pid, signal);
      else this.#child.kill(signal);
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  /** Asks the process to end, kills it when it does not, and reads its streams to their end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.kill("SIGTERM");
    const timer = setTimeout(() => this.kill("SIGKILL"), this.#stopGraceMs);
    await this.ended;
    clearTimeout(timer);
  }

  async #run(stdin: string | undefined): Promise<Deno.CommandStatus> {
    const [status] = await Promise.all([
      this.#child.status,
      this.#read("stdout"),
      this.#read("stderr"),
      stdin === undefined ? null : this.#write(stdin),
    ]);
    this.#hasEnded = true;
    for (const waiter of [...this.#waiters]) waiter.ended();
    return status;
  }

  async #write(text: string): Promise<void> {
    const writer = this.#child.stdin.getWriter();
    try {
      await writer.write(new TextEncoder().encode(text));
      await writer.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    }
  }

  async #read(stream: ProcessLine["stream"]): Promise<void> {
    let rest = "";
    for await (const text of this.#child[stream].pipeThrough(new TextDecoderStream())) {
      this.#text[stream] += text;
      const parts = (rest + text).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) this.#arrived({ stream, text: plain(part) });
    }
    if (rest !== "") this.#arrived({ stream, text: plain(rest) });
  }

  #arrived(line: ProcessLine): void {
    this.lines.push(line);
    for (const waiter of this.#waiters) {
      if (!waiter.matches(line.text)) continue;
      this.#returned.add(line);
      waiter.found(line.text);
      return;
    }
  }

  #failure(what: string): Error {
    const tail = this.lines.slice(-20).map(({ stream, text }) => `  ${stream}: ${text}`);
    return new Error(`"${this.#title}": ${what}; it printed\n${tail.join("\n")}`);
  }
}

function plain(text: string): string {
  return stripVTControlCharacters(text).replace(/\r$/, "");
}
