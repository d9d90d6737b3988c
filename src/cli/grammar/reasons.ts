/**
 * The commands about reasons: why something is so, and what if it were otherwise.
 *
 * @module
 */
import { loadOptique } from "../../../deps.ts";
import type { Command } from "../command.ts";
import { parseSupposition } from "../supposition.ts";
import {
  AS_WRITTEN,
  type Grammar,
  momentWord,
  shelfArgument,
  type Surroundings,
  word,
} from "./words.ts";

const { argument, command, constant, message, multiple, object, option, withDefault } =
  await loadOptique();

/** why, whatif, overrides. */
export function reasonCommands(surroundings: Surroundings): Grammar<Command>[] {
  const supposition = word("NAME=VALUE", parseSupposition, { name: "sensor", value: "missing" });
  return [
    command(
      "why",
      object({
        action: constant("why"),
        shelf: shelfArgument(surroundings),
        at: withDefault(
          option("--at", momentWord(surroundings), {
            ...AS_WRITTEN,
            description: message`At a time that is over, as 10m or 2030-12-29T01:01.`,
          }),
          null,
        ),
      }),
      {
        description:
          message`Explain the duty of a shelf, step by step from its sensors, and what would change it.`,
      },
    ),
    command(
      "whatif",
      object({
        action: constant("whatif"),
        shelf: shelfArgument(surroundings),
        suppositions: multiple(
          argument(supposition, {
            ...AS_WRITTEN,
            description:
              message`A sensor's name (or "sensor" for all) and °C, "missing" or "asleep"; fan=stalled; profile=quiet; override=40.`,
          }),
          { min: 1, errors: { tooFew: message`No NAME=VALUE is given.` } },
        ),
      }),
      { description: message`Tell where a shelf's fans would go, when, and why; changes nothing.` },
    ),
    command("overrides", object({ action: constant("overrides") }), {
      description: message`List every duty that is set by hand: by whom, until when, and why.`,
    }),
  ];
}
