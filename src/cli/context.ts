/**
 * What every command works with: its flags, the process around it, and how to say something.
 *
 * @module
 */
import type { Log } from "../log.ts";
import type { WireValue } from "../wire/value.ts";
import type { CommonOptions } from "./command.ts";
import type { CliIo } from "./io.ts";
import { printable, toJson } from "./text.ts";

/** The surroundings of one running command. */
export interface CommandContext {
  readonly io: CliIo;
  readonly options: CommonOptions;
  /** Standard error, filtered by -v and -q. */
  readonly log: Log;
  /**
   * Prints a result: `text` for people, or with `--json` the one document `json`. A text may have
   * several lines; nothing is printed for an empty one.
   */
  print(json: WireValue, text: string): void;
  /** A remark on standard error that is no part of the result; `-q` leaves it out. */
  note(text: string): void;
}

/** The context of a command with these flags. */
export function commandContext(options: CommonOptions, io: CliIo): CommandContext {
  return {
    io,
    options,
    log: standardErrorLog(options, io),
    print(json, text) {
      if (options.json) io.stdout(`${toJson(json)}\n`);
      else if (text !== "") io.stdout(`${text.split("\n").map(printable).join("\n")}\n`);
    },
    note(text) {
      if (!options.quiet) io.stderr(`${printable(text)}\n`);
    },
  };
}

/** `-q` leaves nothing, no flag warnings and errors, `-v` what is done, `-vv` every message. */
function standardErrorLog({ quiet, verbosity }: CommonOptions, io: CliIo): Log {
  const sayFrom = (least: number) => (text: string): void => {
    if (!quiet && verbosity >= least) io.stderr(`fanctl: ${printable(text)}\n`);
  };
  return { error: sayFrom(0), warn: sayFrom(0), info: sayFrom(1), debug: sayFrom(2) };
}
