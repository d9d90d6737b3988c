/**
 * Runs a program for what it prints, and leaves nothing of it behind.
 *
 * @module
 */
import { FandError, SensorError } from "../../errors.ts";
import type { Libc } from "../../libc/libc.ts";
import { requirePermission } from "../permission.ts";

/** What a program printed, and how it ended. */
export interface ToolResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** How a program is run. */
export interface ToolOptions {
  /** Kills the program and all that it has started, as far as that stays in its group. */
  signal: AbortSignal;
  /** More than this on either stream ends the run. */
  maxBytes: number;
  /** For killing the group; without its permission only the program itself is killed. */
  libc: Libc;
  /** What the program reads on its input; without it the input is empty. */
  input?: string;
}

/**
 * Runs `argv`, which no shell reads, to its end.
 *
 * @throws {SensorError} when it cannot be started, prints too much, or `signal` has ended it
 */
export async function runTool(
  argv: readonly string[],
  { signal, maxBytes, libc, input }: ToolOptions,
): Promise<ToolResult> {
  const [command = "", ...args] = argv;
  requirePermission({ name: "run", command }, `run "${command}"`);
  if (signal.aborted) throw new SensorError(`Cannot run "${command}": the time is up; try later`);
  const child = start(command, args, input !== undefined);
  if (input !== undefined) void give(child, input);
  const outputs = [child.stdout, child.stderr].map((stream) => new Output(stream, maxBytes));
  let ended: string | null = null;
  const end = (why: string): void => {
    ended ??= why;
    kill(child, libc);
    // Whoever has left the group may hold the other end open for ever.
    for (const output of outputs) output.cancel();
  };
  const abort = (): void => end("it took too long and was killed; allow more time or fix it");
  signal.addEventListener("abort", abort, { once: true });
  try {
    const [stdout = "", stderr = ""] = await Promise.all(
      outputs.map((output) =>
        output.read(() => end(`it printed more than ${maxBytes} bytes and was killed; print less`))
      ),
    );
    const { code } = await child.status;
    if (ended !== null) throw new SensorError(`Cannot use "${command}": ${ended}`);
    return { code, stdout, stderr };
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

type Child = Deno.ChildProcess & {
  stdout: ReadableStream<Uint8Array>;
  stderr: ReadableStream<Uint8Array>;
};

function start(command: string, args: string[], hasInput: boolean): Child {
  try {
    return new Deno.Command(command, {
      args,
      env: { LC_ALL: "C" },
      stdin: hasInput ? "piped" : "null",
      stdout: "piped",
      stderr: "piped",
      // A group of its own, which can be killed as one.
      detached: true,
    }).spawn();
  } catch (cause) {
    const found = cause instanceof Deno.errors.NotFound
      ? "there is no such program"
      : cause instanceof Error
      ? cause.message
      : String(cause);
    throw new SensorError(`Cannot run "${command}": ${found}; install it or name its path`, {
      cause,
    });
  }
}

/** A program that does not want its input may end, or close it, at any moment. */
async function give(child: Deno.ChildProcess, input: string): Promise<void> {
  const writer = child.stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  } catch {
    // What it did not read it does not need.
  }
}

function kill(child: Child, libc: Libc): void {
  try {
    libc.killGroup(child.pid);
  } catch (error) {
    if (!(error instanceof FandError)) throw error;
  }
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** What comes out of one stream, up to a limit. */
class Output {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #maxBytes: number;

  constructor(stream: ReadableStream<Uint8Array>, maxBytes: number) {
    this.#reader = stream.getReader();
    this.#maxBytes = maxBytes;
  }

  /** Everything until the stream ends; `tooMuch` is called when that is more than the limit. */
  async read(tooMuch: () => void): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    let bytes = 0;
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) return text + decoder.decode();
      bytes += value.length;
      if (bytes > this.#maxBytes) {
        tooMuch();
        return text;
      }
      text += decoder.decode(value, { stream: true });
    }
  }

  cancel(): void {
    // The only failure is a stream that has already failed.
    this.#reader.cancel().catch(() => {});
  }
}
