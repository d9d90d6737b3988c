/**
 * On which line each key of a TOML text stands. The parser tells lines only for text that is
 * not TOML at all; a port out of range needs its line just as much.
 *
 * This scanner is handed text that the parser has accepted, so it follows structure and judges
 * nothing. Where it loses its way it stops: a key that it does not know gets its table's line.
 *
 * @module
 */

import type { KeyPath } from "../problems.ts";

const BARE_KEY = /[A-Za-z0-9_-]+/y;
const SPACE = /[ \t]*/y;
const BLANK = /(?:[ \t\r\n]+|#[^\n]*)*/y;
const PLAIN_VALUE = /[^,\]}\n#]*/y;
const STRINGS = [
  /"""(?:[^\\]|\\[^])*?"{3,5}/y,
  /'''[^]*?'{3,5}/y,
  /"(?:[^"\\\n]|\\.)*"/y,
  /'[^'\n]*'/y,
];

/** Deeper than any key of a configuration; below it a key has the line of what it is in. */
const MAX_DEPTH = 16;

/** Answers for every key of one text which line it is on. */
export class TomlLines {
  readonly #text: string;
  readonly #lines = new Map<string, number>();
  readonly #lastIndex = new Map<string, number>();
  #at = 0;
  #countedTo = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
    this.#document();
  }

  /** The line, from 1, of the key at `path`, or of the nearest table around it. */
  lineOf(path: KeyPath): number {
    for (let length = path.length; length > 0; length--) {
      const line = this.#lines.get(keyOf(path.slice(0, length)));
      if (line !== undefined) return line;
    }
    return 1;
  }

  #document(): void {
    let table: KeyPath = [];
    for (this.#skip(BLANK); this.#at < this.#text.length; this.#skip(BLANK)) {
      const before = this.#at;
      if (this.#text[this.#at] === "[") table = this.#header();
      else this.#assignment(table);
      if (this.#at === before) return;
    }
  }

  #header(): KeyPath {
    const line = this.#lineHere();
    const isArray = this.#text.startsWith("[[", this.#at);
    this.#at += isArray ? 2 : 1;
    const names = this.#keys();
    this.#at += isArray ? 2 : 1;
    const path: (string | number)[] = [];
    for (const [position, name] of names.entries()) {
      path.push(name);
      const last = this.#lastIndex.get(keyOf(path));
      if (isArray && position === names.length - 1) {
        const index = (last ?? -1) + 1;
        this.#lastIndex.set(keyOf(path), index);
        this.#mark(path, line);
        path.push(index);
      } else if (last !== undefined) {
        path.push(last);
      }
    }
    this.#mark(path, line);
    return path;
  }

  #assignment(table: KeyPath): void {
    const line = this.#lineHere();
    let path = table;
    for (const name of this.#keys()) {
      path = within(path, name);
      this.#mark(path, line);
    }
    this.#at++;
    this.#value(path);
  }

  /** The parts of a dotted key, with the blank after it consumed. */
  #keys(): string[] {
    const names: string[] = [];
    for (;;) {
      this.#skip(SPACE);
      const quote = this.#text[this.#at];
      const isQuoted = quote === '"' || quote === "'";
      const text = isQuoted ? this.#string() : this.#skip(BARE_KEY);
      if (names.length < MAX_DEPTH) names.push(isQuoted ? unquote(text) : text);
      this.#skip(SPACE);
      if (this.#text[this.#at] !== ".") return names;
      this.#at++;
    }
  }

  #value(path: KeyPath): void {
    this.#skip(SPACE);
    const first = this.#text[this.#at];
    if (first === '"' || first === "'") this.#string();
    else if (first === "[") this.#elements(path);
    else if (first === "{") this.#inlineTable(path);
    else this.#skip(PLAIN_VALUE);
  }

  #elements(path: KeyPath): void {
    for (let index = 0; this.#enter("]"); index++) {
      const element = within(path, index);
      this.#mark(element, this.#lineHere());
      this.#value(element);
    }
  }

  #inlineTable(path: KeyPath): void {
    while (this.#enter("}")) this.#assignment(path);
  }

  /** Steps over an opening bracket or a comma; false once the closing one is behind. */
  #enter(close: string): boolean {
    this.#skip(BLANK);
    const isEnd = this.#at >= this.#text.length || this.#text[this.#at] === close;
    this.#at++;
    if (isEnd) return false;
    this.#skip(BLANK);
    if (this.#text[this.#at] !== close) return true;
    this.#at++;
    return false;
  }

  #string(): string {
    for (const pattern of STRINGS) {
      const text = this.#skip(pattern);
      if (text !== "") return text;
    }
    return "";
  }

  /** Moves past what `pattern` matches here and returns it. */
  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += text.length;
    return text;
  }

  #mark(path: KeyPath, line: number): void {
    const key = keyOf(path);
    if (!this.#lines.has(key)) this.#lines.set(key, line);
  }

  #lineHere(): number {
    for (; this.#countedTo < this.#at; this.#countedTo++) {
      if (this.#text[this.#countedTo] === "\n") this.#line++;
    }
    return this.#line;
  }
}

function within(path: KeyPath, part: string | number): KeyPath {
  return path.length < MAX_DEPTH ? [...path, part] : path;
}

function keyOf(path: KeyPath): string {
  return path.join("\0");
}

/** The key inside quotes; an escape that only TOML knows stays as written. */
function unquote(text: string): string {
  if (!text.startsWith('"')) return text.slice(1, -1);
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}
