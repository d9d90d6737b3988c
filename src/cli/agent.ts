/**
 * `fanctl agent`: drives a fan board by what the server decides.
 *
 * @module
 */
import { FandError } from "../errors.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";

/** Stands in until the agent is joined to the command line. */
export function agent(_command: CommandOf<"agent">, _context: CommandContext): Promise<void> {
  return Promise.reject(
    new FandError("Cannot run an agent: this build has none; use a later one"),
  );
}
