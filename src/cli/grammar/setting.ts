/**
 * The commands that change something on the server.
 *
 * @module
 */
import { loadOptique } from "../../../deps.ts";
import type { Command } from "../command.ts";
import { DATE_FORMS, parseDate } from "../date.ts";
import { DURATION_FORMS, parseDuration } from "../duration.ts";
import { parsePercent } from "../percent.ts";
import { expiryOptions } from "./expiry.ts";
import { AS_WRITTEN, type Grammar, shelfArgument, type Surroundings, word } from "./words.ts";

const { argument, command, constant, flag, message, object, option, string, text, withDefault } =
  await loadOptique();

/** set-pwm-override, set-pwm-expire-in, set-pwm-expire-on. */
export function settingCommands(surroundings: Surroundings): Grammar<Command>[] {
  const duration = word("DURATION", parseDuration, 0);
  const readDate = (text: string) => parseDate(text, surroundings.localZone());
  const dateOrNone = word(
    "DATE|none",
    (text) => text.trim().toLowerCase() === "none" ? null : readDate(text),
    null,
  );
  return [
    command(
      "set-pwm-override",
      object({
        action: constant("set-pwm-override"),
        shelf: shelfArgument(surroundings),
        percent: argument(word("PERCENT|none", parsePercent, null), {
          ...AS_WRITTEN,
          description: message`0 to 100, fractions allowed, or "none".`,
        }),
        expiry: withDefault(expiryOptions(surroundings), null),
        force: withDefault(
          flag("--force", {
            description:
              message`Hold the override below a failsafe as well; needs an end within an hour.`,
          }),
          false,
        ),
        reason: withDefault(
          option("--reason", string({ metavar: "TEXT" }), {
            description: message`Why; shown wherever the override is.`,
          }),
          null,
        ),
      }),
      { description: message`Set the duty of a shelf by hand, or "none" to end that.` },
    ),
    command(
      "set-pwm-expire-in",
      object({
        action: constant("set-pwm-expire-in"),
        shelf: shelfArgument(surroundings),
        durationMs: argument(duration, {
          ...AS_WRITTEN,
          description: message`${text(DURATION_FORMS)}.`,
        }),
      }),
      { description: message`Let the override of a shelf end after a time, as 1h30m or 4:22.5.` },
    ),
    command(
      "set-pwm-expire-on",
      object({
        action: constant("set-pwm-expire-on"),
        shelf: shelfArgument(surroundings),
        date: argument(dateOrNone, {
          ...AS_WRITTEN,
          description: message`${text(DATE_FORMS)}.`,
        }),
      }),
      {
        description:
          message`Let it end at a date, as 2030-12-29T01:01:59+01:00 (local time without a zone); "none" lets it stay.`,
      },
    ),
  ];
}
