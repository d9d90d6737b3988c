/**
 * The commands that ask the server something and end.
 *
 * @module
 */
import { loadOptique } from "../../../deps.ts";
import type { Command } from "../command.ts";
import { type Grammar, shelfArgument, type Surroundings } from "./words.ts";

const { argument, command, constant, message, multiple, object, string, withDefault } =
  await loadOptique();

/** ping, list, get-pwm, get-rpm, status, counters, raw. */
export function askingCommands(surroundings: Surroundings): Grammar<Command>[] {
  return [
    command("ping", object({ action: constant("ping") }), {
      description: message`Ask whether the server answers.`,
    }),
    command("list", object({ action: constant("list") }), {
      description: message`Print the names of all shelves.`,
    }),
    command(
      "get-pwm",
      object({ action: constant("get-pwm"), shelf: shelfArgument(surroundings) }),
      {
        description: message`Print the duty of a shelf in percent.`,
      },
    ),
    command(
      "get-rpm",
      object({ action: constant("get-rpm"), shelf: shelfArgument(surroundings) }),
      {
        description: message`Print the speed of the slowest fan of a shelf, or "unknown".`,
      },
    ),
    command(
      "status",
      object({
        action: constant("status"),
        shelf: withDefault(shelfArgument(surroundings), null),
      }),
      {
        description: message`Show every shelf in a table, or all that is known about one.`,
      },
    ),
    command("counters", object({ action: constant("counters") }), {
      description: message`Show how much the server has to do, and which limits were reached.`,
    }),
    command(
      "raw",
      object({
        action: constant("raw"),
        request: argument(string({ metavar: "REQUEST" }), {
          description: message`Its name, as get_pwm.`,
        }),
        args: multiple(argument(string({ metavar: "ARG" }), {
          description: message`An argument of it, as nas, 40 or @2030-12-29.`,
        })),
      }),
      {
        description:
          message`Send any request and print the reply. An ARG is JSON, @DATE, or else text; write -- before a negative number.`,
      },
    ),
  ];
}
