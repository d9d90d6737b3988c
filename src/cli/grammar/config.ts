/**
 * The commands for a server's configuration: `fanctl config …`.
 *
 * @module
 */
import { loadOptique } from "../../../deps.ts";
import type { Command } from "../command.ts";
import { DURATION_FORMS, parseDuration } from "../duration.ts";
import { AS_WRITTEN, type Grammar, noCommandFor, word } from "./words.ts";

const {
  argument,
  command,
  constant,
  flag,
  message,
  object,
  option,
  or,
  string,
  text,
  withDefault,
} = await loadOptique();

/** How long a trial lasts unless somebody says otherwise. */
const DEFAULT_CONFIRM_MS = 60_000;

/** config check, diff, apply, confirm, take-back. */
export function configCommands(): Grammar<Command>[] {
  return [
    command(
      "config",
      or(
        command("check", object({ action: constant("config-check"), file: fileArgument() }), {
          description: message`Tell whether a server would take a file, without asking one.`,
        }),
        command("diff", object({ action: constant("config-diff"), file: fileArgument() }), {
          description: message`Print what a file would change on the server.`,
        }),
        applyCommand(),
        command("confirm", object({ action: constant("config-confirm") }), {
          description: message`Keep what is on trial, and replace the server's file with it.`,
        }),
        command("take-back", object({ action: constant("config-take-back") }), {
          description: message`End a trial at once.`,
        }),
        { errors: { noMatch: noCommandFor("config") } },
      ),
      { description: message`Check a configuration, compare it, try it and keep it.` },
    ),
  ];
}

function applyCommand(): Grammar<Command> {
  return command(
    "apply",
    object({
      action: constant("config-apply"),
      file: fileArgument(),
      confirmMs: withDefault(
        option("--confirm-within", word("DURATION", parseDuration, 0), {
          ...AS_WRITTEN,
          description: message`How long to wait for "config confirm"; the default is 1m. ${
            text(DURATION_FORMS)
          }.`,
        }),
        DEFAULT_CONFIRM_MS,
      ),
      dryRun: withDefault(
        flag("--dry-run", { description: message`Show what it would change, and no more.` }),
        false,
      ),
    }),
    { description: message`Put a file on trial; the server takes it back unless it is confirmed.` },
  );
}

function fileArgument() {
  return argument(string({ metavar: "FILE" }), {
    description: message`A fand.toml or fand.ini.`,
  });
}
