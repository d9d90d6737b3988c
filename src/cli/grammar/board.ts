/**
 * The commands for fan boards: `fanctl board …`.
 *
 * @module
 */
import { loadOptique } from "../../../deps.ts";
import { DEFAULT_HOLD_MS } from "../board/defaults.ts";
import type { Command } from "../command.ts";
import { DURATION_FORMS, parseDuration } from "../duration.ts";
import { parsePercent } from "../percent.ts";
import { parseChannel, parseCount } from "../values.ts";
import { AS_WRITTEN, type Grammar, word } from "./words.ts";

const { argument, command, constant, flag, map, message, object, option, or, string, text } =
  await loadOptique();
const { withDefault } = await loadOptique();

/** board list, info, set, watch. */
export function boardCommands(): Grammar<Command>[] {
  return [
    command(
      "board",
      or(
        command("list", object({ action: constant("board-list") }), {
          description: message`Print the boards that the server knows, and the serial ports here.`,
        }),
        command("info", object({ action: constant("board-info"), board: boardOption() }), {
          description: message`Show what a board is, and what its channels do.`,
        }),
        setCommand(),
        watchCommand(),
        { errors: { noMatch: message`No command for a board is given.` } },
      ),
      { description: message`Look at a fan board, drive it by hand, test and calibrate it.` },
    ),
  ];
}

function setCommand(): Grammar<Command> {
  return command(
    "set",
    object({
      action: constant("board-set"),
      channel: channelArgument(),
      percent: argument(word("PERCENT|none", parsePercent, null), {
        ...AS_WRITTEN,
        description: message`0 to 100, fractions allowed, or "none".`,
      }),
      forMs: withDefault(
        option("--for", word("DURATION", parseDuration, 0), {
          ...AS_WRITTEN,
          description: message`How long, as 30s; the default is 1m. ${text(DURATION_FORMS)}.`,
        }),
        DEFAULT_HOLD_MS,
      ),
      board: boardOption(),
    }),
    { description: message`Hold a channel at a duty for a while, or "none" to end that.` },
  );
}

function watchCommand(): Grammar<Command> {
  return command(
    "watch",
    object({
      action: constant("board-watch"),
      board: boardOption(),
      count: withDefault(
        or(
          option("--count", word("N", parseCount, 1), {
            ...AS_WRITTEN,
            description: message`End when it was shown this often.`,
          }),
          map(flag("--once", { description: message`The same as --count 1.` }), () => 1),
        ),
        null,
      ),
    }),
    { description: message`Show the channels once a second, until Ctrl-C.` },
  );
}

function boardOption(): Grammar<string | null> {
  return withDefault(
    option("--board", string({ metavar: "BOARD" }), {
      description: message`Its name at the server, or its line as ${
        text("/dev/ttyUSB0")
      }; the default is the only one of the server.`,
    }),
    null,
  );
}

function channelArgument(): Grammar<number> {
  return argument(word("CHANNEL", parseChannel, 0), {
    ...AS_WRITTEN,
    description: message`Counted from 0.`,
  });
}
