/**
 * The commands about who may do what.
 *
 * @module
 */
import { loadOptique } from "../../../deps.ts";
import { type Role, ROLES } from "../../config/client_config.ts";
import { UsageError } from "../../errors.ts";
import type { Command } from "../command.ts";
import { parseCount } from "../values.ts";
import { AS_WRITTEN, type Grammar, word } from "./words.ts";

const { argument, command, constant, map, message, multiple, object, option, string, withDefault } =
  await loadOptique();

/** How many changes are shown unless more or less are asked for. */
const USUAL_COUNT = 20;

/** audit, token. */
export function accessCommands(): Grammar<Command>[] {
  return [auditCommand(), tokenCommand()];
}

function auditCommand(): Grammar<Command> {
  return command(
    "audit",
    object({
      action: constant("audit"),
      count: withDefault(
        option("--count", word("N", parseCount, USUAL_COUNT), {
          ...AS_WRITTEN,
          description: message`How many, at most; the default is 20.`,
        }),
        USUAL_COUNT,
      ),
    }),
    { description: message`Print who has changed what, the newest first.` },
  );
}

function tokenCommand(): Grammar<Command> {
  return command(
    "token",
    map(
      object({
        action: constant("token"),
        name: argument(string({ metavar: "NAME" }), {
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
      }),
      ({ role, ...rest }): Command => ({
        ...rest,
        role: role ?? (rest.shelves.length > 0 ? "agent" : "read"),
      }),
    ),
    { description: message`Make a token, and the block that a server's fand.toml needs for it.` },
  );
}

/** Reads the name of a role. */
export function parseRole(text: string): Role {
  const role = ROLES.find((known) => known === text);
  if (role !== undefined) return role;
  throw new UsageError(
    `Cannot understand the role "${text}": it is none; use ${ROLES.join(", ")}`,
  );
}
