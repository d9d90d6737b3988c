/**
 * The options that say until when something lasts.
 *
 * @module
 */
import { loadOptique } from "../../../deps.ts";
import type { Expiry } from "../command.ts";
import { parseDate } from "../date.ts";
import { parseDuration } from "../duration.ts";
import { AS_WRITTEN, type Grammar, type Surroundings, word } from "./words.ts";

const { map, message, option, or } = await loadOptique();

/** `--expire-in DURATION` or `--expire-on DATE`. */
export function expiryOptions({ localZone }: Surroundings): Grammar<Expiry> {
  return or(
    map(
      option("--expire-in", word("DURATION", parseDuration, 0), {
        ...AS_WRITTEN,
        description: message`End it after this time, as 1h30m or 4:22.5.`,
      }),
      (durationMs) => ({ kind: "in" as const, durationMs }),
    ),
    map(
      option("--expire-on", word("DATE", (text) => parseDate(text, localZone()), new Date(0)), {
        ...AS_WRITTEN,
        description: message`End it at this date, as 2030-12-29T01:01:59+01:00.`,
      }),
      (date) => ({ kind: "on" as const, date }),
    ),
  );
}
