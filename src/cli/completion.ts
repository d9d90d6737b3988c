/**
 * Names of shelves for a shell that completes a line.
 *
 * @module
 */
import type { CommonOptions, Endpoint } from "./command.ts";
import { commandContext } from "./context.ts";
import { DEFAULT_ADDRESS, DEFAULT_PORT } from "./defaults.ts";
import type { CliIo } from "./io.ts";
import { shelfNames } from "./list.ts";
import { ServerSession } from "./session.ts";

/** Somebody has pressed a key and waits. */
const TIMEOUT_MS = 300;
const DEFAULT_SERVER: Endpoint = { host: DEFAULT_ADDRESS, port: DEFAULT_PORT };
const SERVER_FLAG = /^(?:-a|-p|--(?:address|port|tls|ca|cert|key)\b)/;

/**
 * The shelves of a server; none when it does not answer at once, or when the line names another.
 *
 * @param words The line so far, without the program's name.
 */
export async function shelvesToOffer(
  words: readonly string[],
  io: CliIo,
  server: Readonly<Endpoint> = DEFAULT_SERVER,
): Promise<string[]> {
  if (words.some((word) => SERVER_FLAG.test(word))) return [];
  const options: CommonOptions = {
    address: server.host,
    port: server.port,
    timeoutMs: TIMEOUT_MS,
    tls: null,
    tokenFile: null,
    json: false,
    verbosity: 0,
    quiet: true,
  };
  try {
    await using session = await ServerSession.open(commandContext(options, io));
    return await shelfNames(session);
  } catch {
    // Whatever went wrong, a completion must not fill the line with it.
    return [];
  }
}
