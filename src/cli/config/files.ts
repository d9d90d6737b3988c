/**
 * Configuration files, replaced whole or not at all.
 *
 * @module
 */
import { ConfigError } from "../../errors.ts";

/**
 * Writes `text` to `path` so that nobody ever reads half of it.
 *
 * @throws {ConfigError}
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const unfinished = `${path}.new`;
  try {
    await Deno.writeTextFile(unfinished, text);
    await Deno.rename(unfinished, path);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/**
 * Puts `from` in the place of `to`, and keeps what was there under another name.
 *
 * @returns That name.
 * @throws {ConfigError}
 */
export async function succeed(from: string, to: string): Promise<string> {
  const previous = `${to}.previous`;
  try {
    await Deno.copyFile(to, previous);
    await Deno.rename(from, to);
  } catch (error) {
    throw unwritable(to, error);
  }
  return previous;
}

function unwritable(path: string, error: unknown): ConfigError {
  const found = error instanceof Error ? error.message : String(error);
  return new ConfigError(
    `Cannot write "${path}": ${found}; ` +
      "run this on the server's machine, as somebody who may, with --allow-read --allow-write",
    [],
    { cause: error },
  );
}
