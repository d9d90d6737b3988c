import type { Log } from "../../src/log.ts";

/** A log that keeps every line, `level: text`, and can be waited for. */
export class RecordedLog implements Log {
  readonly lines: string[] = [];
  readonly #waiting = new Set<{ pattern: RegExp; found: (line: string) => void }>();

  debug(text: string): void {
    this.#add(`debug: ${text}`);
  }

  info(text: string): void {
    this.#add(`info: ${text}`);
  }

  warn(text: string): void {
    this.#add(`warn: ${text}`);
  }

  error(text: string): void {
    this.#add(`error: ${text}`);
  }

  /** The first line that matches, said already or still to come. */
  line(pattern: RegExp): Promise<string> {
    const known = this.lines.find((line) => pattern.test(line));
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((found) => this.#waiting.add({ pattern, found }));
  }

  #add(line: string): void {
    this.lines.push(line);
    for (const waiter of this.#waiting) {
      if (!waiter.pattern.test(line)) continue;
      this.#waiting.delete(waiter);
      waiter.found(line);
    }
  }
}
