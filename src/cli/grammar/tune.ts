/**
 * The command that measures how a shelf answers.
 *
 * @module
 */
import { loadOptique } from "../../../deps.ts";
import { UsageError } from "../../errors.ts";
import type { Command } from "../command.ts";
import { parseDuration } from "../duration.ts";
import { parsePercent } from "../percent.ts";
import { parseTemperature } from "../temperature.ts";
import { AS_WRITTEN, type Grammar, shelfArgument, type Surroundings, word } from "./words.ts";

const { command, constant, message, object, option, string, withDefault } = await loadOptique();

/** Long enough for a drive in a cage, three times over. */
const DEFAULT_PHASE_MS = 600_000;

/** tune. */
export function tuneCommands(surroundings: Surroundings): Grammar<Command>[] {
  const percent = word("PERCENT", (text) => given(parsePercent(text), text), 0);
  return [
    command(
      "tune",
      object({
        action: constant("tune"),
        shelf: shelfArgument(surroundings),
        sensor: withDefault(
          option("--sensor", string({ metavar: "NAME" }), {
            description: message`What to look at, where the shelf has several sensors.`,
          }),
          null,
        ),
        lowPercent: withDefault(
          option("--low", percent, {
            ...AS_WRITTEN,
            description: message`The lower duty; the default is 10 % below the one of now.`,
          }),
          null,
        ),
        highPercent: withDefault(
          option("--high", percent, {
            ...AS_WRITTEN,
            description: message`The higher duty; the default is 25 % above the lower one.`,
          }),
          null,
        ),
        limitC: withDefault(
          option("--limit", word("TEMP", (text) => given(parseTemperature(text), text), 0), {
            ...AS_WRITTEN,
            description:
              message`At this temperature in °C it ends; the default is 10 °C below the critical one of the kind of sensor.`,
          }),
          null,
        ),
        phaseMs: withDefault(
          option("--hold", word("DURATION", parseDuration, 0), {
            ...AS_WRITTEN,
            description: message`How long each duty is held at most; the default is 10m.`,
          }),
          DEFAULT_PHASE_MS,
        ),
      }),
      {
        description:
          message`Measure how a shelf answers to its fans, and propose gains and a curve; changes nothing for good.`,
      },
    ),
  ];
}

/** The word `none` means nothing here. */
function given(value: number | null, text: string): number {
  if (value !== null) return value;
  throw new UsageError(`Cannot use "${text}": a number is needed here; write for example 40`);
}
