/**
 * `fanctl list`: the names of all shelves.
 *
 * @module
 */
import { Request } from "../wire/request.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";
import { allPages } from "./pages.ts";
import { ServerSession, unexpected } from "./session.ts";

/** Prints one name a line. */
export async function list(_command: CommandOf<"list">, context: CommandContext): Promise<void> {
  await using session = await ServerSession.open(context);
  const shelves = await shelfNames(session);
  context.print({ shelves }, shelves.join("\n"));
}

/** The names of all shelves of the server, in its order. */
export async function shelfNames(session: ServerSession): Promise<string[]> {
  const names: string[] = [];
  for await (const name of allPages(session, Request.LIST, [])) {
    if (typeof name !== "string") throw unexpected(Request.LIST, [Request.LIST, [name]]);
    names.push(name);
  }
  return names;
}
