/**
 * The words of a command line as optique's value parsers: our own readers, in its shape.
 *
 * @module
 */
import {
  loadOptique,
  type OptiqueMessage,
  type OptiqueParser,
  type OptiqueValueParser,
} from "../../../deps.ts";
import { UsageError } from "../../errors.ts";
import type { Moment } from "../command.ts";
import { parseMoment } from "../moment.ts";

const { argument, message, string, text } = await loadOptique();

/** What the grammar needs to know from outside. */
export interface Surroundings {
  /** The IANA name of the user's time zone; asked only for a date without a zone. */
  localZone(): string;
  /** Names to offer for SHELF when a shell completes a line. */
  shelves: readonly string[];
}

/** A part of the grammar that gives a `T`. */
export type Grammar<T> = OptiqueParser<"sync", T, unknown>;

/** One word that gives a `T`. */
export type Word<T> = OptiqueValueParser<"sync", T>;

/** Our own messages say which word they are about; optique need not say it again. */
export const AS_WRITTEN = {
  errors: { invalidValue: (problem: OptiqueMessage): OptiqueMessage => problem },
};

/** What is said when a command with commands of its own is given none. */
export function noCommandFor(command: string): OptiqueMessage {
  return message`Cannot understand the command line: no command for ${
    text(command)
  } is given; see ${text(`"fanctl ${command} --help"`)}`;
}

/**
 * A word that `read` understands or refuses with a UsageError.
 *
 * @param metavar What stands for the word in help pages; not empty.
 * @param placeholder Any valid value; optique wants one.
 */
export function word<T>(
  metavar: Word<T>["metavar"],
  read: (text: string) => T,
  placeholder: T,
): Word<T> {
  return {
    mode: "sync",
    metavar,
    placeholder,
    parse(input) {
      try {
        return { success: true, value: read(input) };
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        return { success: false, error: [text(error.message)] };
      }
    },
    format: String,
  };
}

/** A moment: some time ago, or a date. */
export function momentWord(surroundings: Surroundings): Word<Moment> {
  return word("TIME", (text) => parseMoment(text, () => surroundings.localZone()), {
    kind: "ago",
    durationMs: 0,
  });
}

/** The name of a shelf. */
export function shelfArgument(surroundings: Surroundings): Grammar<string> {
  const shelf: Word<string> = {
    ...string({ metavar: "SHELF" }),
    *suggest(prefix: string) {
      for (const name of surroundings.shelves) {
        if (name.startsWith(prefix)) yield { kind: "literal", text: name };
      }
    },
  };
  return argument(shelf, { description: message`The name of a shelf.` });
}
