/**
 * Everything that is wrong with one configuration file, collected so that it can be told at once.
 *
 * @module
 */

import { ConfigError } from "../errors.ts";

/** The way to a key: table names and array indexes from 0. */
export type KeyPath = readonly (string | number)[];

/** More than this is not read by anybody; what is left out is counted. */
const MAX_PROBLEMS = 100;

/** The problems and warnings of one file, with the line of each. */
export class Problems {
  readonly #file: string;
  readonly #lineOf: (path: KeyPath) => number;
  readonly #problems = new Map<string, number>();
  readonly #warnings = new Map<string, number>();

  /**
   * @param file The name that each line begins with.
   * @param lineOf The line, from 1, of a key or of what comes nearest to it.
   */
  constructor(file: string, lineOf: (path: KeyPath) => number) {
    this.#file = file;
    this.#lineOf = lineOf;
  }

  /** Records that the key at `path` holds `found` where only `allowed` will do. */
  add(path: KeyPath, found: string, allowed: string): void {
    this.#record(this.#problems, path, `found ${found}, allowed ${allowed}`);
  }

  /** Records something that is accepted but deserves a word. */
  warn(path: KeyPath, text: string): void {
    this.#record(this.#warnings, path, text);
  }

  /** How many problems there are so far. */
  get count(): number {
    return this.#problems.size;
  }

  /** The warnings, one line of text each, in the order of the file. */
  get warnings(): string[] {
    return this.#sorted(this.#warnings);
  }

  /** All problems as one error. */
  error(): ConfigError {
    const count = this.#problems.size;
    return new ConfigError(
      `Cannot use the configuration "${this.#file}": ${count} ${
        count === 1 ? "problem" : "problems"
      } found; correct what is listed and try again`,
      this.#sorted(this.#problems),
    );
  }

  /** Keeps each text once, with its line. */
  #record(texts: Map<string, number>, path: KeyPath, text: string): void {
    const line = this.#lineOf(path);
    texts.set(`${this.#file}:${line}: ${keyText(path)}: ${text}`, line);
  }

  #sorted(texts: ReadonlyMap<string, number>): string[] {
    const sorted = [...texts].toSorted(([, a], [, b]) => a - b).map(([text]) => text);
    if (sorted.length <= MAX_PROBLEMS) return sorted;
    const left = sorted.length - MAX_PROBLEMS;
    return [...sorted.slice(0, MAX_PROBLEMS), `${this.#file}: and ${left} more`];
  }
}

/** A key as a person writes it: `shelf[0].cause[1].curve`; a line on its own has no key. */
function keyText(path: KeyPath): string {
  if (typeof path[0] === "number") return "syntax";
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else text += `${text === "" ? "" : "."}${/^[\w-]+$/.test(part) ? part : show(part)}`;
  }
  return text === "" ? "file" : text;
}

/** A value as it is told in a message: short, on one line, whatever it holds. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : showArray(value);
  if (value instanceof Date) return "a date";
  if (typeof value === "string") {
    const short = value.length > 60 ? `${value.slice(0, 60)}…` : value;
    return JSON.stringify(short);
  }
  if (typeof value === "object") return value === null ? "nothing" : "a table";
  return String(value);
}

function showArray(values: readonly unknown[]): string {
  const shown = values.slice(0, 4).map(show);
  const text = `[${shown.join(", ")}${values.length > shown.length ? ", …" : ""}]`;
  return text.length > 60 ? "an array" : text;
}

/** The known word that `word` was probably meant to be, as an addition to a message. */
export function didYouMean(word: string, known: Iterable<string>): string {
  let best = "";
  let bestDistance = Math.min(3, Math.ceil(word.length / 2));
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance || (distance === bestDistance && best === "")) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best === "" ? "" : `; did you mean "${best}"?`;
}

/** Insertions, deletions, changes and swaps of neighbours between two words; above `limit` any
 * larger number. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(
        at(previous, j) + 1,
        at(row, j - 1) + 1,
        at(previous, j - 1) + same,
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(beforePrevious, j - 2) + 1);
      }
      row.push(cost);
    }
    beforePrevious = previous;
    previous = row;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
