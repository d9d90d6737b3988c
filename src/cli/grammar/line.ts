/**
 * The grammar of fanctl's command line, as optique's parsers. They also write the help pages and
 * the completion scripts.
 *
 * @module
 */
import { loadOptique } from "../../../deps.ts";
import type { Command, CommonOptions } from "../command.ts";
import {
  DEFAULT_ADDRESS,
  DEFAULT_PORT,
  DEFAULT_TIMEOUT_MS,
  DEFAULT_TLS_PORT,
} from "../defaults.ts";
import { parsePort, parseTimeout } from "../values.ts";
import { accessCommands } from "./access.ts";
import { askingCommands } from "./asking.ts";
import { alertCommands } from "./alert.ts";
import { boardCommands } from "./board.ts";
import { configCommands } from "./config.ts";
import { lastingCommands } from "./lasting.ts";
import { pkiCommands } from "./pki.ts";
import { profileCommands } from "./profile.ts";
import { pastCommands } from "./past.ts";
import { radioCommands } from "./radio.ts";
import { reasonCommands } from "./reasons.ts";
import { rigCommands } from "./rig.ts";
import { sensorCommands } from "./sensors.ts";
import { settingCommands } from "./setting.ts";
import { tuneCommands } from "./tune.ts";
import { tlsOptions } from "./tls.ts";
import { AS_WRITTEN, type Grammar, type Surroundings, word } from "./words.ts";

const { flag, group, map, message, multiple, object, option, or, string, text, withDefault } =
  await loadOptique();

/** They would fill the usage line of every command. */
const COMMON = { hidden: "usage" as const };

const NO_COMMAND = message`No command is given.`;

/** A whole command line. */
export interface CommandLine {
  command: Command;
  options: CommonOptions;
}

/** The grammar of a whole command line. */
export function lineGrammar(surroundings: Surroundings): Grammar<CommandLine> {
  const commands = [
    ...askingCommands(surroundings),
    ...settingCommands(surroundings),
    ...reasonCommands(surroundings),
    ...pastCommands(surroundings),
    ...lastingCommands(surroundings),
    ...tuneCommands(surroundings),
    ...profileCommands(surroundings),
    ...rigCommands(),
    ...alertCommands(),
    ...configCommands(),
    ...sensorCommands(),
    ...boardCommands(),
    ...radioCommands(),
    ...accessCommands(),
    ...pkiCommands(),
  ];
  return object({
    options: commonOptions(),
    command: or(...commands, { errors: { noMatch: NO_COMMAND } }),
  }, { errors: { endOfInput: NO_COMMAND } });
}

function commonOptions(): Grammar<CommonOptions> {
  const given = object({
    address: withDefault(
      option("-a", "--address", string({ metavar: "HOST" }), {
        ...COMMON,
        description: message`The server, or unix:PATH; the default is ${text(DEFAULT_ADDRESS)}.`,
      }),
      DEFAULT_ADDRESS,
    ),
    port: withDefault(
      option("-p", "--port", word<number | null>("PORT", parsePort, DEFAULT_PORT), {
        ...AS_WRITTEN,
        ...COMMON,
        description: message`Its port; the default is ${text(String(DEFAULT_PORT))}, with TLS ${
          text(String(DEFAULT_TLS_PORT))
        }.`,
      }),
      null,
    ),
    tls: tlsOptions(COMMON),
    timeoutMs: withDefault(
      option("--timeout", word("SECONDS", parseTimeout, DEFAULT_TIMEOUT_MS), {
        ...AS_WRITTEN,
        ...COMMON,
        description: message`How long the server may take for each answer; the default is 10.`,
      }),
      DEFAULT_TIMEOUT_MS,
    ),
    tokenFile: withDefault(
      option("--token-file", string({ metavar: "FILE" }), {
        ...COMMON,
        description: message`What proves who you are; else the variable FAND_TOKEN.`,
      }),
      null,
    ),
    json: withDefault(
      flag("--json", { ...COMMON, description: message`Print JSON, for programs.` }),
      false,
    ),
    verbosity: map(
      multiple(flag("-v", "--verbose", {
        ...COMMON,
        description: message`Tell on standard error what is done; twice: every message.`,
      })),
      (flags) => flags.length,
    ),
    quiet: withDefault(
      flag("-q", "--quiet", {
        ...COMMON,
        description: message`Nothing on standard error but the error that ends the command.`,
      }),
      false,
    ),
  });
  return group(
    "Flags of every command",
    map(given, (options): CommonOptions => ({
      ...options,
      port: options.port ?? (options.tls === null ? DEFAULT_PORT : DEFAULT_TLS_PORT),
    })),
  );
}
