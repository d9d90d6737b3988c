/**
 * The commands for alerts: `fanctl alert …`.
 *
 * @module
 */
import { loadOptique } from "../../../deps.ts";
import type { Command } from "../command.ts";
import { type Grammar, noCommandFor } from "./words.ts";

const { argument, command, constant, message, object, optional, or, string } = await loadOptique();

/** alert list, acknowledge. */
export function alertCommands(): Grammar<Command>[] {
  return [
    command(
      "alert",
      or(
        command("list", object({ action: constant("alert-list") }), {
          description: message`Print what has been told and is not over.`,
        }),
        command(
          "acknowledge",
          object({
            action: constant("alert-acknowledge"),
            rule: argument(string({ metavar: "ALERT" })),
            subject: optional(argument(string({ metavar: "SUBJECT" }))),
          }),
          { description: message`Stop its repeating, of all it is about or of one subject.` },
        ),
        { errors: { noMatch: noCommandFor("alert") } },
      ),
      { description: message`See the alerts, and acknowledge them.` },
    ),
  ];
}
