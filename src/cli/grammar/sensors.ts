/**
 * The commands for temperatures: what this machine can measure, and what is pushed.
 *
 * @module
 */
import { loadOptique } from "../../../deps.ts";
import type { ToolPaths } from "../../sensors/tool_paths.ts";
import type { Command } from "../command.ts";
import { DURATION_FORMS, parseDuration } from "../duration.ts";
import { DEFAULT_PUSH_TTL_MS, parseTemperature } from "../temperature.ts";
import { AS_WRITTEN, type Grammar, word } from "./words.ts";

const { argument, command, constant, map, message, object, option, optional, string } =
  await loadOptique();
const { text, withDefault } = await loadOptique();

/** sensors, push. */
export function sensorCommands(): Grammar<Command>[] {
  return [
    command(
      "sensors",
      object({ action: constant("sensors"), places: placeOptions() }),
      { description: message`List what this machine can measure, ready for fand.toml.` },
    ),
    command(
      "push",
      object({
        action: constant("push"),
        sensor: argument(string({ metavar: "SENSOR" }), {
          description: message`A sensor of type "pushed".`,
        }),
        tempC: argument(word("TEMP|none", parseTemperature, null), {
          ...AS_WRITTEN,
          description: message`Degrees Celsius, or "none" when there is no reading.`,
        }),
        ttlMs: withDefault(
          option("--ttl", word("DURATION", parseDuration, DEFAULT_PUSH_TTL_MS), {
            ...AS_WRITTEN,
            description: message`How long it is good for, an hour at most; the default is 1m. ${
              text(DURATION_FORMS)
            }.`,
          }),
          DEFAULT_PUSH_TTL_MS,
        ),
      }),
      { description: message`Send the server the reading of a sensor.` },
    ),
  ];
}

function placeOptions(): Grammar<Partial<ToolPaths>> {
  return map(
    object({
      sysfsRoot: optional(option("--sysfs", string({ metavar: "DIR" }), {
        description: message`Where the kernel shows its devices; the default is /sys.`,
      })),
      smartctl: optional(option("--smartctl", string({ metavar: "PROGRAM" }), {
        description: message`The program to ask about drives.`,
      })),
      nvidiaSmi: optional(option("--nvidia-smi", string({ metavar: "PROGRAM" }), {
        description: message`The program to ask about NVIDIA cards.`,
      })),
      ipmitool: optional(option("--ipmitool", string({ metavar: "PROGRAM" }), {
        description: message`The program to ask about the management controller.`,
      })),
    }),
    (given) =>
      Object.fromEntries(
        Object.entries(given).filter(([, value]) => value !== undefined),
      ) as Partial<ToolPaths>,
  );
}
