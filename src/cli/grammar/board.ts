/**
 * The commands for fan boards: `fanctl board …`.
 *
 * @module
 */
import { loadOptique, type OptiqueMessage } from "../../../deps.ts";
import { SYSTEM_PLACES } from "../../board/hwmon/places.ts";
import { DEFAULT_FLOOR_PERCENT, DEFAULT_HOLD_MS, DEFAULT_STEP_PERCENT } from "../board/defaults.ts";
import type { Command } from "../command.ts";
import { DURATION_FORMS, parseDuration } from "../duration.ts";
import {
  parseBaud,
  parseBoard,
  parseChannel,
  parseCount,
  parseRpm,
  parseTarget,
  parseWholePercent,
} from "../values.ts";
import { AS_WRITTEN, type Grammar, noCommandFor, word } from "./words.ts";

const { argument, command, constant, flag, map, message, object, option, or, string, text } =
  await loadOptique();
const { choice, multiple, withDefault } = await loadOptique();

/** board list, info, set, watch, config, selftest, calibrate, flash, restore. */
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
        configCommand(),
        selftestCommand(),
        calibrateCommand(),
        flashCommand(),
        restoreCommand(),
        { errors: { noMatch: noCommandFor("board") } },
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
      target: argument(word("PERCENT|RPM|none", parseTarget, null), {
        ...AS_WRITTEN,
        description: message`0 to 100, fractions allowed; a speed as 1200rpm; or "none".`,
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
    {
      description: message`Hold a channel at a duty or a speed for a while, or "none" to end that.`,
    },
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

function configCommand(): Grammar<Command> {
  const choice = { board: boardOption() };
  return command(
    "config",
    or(
      command("get", object({ action: constant("board-config-get"), ...choice }), {
        description: message`Print every key with its value.`,
      }),
      command(
        "set",
        object({
          action: constant("board-config-set"),
          key: argument(string({ metavar: "KEY" }), {
            description: message`As name, or 0.safe_percent for a channel.`,
          }),
          value: argument(string({ metavar: "VALUE" }), {
            description: message`Text, a number, true or false, JSON, or "none".`,
          }),
          ...choice,
        }),
        { description: message`Put a value in force until the board is reset.` },
      ),
      command("save", object({ action: constant("board-config-save"), ...choice }), {
        description: message`Have the board keep what is in force.`,
      }),
    ),
    { description: message`What is declared about a board and its fans, on the board itself.` },
  );
}

function selftestCommand(): Grammar<Command> {
  return command(
    "selftest",
    object({
      action: constant("board-selftest"),
      channels: multiple(channelArgument()),
      board: boardOption(),
      unseen: yesFlag(message`Test although no temperature is known.`),
    }),
    { description: message`Prove that channels go to their safe level by themselves.` },
  );
}

function calibrateCommand(): Grammar<Command> {
  const percent = (least: number, otherwise: number) =>
    word("PERCENT", (text) => parseWholePercent(text, least), otherwise);
  return command(
    "calibrate",
    object({
      action: constant("board-calibrate"),
      channels: multiple(channelArgument()),
      board: boardOption(),
      stepPercent: withDefault(
        option("--step", percent(1, DEFAULT_STEP_PERCENT), {
          ...AS_WRITTEN,
          description: message`From one duty to the next; the default is 10.`,
        }),
        DEFAULT_STEP_PERCENT,
      ),
      floorPercent: withDefault(
        option("--floor", percent(0, DEFAULT_FLOOR_PERCENT), {
          ...AS_WRITTEN,
          description: message`What the other fans do at least; the default is 50.`,
        }),
        DEFAULT_FLOOR_PERCENT,
      ),
      ratedRpm: withDefault(
        option("--rated-rpm", word("RPM", parseRpm, 1), {
          ...AS_WRITTEN,
          description: message`The speed at full duty on the data sheet, to check the pulses with.`,
        }),
        null,
      ),
      out: withDefault(
        option("--out", string({ metavar: "FILE" }), {
          description: message`Keep everything in this file, and go on with it if it is there.`,
        }),
        null,
      ),
      unseen: yesFlag(message`Calibrate although no temperature is known.`),
    }),
    { description: message`Measure which speed each duty gives, one fan after the other.` },
  );
}

function flashCommand(): Grammar<Command> {
  return command(
    "flash",
    object({
      action: constant("board-flash"),
      board: option("--board", word("LINE", parseBoard, "/dev/ttyUSB0"), {
        ...AS_WRITTEN,
        description: message`The serial port, as /dev/ttyUSB0 or tty:usb-2341:0043:7583.`,
      }),
      part: withDefault(
        option("--part", choice(["atmega328p", "atmega2560"], { metavar: "PART" }), {
          description:
            message`atmega328p (Uno, Nano) or atmega2560 (Mega); the default is to ask the board.`,
        }),
        null,
      ),
      baudRate: withDefault(
        option("--bootloader-baud", word("BAUD", parseBaud, 1), {
          ...AS_WRITTEN,
          description: message`Of its bootloader: 57600 for an old Nano; the default is 115200.`,
        }),
        null,
      ),
      consent: yesFlag(message`Yes, replace the program on that board.`),
    }),
    { description: message`Put fand's firmware on a board, with avrdude.` },
  );
}

function restoreCommand(): Grammar<Command> {
  return command(
    "restore",
    object({
      action: constant("board-restore"),
      stateDir: withDefault(
        option("--state", string({ metavar: "DIR" }), {
          description: message`Where it is kept what they were like; the default is ${
            text(SYSTEM_PLACES.stateDir)
          }.`,
        }),
        SYSTEM_PLACES.stateDir,
      ),
    }),
    { description: message`Give back a motherboard's outputs that a killed process had.` },
  );
}

function yesFlag(description: OptiqueMessage): Grammar<boolean> {
  return withDefault(flag("--yes", { description }), false);
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
