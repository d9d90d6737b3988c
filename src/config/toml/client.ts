/**
 * `[[client]]` of a fand.toml.
 *
 * @module
 */

import type { ClientConfig } from "../client_config.ts";
import { type KeyPath, type Problems, show } from "../problems.ts";
import { TOKEN_PREFIX } from "../token.ts";
import { CLIENT } from "./schema.ts";
import { read } from "./rules.ts";

/**
 * Reads one client; null when it has problems.
 *
 * @param tokens of the clients before it: a token proves one name.
 */
export function readClient(
  value: unknown,
  path: KeyPath,
  { problems, tokens }: { problems: Problems; tokens: Set<string> },
): ClientConfig | null {
  const client = read(CLIENT, value, path, problems);
  if (!client) return null;
  const { name, role, shelves, token } = client;
  if (role === "agent" && shelves === undefined) {
    problems.add([...path, "shelves"], "none", 'patterns of its shelves, as ["rack1-*"]');
    return null;
  }
  if (role !== "agent" && shelves !== undefined) {
    problems.add([...path, "shelves"], show(shelves), 'none: only role "agent" has its own');
    return null;
  }
  if (token !== undefined && tokens.has(token)) {
    problems.add([...path, "token"], "a token again", "one that no other client has");
    return null;
  }
  if (token !== undefined) tokens.add(token);
  return { name, role, shelves: shelves ?? [], token: token?.slice(TOKEN_PREFIX.length) ?? null };
}
