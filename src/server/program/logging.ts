/**
 * Where the log goes: standard error and, when asked, a file; each line with time, level and
 * category.
 *
 * @module
 */

import { loadLogtape } from "../../../deps.ts";
import { FandError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import { writeError } from "./say.ts";

const { configure, dispose, getLogger, getTextFormatter } = await loadLogtape();

/** How much is logged: 0 errors, 1 warnings, 2 information, 3 everything, -1 only what is fatal. */
export type Verbosity = -1 | 0 | 1 | 2 | 3;

const encoder = new TextEncoder();

const LEVELS = ["fatal", "error", "warning", "info", "debug"] as const;

/** Turns the counted flags into a verbosity; quiet wins. */
export function verbosityOf(verbose: number, quiet: boolean): Verbosity {
  return quiet ? -1 : Math.min(verbose, 3) as Verbosity;
}

/** The log of a process while it lasts. */
export interface Logging extends AsyncDisposable {
  /** A log for one part: `log("agent")`. */
  log(part: string): Log;
}

/**
 * Opens the log of this process.
 *
 * @param logfile appended to; created when it is not there.
 * @param tell gets every line as well, with its end; standard error unless told otherwise.
 * @throws {FandError} when the file cannot be written.
 */
export async function openLogging(
  verbosity: Verbosity,
  logfile?: string,
  tell: (line: string) => void = writeError,
): Promise<Logging> {
  const format = getTextFormatter({
    timestamp: "rfc3339",
    level: "full",
    category: ".",
    format: ({ timestamp, level, category, record }) =>
      `${timestamp} ${level.padEnd(7)} ${category}: ${oneLine(String(record.properties.text))}`,
  });
  const file = logfile === undefined ? null : await openLogFile(logfile);
  await configure({
    reset: true,
    sinks: {
      out(record) {
        const line = format(record);
        tell(line);
        file?.writeSync(encoder.encode(line));
      },
    },
    loggers: [
      { category: ["logtape", "meta"], lowestLevel: "fatal", sinks: [] },
      { category: "fand", lowestLevel: LEVELS[verbosity + 1] ?? "error", sinks: ["out"] },
    ],
  });
  return {
    log: (part) => partLog(part),
    async [Symbol.asyncDispose]() {
      await dispose();
      file?.close();
    },
  };
}

async function openLogFile(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { append: true, create: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const found = error instanceof Error ? error.message : String(error);
    throw new FandError(
      `Cannot open the log file "${path}": ${found}; name another file with -l`,
      { cause: error },
    );
  }
}

function partLog(part: string): Log {
  const logger = getLogger(["fand", part]);
  // The text is data, not a template: braces in a peer's words must stay braces.
  const say = (text: string) => ({ text });
  return {
    debug: (text) => logger.debug("{text}", say(text)),
    info: (text) => logger.info("{text}", say(text)),
    warn: (text) => logger.warn("{text}", say(text)),
    error: (text) => logger.error("{text}", say(text)),
  };
}

/** A peer's words must not be able to forge a line of the log or move the cursor. */
function oneLine(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
