/**
 * The token that fanctl proves its name with: from a file or from the environment, never from an
 * argument, which every user of the machine can see.
 *
 * @module
 */
import { MOST_TOKEN_CHARACTERS } from "../config/token.ts";
import { UsageError } from "../errors.ts";
import type { CommandContext } from "./context.ts";

/** The variable that holds a token. */
export const TOKEN_VARIABLE = "FAND_TOKEN";

/** Permissions of everybody but the owner. */
const OTHERS = 0o077;

/**
 * The token of this command; null for none.
 *
 * @throws {UsageError} When the file cannot be read, or holds none.
 */
export async function readToken({ options, io, note }: CommandContext): Promise<string | null> {
  const { tokenFile } = options;
  if (tokenFile === null) return io.variable(TOKEN_VARIABLE)?.trim() || null;
  const { state } = await Deno.permissions.query({ name: "read", path: tokenFile });
  if (state !== "granted") {
    throw unreadable(tokenFile, "it may not be read", `run with --allow-read=${tokenFile}`);
  }
  let text: string;
  try {
    const { mode, size } = await Deno.stat(tokenFile);
    if (size > 2 * MOST_TOKEN_CHARACTERS) throw new Error(`${size} bytes are no token`);
    if (mode !== null && (mode & OTHERS) !== 0) note(`others may use "${tokenFile}"; chmod 600 it`);
    text = (await Deno.readTextFile(tokenFile)).trim();
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw unreadable(tokenFile, found, "name a file that holds nothing but a token");
  }
  if (text !== "" && text.length <= MOST_TOKEN_CHARACTERS && !/\s/.test(text)) return text;
  throw unreadable(tokenFile, "no single token is in it", 'put there what "fanctl token" printed');
}

function unreadable(file: string, found: string, advice: string): UsageError {
  return new UsageError(`Cannot use the token file "${file}": ${found}; ${advice}`);
}
