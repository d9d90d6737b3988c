/**
 * What the server prints: its state on standard output, its failures on standard error.
 *
 * @module
 */

import { ConfigError, FandError, ServerNoConfigError, UsageError } from "../../errors.ts";

/** Exit status: done, failed, or asked for in a way that cannot be understood. */
export type ExitStatus = 0 | 1 | 2;

const encoder = new TextEncoder();

/** Prints a line that people and scripts wait for. */
export function print(line: string): void {
  write(`${line}\n`);
}

/** Writes to standard output as it is. */
export function write(text: string): void {
  put(Deno.stdout, text);
}

/** Writes to standard error as it is. */
export function writeError(text: string): void {
  put(Deno.stderr, text);
}

/** That nobody reads any more ends no server. */
function put(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  try {
    stream.writeSync(encoder.encode(text));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/** Prints a line about a failure. */
export function complain(line: string): void {
  writeError(`fand: ${line}\n`);
}

/** Every failure in the words of the error tree. */
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
  const found = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  complain(`Cannot go on: ${found}; report this if it happens again`);
  return 1;
}
