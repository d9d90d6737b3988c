/**
 * The commands that run until they are stopped.
 *
 * @module
 */
import { loadOptique } from "../../../deps.ts";
import { KNOWN_LINES } from "../../board/line_spec.ts";
import type { Command } from "../command.ts";
import { DEFAULT_PORT } from "../defaults.ts";
import { parseBinding, parseBoard, parseCount, parseEndpoint } from "../values.ts";
import { AS_WRITTEN, type Grammar, shelfArgument, type Surroundings, word } from "./words.ts";

const { argument, command, constant, flag, map, message, multiple, object, option, or } =
  await loadOptique();
const { string, text, withDefault } = await loadOptique();

/** watch, agent. */
export function lastingCommands(surroundings: Surroundings): Grammar<Command>[] {
  return [watchCommand(surroundings), agentCommand()];
}

function watchCommand(surroundings: Surroundings): Grammar<Command> {
  return command(
    "watch",
    object({
      action: constant("watch"),
      shelves: multiple(shelfArgument(surroundings)),
      count: withDefault(
        or(
          option("--count", word("N", parseCount, 1), {
            ...AS_WRITTEN,
            description: message`End when each shelf has been shown this often.`,
          }),
          map(flag("--once", { description: message`The same as --count 1.` }), () => 1),
        ),
        null,
      ),
    }),
    { description: message`Show shelves as they change, until Ctrl-C.` },
  );
}

function agentCommand(): Grammar<Command> {
  return command(
    "agent",
    object({
      action: constant("agent"),
      bindings: multiple(
        argument(
          word("SHELF=CHANNEL[,CHANNEL]", parseBinding, { shelf: "", channels: [] }),
          { ...AS_WRITTEN, description: message`The channels of the board that blow for it.` },
        ),
        { min: 1, errors: { tooFew: message`No SHELF=CHANNEL is given.` } },
      ),
      board: option("--board", word("LINE", parseBoard, "sim:"), {
        ...AS_WRITTEN,
        description: message`The line to the fan board: ${text(KNOWN_LINES)}.`,
      }),
      name: withDefault(
        option("--name", string({ metavar: "NAME" }), {
          description: message`What the board is called at the server; the default is its shelves.`,
        }),
        null,
      ),
      calibration: withDefault(
        option("--calibration", string({ metavar: "FILE" }), {
          description:
            message`What board calibrate --out has written: a percentage is then one of the fan's highest speed.`,
        }),
        null,
      ),
      state: withDefault(
        option("--state", string({ metavar: "FILE" }), {
          description:
            message`Keeps which server was followed last, so that one before it is refused after a restart, too.`,
        }),
        null,
      ),
      servers: multiple(
        option(
          "--server",
          word("HOST[:PORT]", parseEndpoint, { host: "", port: DEFAULT_PORT }),
          {
            ...AS_WRITTEN,
            description: message`A server to follow; the default is the one of -a and -p.`,
          },
        ),
      ),
    }),
    { description: message`Drive a fan board by what the server decides, until Ctrl-C.` },
  );
}
