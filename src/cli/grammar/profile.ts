/**
 * The commands for profiles: `fanctl profile …`.
 *
 * @module
 */
import { loadOptique } from "../../../deps.ts";
import type { Command } from "../command.ts";
import { expiryOptions } from "./expiry.ts";
import { type Grammar, noCommandFor, type Surroundings } from "./words.ts";

const { argument, command, constant, message, object, option, or, string, withDefault } =
  await loadOptique();

/** profile list, set, clear. */
export function profileCommands(surroundings: Surroundings): Grammar<Command>[] {
  return [
    command(
      "profile",
      or(
        command("list", object({ action: constant("profile-list") }), {
          description: message`Print the profiles, and which one is in force until when.`,
        }),
        command(
          "set",
          object({
            action: constant("profile-set"),
            name: argument(string({ metavar: "PROFILE" })),
            expiry: withDefault(expiryOptions(surroundings), null),
            reason: withDefault(
              option("--reason", string({ metavar: "TEXT" }), {
                description: message`Why; shown wherever the profile is.`,
              }),
              null,
            ),
          }),
          { description: message`Put a profile in force; "normal" suspends all others.` },
        ),
        command("clear", object({ action: constant("profile-clear") }), {
          description: message`Take back what was put in force by hand.`,
        }),
        { errors: { noMatch: noCommandFor("profile") } },
      ),
      { description: message`Bend what the curves ask for, for a while.` },
    ),
  ];
}
