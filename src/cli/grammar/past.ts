/**
 * The commands about what was.
 *
 * @module
 */
import { loadOptique } from "../../../deps.ts";
import type { Command, Moment } from "../command.ts";
import { parseCount } from "../values.ts";
import {
  AS_WRITTEN,
  type Grammar,
  momentWord,
  shelfArgument,
  type Surroundings,
  word,
} from "./words.ts";

const { argument, command, constant, flag, map, message, object, option, or, string, withDefault } =
  await loadOptique();

const TWO_HOURS: Moment = { kind: "ago", durationMs: 7_200_000 };

/** history, replay. */
export function pastCommands(surroundings: Surroundings): Grammar<Command>[] {
  return [historyCommand(surroundings), replayCommand(surroundings)];
}

function historyCommand(surroundings: Surroundings): Grammar<Command> {
  const moment = momentWord(surroundings);
  return command(
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
  );
}

function replayCommand(surroundings: Surroundings): Grammar<Command> {
  const moment = momentWord(surroundings);
  return command(
    "replay",
    object({
      action: constant("replay"),
      journal: argument(string({ metavar: "JOURNAL" }), {
        description: message`The file that a server keeps, or a copy of it.`,
      }),
      config: withDefault(
        option("--config", string({ metavar: "FILE" }), {
          description: message`Try this configuration on what happened.`,
        }),
        null,
      ),
      since: withDefault(
        option("--since", moment, {
          ...AS_WRITTEN,
          description: message`Begin there, as 2h or 2030-12-29T01:01.`,
        }),
        null,
      ),
      until: withDefault(
        option("--until", moment, { ...AS_WRITTEN, description: message`End there.` }),
        null,
      ),
    }),
    {
      description:
        message`Run a journal once more: the decisions must come out the same, or show what others would have been.`,
    },
  );
}
