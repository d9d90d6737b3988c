/**
 * The command line of the server.
 *
 * @module
 */

import { loadOptique } from "../../../deps.ts";
import { UsageError } from "../../errors.ts";

const {
  formatDocPage,
  formatMessage,
  getDocPage,
  integer,
  map,
  message,
  multiple,
  object,
  option,
  optional,
  parse,
  string,
} = await loadOptique();

/** What the command line says. */
export interface ServerOptions {
  /** Configuration file, or undefined for the search order. */
  readonly config: string | undefined;
  readonly address: string | undefined;
  readonly port: number | undefined;
  /** How many times `-v` was given. */
  readonly verbose: number;
  readonly quiet: boolean;
  readonly logfile: string | undefined;
  readonly pidfile: string | undefined;
  /** Validate the configuration and exit. */
  readonly check: boolean;
  /** Draw a live table of the shelves. */
  readonly live: boolean;
  /** Let everybody in who reaches a listener beyond this machine. */
  readonly insecure: boolean;
  readonly version: boolean;
  readonly help: boolean;
}

const PARSER = object({
  config: optional(option("-c", "--config", string({ metavar: "FILE" }), {
    description: message`TOML or fand.ini; else $FAND_CONFIG, ./fand.*, /etc/fand.*, the default`,
  })),
  address: optional(option("-a", "--address", string({ metavar: "ADDRESS" }), {
    description: message`Listen on this address instead of the configured one`,
  })),
  port: optional(option("-p", "--port", integer({ min: 0, max: 65535, metavar: "PORT" }), {
    description: message`Listen on this TCP port; 0 lets the system choose`,
  })),
  verbose: map(
    multiple(option("-v", "--verbose", {
      description: message`Log more: -v warnings, -vv information, -vvv everything`,
    })),
    (given) => given.length,
  ),
  quiet: option("-q", "--quiet", { description: message`Log critical failures only` }),
  logfile: optional(option("-l", "--logfile", string({ metavar: "FILE" }), {
    description: message`Append the log to this file as well`,
  })),
  pidfile: optional(option("-P", "--pidfile", string({ metavar: "FILE" }), {
    description: message`Write the process id to this file; removed at exit`,
  })),
  check: option("--check", {
    description: message`Validate the configuration, name every problem, and exit`,
  }),
  live: option("--live", { description: message`Draw a live table of the shelves` }),
  insecure: option("--insecure", {
    description:
      message`Listen beyond this machine although nobody has to prove who they are: whoever reaches the port may slow your fans`,
  }),
  version: option("-V", "--version", { description: message`Print the version` }),
  help: option("-h", "--help", { description: message`Print this help` }),
});

/**
 * Reads the command line.
 *
 * @throws {UsageError} for anything that is not an option of the server.
 */
export function parseServerOptions(args: readonly string[]): ServerOptions {
  const result = parse(PARSER, args);
  if (result.success) return result.value;
  const found = formatMessage(result.error, { quotes: true }).replaceAll(/\s+/g, " ");
  throw new UsageError(`Cannot start: ${found.replace(/\.$/, "")}; see "server.ts --help"`);
}

/** The text of `--help`. */
export function serverHelp(): string {
  const page = getDocPage(PARSER);
  const text = page === undefined ? "" : formatDocPage("server.ts", page, { maxWidth: 80 });
  return text.replaceAll(/ +$/gm, "");
}
