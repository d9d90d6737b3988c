/**
 * `fanctl token`: makes a token, and what a server is to be told of it.
 *
 * @module
 */
import { digestOf, newToken, TOKEN_PREFIX } from "../config/token.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";

/** Prints the token on standard output, and the block for the configuration beside it. */
export function token({ name, role, shelves }: CommandOf<"token">, context: CommandContext): void {
  const text = newToken((bytes) => context.io.random(bytes));
  const digest = `${TOKEN_PREFIX}${digestOf(text)}`;
  const block = [
    "[[client]]",
    `name = ${JSON.stringify(name)}`,
    `role = ${JSON.stringify(role)}`,
    ...shelves.length === 0 ? [] : [`shelves = ${JSON.stringify(shelves)}`],
    `token = ${JSON.stringify(digest)}`,
  ];
  context.print({ name, role, shelves: [...shelves], token: text, digest }, text);
  if (context.options.json) return;
  context.note("the token is for the client alone; this is for the server's fand.toml:");
  for (const line of block) context.note(line);
}
