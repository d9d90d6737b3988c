/**
 * INI text as Python's configparser reads it, which is what a fand.ini was written for: comment
 * lines with `#` or `;`, `=` or `:` after a name, values that go on in deeper indented lines,
 * names of options without regard to case, and a `DEFAULT` section that the others inherit from.
 *
 * @module
 */

import type { Problems } from "../problems.ts";

/** The section that the others inherit from. */
export const DEFAULT_SECTION = "DEFAULT";

/** One option: its lines as written, and where each stands. */
export interface IniOption {
  /** The first holds what follows the delimiter; it may be empty. */
  readonly values: { text: string; line: number }[];
}

/** One section. */
export interface IniSection {
  /** Line of the header, from 1. */
  readonly line: number;
  readonly options: Map<string, IniOption>;
}

/** The sections of a file by name, {@link DEFAULT_SECTION} always among them. */
export type IniSections = Map<string, IniSection>;

/** What Python's `str.strip` takes away, and its `\s` matches. */
const BLANK =
  "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const OUTER_BLANK = new RegExp(`^${BLANK}+|${BLANK}+$`, "gu");
const INDENT = new RegExp(`^${BLANK}*`, "u");

/** `text` without the blanks at its ends, as Python sees blanks. */
export function strip(text: string): string {
  return text.replace(OUTER_BLANK, "");
}

/** Where the reading of the lines stands. */
interface Cursor {
  readonly sections: IniSections;
  readonly problems: Problems;
  readonly seenHeaders: Set<string>;
  section: IniSection | null;
  sectionName: string;
  option: IniOption | null;
  indent: number;
}

/**
 * Reads the sections of `text`. What configparser refuses is a problem; the path of each begins
 * with the line, as `[line]`.
 */
export function parseIni(text: string, problems: Problems): IniSections {
  const sections: IniSections = new Map([[DEFAULT_SECTION, { line: 1, options: new Map() }]]);
  const cursor: Cursor = {
    sections,
    problems,
    seenHeaders: new Set(),
    section: null,
    sectionName: "",
    option: null,
    indent: 0,
  };
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (!readLine(cursor, line, index + 1)) break;
  }
  return sections;
}

/** Takes one line; false when nothing after it can be read. */
function readLine(cursor: Cursor, raw: string, line: number): boolean {
  const text = strip(raw);
  if (text.startsWith("#") || text.startsWith(";")) return true;
  if (text === "") {
    cursor.option?.values.push({ text, line });
    return true;
  }
  const indent = INDENT.exec(raw)?.[0].length ?? 0;
  if (cursor.option && indent > cursor.indent) {
    cursor.option.values.push({ text, line });
    return true;
  }
  cursor.indent = indent;
  const end = text.startsWith("[") ? text.lastIndexOf("]") : -1;
  if (end >= 2) {
    openSection(cursor, text.slice(1, end), line);
    return true;
  }
  if (!cursor.section) {
    cursor.problems.add([line], show(text), "a section header such as [DEFAULT] before it");
    return false;
  }
  openOption(cursor, cursor.section, text, line);
  return true;
}

function openSection(cursor: Cursor, name: string, line: number): void {
  const { sections, problems, seenHeaders } = cursor;
  if (name !== DEFAULT_SECTION) {
    if (seenHeaders.has(name)) problems.add([line], `section [${name}] again`, "each section once");
    else sections.set(name, { line, options: new Map() });
    seenHeaders.add(name);
  }
  cursor.section = sections.get(name) ?? null;
  cursor.sectionName = name;
  cursor.option = null;
}

function openOption(cursor: Cursor, section: IniSection, text: string, line: number): void {
  const delimiter = text.search(/[=:]/);
  if (delimiter <= 0) {
    cursor.problems.add([line], show(text), "NAME = VALUE");
    return;
  }
  const name = strip(text.slice(0, delimiter)).toLowerCase();
  if (section.options.has(name)) {
    cursor.problems.add([line], `option ${show(name)} again`, "each option of a section once");
  }
  cursor.option = { values: [{ text: strip(text.slice(delimiter + 1)), line }] };
  section.options.set(name, cursor.option);
}

/** An option's value without interpolation: its lines joined, blank ones at the end dropped. */
export function rawValue(option: IniOption): string {
  const text = option.values.map((value) => value.text).join("\n");
  return text.replace(new RegExp(`${BLANK}+$`, "u"), "");
}

function show(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
