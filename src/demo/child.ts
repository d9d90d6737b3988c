/**
 * A process of the tour and what it says, line by line.
 *
 * @module
 */

/** A running part of fand. */
export class Child {
  readonly #process: Deno.ChildProcess;
  readonly #lines: string[] = [];
  readonly #reading: Promise<void>;
  #news = Promise.withResolvers<void>();
  #isOver = false;

  /** @param args what `deno` is called with. */
  constructor(args: readonly string[]) {
    this.#process = new Deno.Command(Deno.execPath(), {
      args: [...args],
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
      env: { NO_COLOR: "1" },
    }).spawn();
    this.#reading = this.#read();
  }

  /**
   * The first line from now on that `found` makes something of; what came before is forgotten.
   *
   * @throws {Error} when the process ends or the time is up first.
   */
  async next<T>(what: string, timeoutMs: number, found: (line: string) => T | null): Promise<T> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#news.resolve();
    }, timeoutMs);
    try {
      while (!isLate) {
        for (let line = this.#lines.shift(); line !== undefined; line = this.#lines.shift()) {
          const result = found(line);
          if (result !== null) return result;
        }
        if (this.#isOver) throw new Error(`Cannot go on: the process ended before ${what}`);
        await this.#news.promise;
      }
      throw new Error(`Cannot go on: no ${what} within ${timeoutMs} ms`);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Forgets everything said so far. */
  forget(): void {
    this.#lines.length = 0;
  }

  /** Ends the process; resolves with its exit status and how long it took. */
  async end(signal: Deno.Signal): Promise<{ code: number; tookMs: number }> {
    const startMs = performance.now();
    if (!this.#isOver) this.#process.kill(signal);
    const { code } = await this.#process.status;
    await this.#reading;
    return { code, tookMs: performance.now() - startMs };
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const text of this.#process.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      this.#lines.push(...lines);
      this.#announce();
    }
    this.#isOver = true;
    this.#announce();
  }

  #announce(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }
}
