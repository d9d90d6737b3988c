/**
 * The commands for places that no network reaches: `fanctl radio …`.
 *
 * @module
 */
import { loadOptique } from "../../../deps.ts";
import { KNOWN_LINES } from "../../board/line_spec.ts";
import type { Command } from "../command.ts";
import { DURATION_FORMS, parseDuration } from "../duration.ts";
import { DEFAULT_EVERY_MS, DEFAULT_READING_TTL_MS } from "../radio/defaults.ts";
import { parseDataRate, parseDevice, parseModem, parseTemperature } from "../radio/values.ts";
import { parseBinding, parseBoard, parseWholePercent } from "../values.ts";
import { AS_WRITTEN, type Grammar, noCommandFor, word } from "./words.ts";

const { argument, command, constant, message, multiple, object, option, or, text, withDefault } =
  await loadOptique();

/** radio agent, radio bridge. */
export function radioCommands(): Grammar<Command>[] {
  return [
    command(
      "radio",
      or(agentCommand(), bridgeCommand(), { errors: { noMatch: noCommandFor("radio") } }),
      {
        description: message`Drive a board that only a radio reaches, and bring that to a server.`,
      },
    ),
  ];
}

function agentCommand(): Grammar<Command> {
  return command(
    "agent",
    object({
      action: constant("radio-agent"),
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
      modem: option("--modem", word("LINE", parseModem, "/dev/null"), {
        ...AS_WRITTEN,
        description: message`The line to a LoRaWAN modem with RAK's RUI3 commands.`,
      }),
      everyMs: withDefault(
        option("--every", word("DURATION", parseDuration, 0), {
          ...AS_WRITTEN,
          description: message`How often to report; the default is 10m. ${text(DURATION_FORMS)}.`,
        }),
        DEFAULT_EVERY_MS,
      ),
      safePercent: withDefault(
        option("--safe", word("PERCENT", (input) => parseWholePercent(input, 0), 0), {
          ...AS_WRITTEN,
          description: message`What the fans do without an order; the default is 100.`,
        }),
        100,
      ),
      dataRate: withDefault(
        option("--data-rate", word("N", parseDataRate, 0), {
          ...AS_WRITTEN,
          description: message`0 (far) to 6 (fast); the default is the region's.`,
        }),
        null,
      ),
      temperatures: multiple(
        option(
          "--temperature",
          word("SHELF=cpu|FILE", parseTemperature, { shelf: "", source: "cpu" }),
          { ...AS_WRITTEN, description: message`A temperature of this machine to report.` },
        ),
      ),
    }),
    {
      description:
        message`Drive a fan board at its safe level, report by LoRaWAN, and take overrides from there.`,
    },
  );
}

function bridgeCommand(): Grammar<Command> {
  return command(
    "bridge",
    object({
      action: constant("radio-bridge"),
      devices: multiple(
        argument(word("DEVEUI=SHELF[,SHELF]", parseDevice, { device: "", shelves: [] }), {
          ...AS_WRITTEN,
          description: message`A device, and its shelves in the order that its agent was given.`,
        }),
        { min: 1, errors: { tooFew: message`No DEVEUI=SHELF is given.` } },
      ),
      ttlMs: withDefault(
        option("--ttl", word("DURATION", parseDuration, 0), {
          ...AS_WRITTEN,
          description: message`How long a reading is good; the default is 30m, at most 1h.`,
        }),
        DEFAULT_READING_TTL_MS,
      ),
    }),
    {
      description:
        message`Read uplinks of a network server as lines of JSON, bring them to the server, and write downlinks.`,
    },
  );
}
