/**
 * What the server prints: its state on standard output, its failures on standard error.
 *
 * @module
 */

import { ConfigError, FandError, ServerNoConfigError, UsageError } from "../errors.ts";

/** Exit status: done, failed, or asked for in a way that cannot be understood. */
export type ExitStatus = 0 | 1 | 2;

const encoder = new TextEncoder();

/** Prints a line that people and scripts wait for. */
export function print(line: string): void {
  write(`${line}\n`);
}

/** Writes to standard output as it is. */
export function write(text: string): void {
  Deno.stdout.writeSync(encoder.encode(text));
}

/** Prints a line about a failure. */
export function complain(line: string): void {
  Deno.stderr.writeSync(encoder.encode(`fand: ${line}\n`));
}

/** Every failure in the words of the error tree; a stack only for what nobody foresaw. */
export function explain(error: unknown): ExitStatus {
  if (error instanceof ConfigError) {
    for (const problem of error.problems) complain(problem);
    complain(error.message);
    return 2;
  }
  if (error instanceof FandError) {
    complain(error.message);
    return error instanceof UsageError || error instanceof ServerNoConfigError ? 2 : 1;
  }
  complain(error instanceof Error ? error.stack ?? error.message : String(error));
  return 1;
}
