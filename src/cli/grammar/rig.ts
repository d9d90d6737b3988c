/**
 * The commands for experiment rigs: `fanctl rig …`.
 *
 * @module
 */
import { loadOptique } from "../../../deps.ts";
import { ExpMessage } from "../../rig/exp_message.ts";
import type { Command } from "../command.ts";
import { parseEvent, parseRigUri } from "../rig/words.ts";
import { AS_WRITTEN, type Grammar, noCommandFor, word } from "./words.ts";

const { argument, command, constant, message, multiple, object, option, or, string, withDefault } =
  await loadOptique();

const uri = word("URI", parseRigUri, "udp://127.0.0.1:11001");

/** rig status, send. */
export function rigCommands(): Grammar<Command>[] {
  return [
    command(
      "rig",
      or(
        command(
          "status",
          object({
            action: constant("rig-status"),
            uri: withDefault(
              argument(uri, {
                ...AS_WRITTEN,
                description:
                  message`Where they are; the default is the usual port of the server of -a.`,
              }),
              null,
            ),
          }),
          { description: message`Ask the fans on a rig how they stand.` },
        ),
        command(
          "send",
          object({
            action: constant("rig-send"),
            event: argument(word("EVENT", parseEvent, ExpMessage.EXPINIT as number), {
              ...AS_WRITTEN,
              description: message`Its name, as expstart.`,
            }),
            data: multiple(argument(string({ metavar: "DATA" }), {
              description: message`What belongs to it: JSON, or else text.`,
            })),
            uri: withDefault(
              option("--to", uri, {
                ...AS_WRITTEN,
                description: message`Where the rig is, as udp://nas:11001.`,
              }),
              null,
            ),
          }),
          { description: message`Send a message to a rig and print what it answers.` },
        ),
        { errors: { noMatch: noCommandFor("rig") } },
      ),
      { description: message`Try what experiment rigs say, by hand.` },
    ),
  ];
}
