/**
 * The fenced blocks of a document, and what they ask to be run. A document says what a block
 * stands in with comments before it:
 *
 *     <!-- with: server -->        a server of the built-in default listens on port 9999
 *     <!-- exit: 2 -->             its commands end with this status
 *     <!-- file: fand.toml -->     it is the content of a file in the folder, and is not run
 *     <!-- flags: --allow-net -->  what a TypeScript snippet is run with
 *     <!-- shown by: COMMAND -->   this text is what a command prints
 *     <!-- not run: REASON -->     it needs what a test has not
 *
 * @module
 */

/** A fenced block of a document. */
export interface Block {
  /** The document, relative to the repository. */
  readonly path: string;
  /** Where its fence is, counted from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** What the comments before it say. */
  readonly notes: ReadonlyMap<string, string>;
}

/** A command and the output that the document shows for it. */
export interface Step {
  readonly command: string;
  readonly shown: readonly string[];
}

/** Every fenced block of a document. */
export function blocksOf(path: string, text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split("\n");
  let notes = new Map<string, string>();
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const note = line.match(/^\s*<!-- ([a-z ]+): (.*) -->$/);
    const fence = line.match(/^(\s*)(`{3,})\s*(\w*)/);
    if (note) notes.set(note[1] ?? "", note[2] ?? "");
    else if (fence) {
      const [, indent = "", ticks = "", language = ""] = fence;
      const end = lines.findIndex((other, index) => index > at && other === indent + ticks);
      if (end < 0) throw new Error(`${path}:${at + 1}: this fence is not closed`);
      const content = lines.slice(at + 1, end).map((inner) => inner.slice(indent.length));
      blocks.push({ path, line: at + 1, language, text: `${content.join("\n")}\n`, notes });
      notes = new Map();
      at = end;
    } else if (line.trim() !== "") notes = new Map();
  }
  return blocks;
}

/**
 * The commands of a block: each line of `sh`; in `console` the lines after `$ `, with what is
 * shown below them; all of a text that a comment says is shown by a command.
 */
export function stepsOf({ language, text, notes }: Block): Step[] {
  const command = notes.get("shown by");
  if (command !== undefined) {
    return [{ command, shown: text.split("\n").filter((line) => line.trim() !== "") }];
  }
  const lines = text.replace(/\\\n\s*/g, "").trimEnd().split("\n");
  if (language === "sh") {
    return lines.filter((line) => /^[^#\s]/.test(line)).map((command) => ({ command, shown: [] }));
  }
  const steps: { command: string; shown: string[] }[] = [];
  for (const line of lines) {
    if (line.startsWith("$ ")) steps.push({ command: line.slice(2), shown: [] });
    else if (line.trim() !== "") steps.at(-1)?.shown.push(line.trim());
  }
  return steps;
}

/** A line that leaves out any number of lines. */
export const ANY_LINES = /^(\.\.\.|…)$/;

/**
 * What a shown line stands for: itself with other numbers and other spacing, and anything where
 * it has an ellipsis.
 */
export function patternOf(shown: string): RegExp {
  const source = shown.trim()
    .replace(/[\\^$*+?()[\]{}|]|\.(?!\.)(?<!\.\.)/g, "\\$&")
    .replace(/\d+(\\\.\d+)?/g, "\\d+(?:\\.\\d+)?")
    .replace(/\.\.\.|…/g, ".*")
    .replace(/\s+/g, "\\s+");
  return new RegExp(`^\\s*${source}\\s*$`);
}

/** Whether `printed` is what `shown` shows, line for line. */
export function isShown(shown: readonly string[], printed: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return printed.every((line) => line.trim() === "");
  if (ANY_LINES.test(first)) {
    return printed.some((_, at) => isShown(rest, printed.slice(at))) || isShown(rest, []);
  }
  const at = printed.findIndex((line) => line.trim() !== "");
  return at >= 0 && patternOf(first).test(printed[at] ?? "") &&
    isShown(rest, printed.slice(at + 1));
}
