/**
 * `fanctl board restore`: gives a motherboard's outputs back to what drove them before, when the
 * process that had them was killed. Needs no server and no agent.
 *
 * @module
 */
import { restoreAll, type RestoredOutput } from "../../board/hwmon/restore.ts";
import type { CommandOf } from "../command.ts";
import type { CommandContext } from "../context.ts";

/** Prints a line an output. @returns The exit status: 1 when one of them is not as it was. */
export async function boardRestore(
  { stateDir }: CommandOf<"board-restore">,
  context: CommandContext,
): Promise<number> {
  const { outputs, errors } = await restoreAll(stateDir);
  const maps = outputs.map(({ result, ...output }) => ({ ...output, ...result }));
  const lines = outputs.map(outputLine);
  const nothing = errors.length === 0 ? "nothing to give back" : "";
  context.print(
    { outputs: maps, errors: errors.map(({ message }) => message) },
    lines.length === 0 ? nothing : lines.join("\n"),
  );
  for (const { message } of errors) context.log.error(message);
  return errors.length === 0 && outputs.every(({ result }) => result.kind === "restored") ? 0 : 1;
}

function outputLine({ chip, device, output, result }: RestoredOutput): string {
  const title = `${output} of ${chip} at ${device}`;
  switch (result.kind) {
    case "restored":
      return `${title}: restored`;
    case "full speed":
      return `${title}: left at full speed, because ${result.reason}`;
    case "failed":
      return `${title}: NOT restored, because ${result.reason}`;
  }
}
