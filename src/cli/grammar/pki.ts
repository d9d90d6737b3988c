/**
 * The commands for a CA of one's own: `fanctl pki …`.
 *
 * @module
 */
import { loadOptique } from "../../../deps.ts";
import type { Role } from "../../config/client_config.ts";
import { UsageError } from "../../errors.ts";
import { familyOf } from "../../sockets/inet.ts";
import type { Command } from "../command.ts";
import { parseRole } from "./access.ts";
import { AS_WRITTEN, type Grammar, noCommandFor, word } from "./words.ts";

const {
  argument,
  command,
  constant,
  flag,
  map,
  message,
  multiple,
  object,
  option,
  or,
  string,
  withDefault,
} = await loadOptique();

/** Where the CA is unless somebody says otherwise. */
const DEFAULT_DIR = "pki";
/** Ten years: replacing a CA means to visit every machine. */
const CA_DAYS = 3650;
/** Two years: long enough to forget about it, short enough to get rid of a lost key. */
const DAYS = 730;
const MOST_DAYS = 36_500;
/** Names are names of files, too. */
const NAME_FORM = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const HOST_FORM = /^(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$/;
/** Files of the CA itself. */
const RESERVED = new Set(["ca", "revoked", "issued"]);

/** pki init, server, client, revoke, list. */
export function pkiCommands(): Grammar<Command>[] {
  return [
    command(
      "pki",
      or(
        initCommand(),
        serverCommand(),
        clientCommand(),
        command(
          "revoke",
          object({
            action: constant("pki-revoke"),
            name: argument(word("NAME", parseAnyName, "rack7"), {
              ...AS_WRITTEN,
              description: message`As it was made.`,
            }),
            dir: dirOption(),
          }),
          { description: message`Take back every certificate of a name.` },
        ),
        command("list", object({ action: constant("pki-list"), dir: dirOption() }), {
          description: message`Print every certificate of the CA, and when it ends.`,
        }),
        { errors: { noMatch: noCommandFor("pki") } },
      ),
      { description: message`Make certificates for TLS, with a CA of your own.` },
    ),
  ];
}

function initCommand(): Grammar<Command> {
  return command(
    "init",
    object({
      action: constant("pki-init"),
      name: withDefault(
        option("--name", word<string | null>("NAME", parseCaName, null), {
          ...AS_WRITTEN,
          description: message`What the CA is called; the default is one of its own.`,
        }),
        null,
      ),
      days: daysOption(CA_DAYS),
      dir: dirOption(),
    }),
    { description: message`Make a CA; it is never replaced.` },
  );
}

function serverCommand(): Grammar<Command> {
  return command(
    "server",
    object({
      action: constant("pki-server"),
      hosts: multiple(
        argument(word("HOST", parseHost, "nas.example"), {
          ...AS_WRITTEN,
          description: message`A name or address that clients connect to.`,
        }),
        { min: 1 },
      ),
      days: daysOption(DAYS),
      replace: replaceFlag(),
      dir: dirOption(),
    }),
    { description: message`Make a server's key and certificate, named as its first HOST.` },
  );
}

function clientCommand(): Grammar<Command> {
  return command(
    "client",
    map(
      object({
        action: constant("pki-client"),
        name: argument(word("NAME", parseName, "rack7"), {
          ...AS_WRITTEN,
          description: message`Who will have it.`,
        }),
        role: withDefault(
          option("--role", word<Role | null>("ROLE", parseRole, null), {
            ...AS_WRITTEN,
            description:
              message`read, agent, operate or admin; the default is agent with --shelf, else read.`,
          }),
          null,
        ),
        shelves: multiple(option("--shelf", string({ metavar: "PATTERN" }), {
          description: message`A shelf of the agent, as rack1-*; more than once for more.`,
        })),
        days: daysOption(DAYS),
        replace: replaceFlag(),
        dir: dirOption(),
      }),
      ({ role, ...rest }): Command => ({
        ...rest,
        role: role ?? (rest.shelves.length > 0 ? "agent" : "read"),
      }),
    ),
    {
      description: message`Make a client's key and certificate, and its block for fand.toml.`,
    },
  );
}

function dirOption(): Grammar<string> {
  return withDefault(
    option("--dir", string({ metavar: "DIR" }), {
      description: message`The folder of the CA; the default is pki.`,
    }),
    DEFAULT_DIR,
  );
}

function daysOption(usual: number): Grammar<number> {
  return withDefault(
    option("--days", word("DAYS", parseDays, usual), {
      ...AS_WRITTEN,
      description: message`How long it is good for.`,
    }),
    usual,
  );
}

function replaceFlag(): Grammar<boolean> {
  return withDefault(
    flag("--replace", { description: message`Overwrite the files of an earlier one.` }),
    false,
  );
}

function parseDays(text: string): number {
  const days = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  if (days >= 1 && days <= MOST_DAYS) return days;
  throw new UsageError(
    `Cannot read the days "${text}": it is not a whole number from 1 to ${MOST_DAYS}; ` +
      `write for example ${DAYS}`,
  );
}

function parseName(text: string): string {
  if (NAME_FORM.test(text) && !RESERVED.has(text.toLowerCase())) return text;
  throw new UsageError(
    `Cannot use the name "${text}": it is not 1 to 64 letters, digits, dots, "_" and "-", or ` +
      "it is a name of the CA's own files; write for example rack7",
  );
}

function parseCaName(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/.test(text)) return text;
  throw new UsageError(
    `Cannot use the name "${text}" for a CA: it is not 1 to 64 letters, digits, spaces, dots, ` +
      '"_" and "-"; write for example "fand CA of the lab"',
  );
}

function parseHost(text: string): string {
  if (familyOf(text) !== null) return text;
  if (HOST_FORM.test(text) && !RESERVED.has(text.toLowerCase())) return text;
  throw new UsageError(
    `Cannot use the host "${text}": it is neither a name nor an address; ` +
      "write for example nas.example or ::1",
  );
}

function parseAnyName(text: string): string {
  return familyOf(text) === null && !HOST_FORM.test(text) ? parseName(text) : text;
}
