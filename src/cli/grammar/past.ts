/**
 * The commands about what was.
 *
 * @module
 */
import { loadOptique } from "../../../deps.ts";
import type { Command, Moment } from "../command.ts";
import { parseMoment } from "../moment.ts";
import { parseCount } from "../values.ts";
import { AS_WRITTEN, type Grammar, shelfArgument, type Surroundings, word } from "./words.ts";

const { command, constant, flag, map, message, object, option, or, withDefault } =
  await loadOptique();

const TWO_HOURS: Moment = { kind: "ago", durationMs: 7_200_000 };

/** history. */
export function pastCommands(surroundings: Surroundings): Grammar<Command>[] {
  const moment = word(
    "TIME",
    (text) => parseMoment(text, () => surroundings.localZone()),
    TWO_HOURS,
  );
  return [
    command(
      "history",
      object({
        action: constant("history"),
        shelf: shelfArgument(surroundings),
        since: withDefault(
          option("--since", moment, {
            ...AS_WRITTEN,
            description:
              message`A time back, as 2h, or a date, as 2030-12-29T01:01; the default is 2h.`,
          }),
          TWO_HOURS,
        ),
        until: withDefault(
          option("--until", moment, {
            ...AS_WRITTEN,
            description: message`The same; the default is now.`,
          }),
          null,
        ),
        points: withDefault(
          option("--points", word("N", parseCount, 1), {
            ...AS_WRITTEN,
            description: message`In how many steps, at most.`,
          }),
          null,
        ),
        form: withDefault(
          or(
            map(flag("--plot", { description: message`Draw it.` }), () => "plot" as const),
            map(
              flag("--csv", { description: message`Print comma-separated values.` }),
              () => "csv" as const,
            ),
          ),
          "table" as const,
        ),
      }),
      { description: message`Show temperatures, duty and speed of a shelf over time.` },
    ),
  ];
}
