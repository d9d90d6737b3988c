/**
 * From the words of a command line to what is to be done.
 *
 * @module
 */
import { loadOptique } from "../../deps.ts";
import { type CommandLine, lineGrammar } from "./grammar/line.ts";
import type { Surroundings } from "./grammar/words.ts";
import { VERSION } from "../version.ts";

const { formatMessage, message, runParserSync } = await loadOptique();

/** What a command line turned out to be. */
export type Outcome =
  | { kind: "command"; line: CommandLine }
  /** Help, the version or a completion script was asked for; print it and end. */
  | { kind: "text"; text: string }
  /** It cannot be understood; `problem` is a whole message. */
  | { kind: "wrong"; problem: string };

/**
 * Reads a command line.
 *
 * @param columns The width to wrap help pages at.
 */
export function readCommandLine(
  args: readonly string[],
  surroundings: Surroundings,
  columns: number,
): Outcome {
  let printed = "";
  const shown = () => ({ kind: "text" as const, text: printed });
  const outcome: CommandLine | Outcome = runParserSync<
    ReturnType<typeof lineGrammar>,
    Outcome,
    Outcome
  >(lineGrammar(surroundings), "fanctl", args, {
    brief: message`Ask, override, explain and watch the fans of a fand server.`,
    footer: message`Exit status: 0 done, 1 failed, 2 wrong usage.`,
    usageLine: [{ type: "literal", value: "[FLAG]... COMMAND [ARG]..." }],
    maxWidth: columns,
    termWidth: "auto",
    aboveError: "none",
    stdout: (text) => printed += text.endsWith("\n") ? text : `${text}\n`,
    stderr: () => {},
    help: { option: { names: ["-h", "--help"] }, command: true, onShow: shown },
    version: { value: `fanctl ${VERSION}`, option: { names: ["-V", "--version"] }, onShow: shown },
    completion: { command: true, onShow: shown },
    onError: (_code, error) => ({ kind: "wrong", problem: problemOf(formatMessage(error)) }),
  });
  return "options" in outcome ? { kind: "command", line: outcome } : outcome;
}

/** Our own messages are whole already; optique's are put into the same grammar. */
function problemOf(text: string): string {
  if (text.startsWith("Cannot ")) return text;
  const [found = "", hint] = text.replaceAll("`", '"').split("\n\n");
  const what = found.charAt(0).toLowerCase() + found.slice(1).replace(/\.$/, "");
  const advice = hint === undefined
    ? 'see "fanctl --help"'
    : hint.charAt(0).toLowerCase() + hint.slice(1).replaceAll("\n", " ");
  return `Cannot understand the command line: ${what}; ${advice}`;
}
