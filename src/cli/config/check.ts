/**
 * `fanctl config check`: whether a server would take a configuration, without asking one.
 *
 * @module
 */
import { readConfigFile } from "../../config/find.ts";
import type { CommandOf } from "../command.ts";
import type { CommandContext } from "../context.ts";

/** Prints that nothing is wrong, or fails with every problem. */
export async function configCheck(
  { file }: CommandOf<"config-check">,
  context: CommandContext,
): Promise<void> {
  const { config } = await readConfigFile(file);
  for (const warning of config.warnings) context.note(warning);
  context.print({ file, warnings: [...config.warnings] }, `${file}: no problems found`);
}
