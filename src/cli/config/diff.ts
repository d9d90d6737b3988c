/**
 * `fanctl config diff`: what a file would change on a server.
 *
 * @module
 */
import { readConfigFile } from "../../config/find.ts";
import { compare, flatten } from "../../config/flat.ts";
import type { CommandOf } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { ServerSession } from "../session.ts";
import { changeEntries, changeLines } from "./changes.ts";
import { serverSettings } from "./server_config.ts";

/** Prints a line for each setting that differs, defaults included. */
export async function configDiff(
  { file }: CommandOf<"config-diff">,
  context: CommandContext,
): Promise<void> {
  const { config } = await readConfigFile(file);
  await using session = await ServerSession.open(context);
  const changes = compare(await serverSettings(session), flatten(config));
  context.print({ changes: changeEntries(changes) }, changeLines(changes));
}
