/**
 * The commands of docs/permissions.md, by role: what they promise is what tests run.
 *
 * @module
 */

import { LIBC_PATHS } from "../../src/libc/open_libc.ts";
import { blocksOf, stepsOf } from "./markdown.ts";
import { REPOSITORY } from "./paths.ts";

const PAGE = "docs/permissions.md";
const blocks = blocksOf(PAGE, await Deno.readTextFile(REPOSITORY + PAGE));

/** A command of the page, taken apart. */
export interface RoleCommand {
  /** `run` or `install`, with its own options. */
  readonly verb: readonly string[];
  readonly flags: readonly string[];
  readonly script: string;
  readonly args: readonly string[];
}

/** One value of one permission flag. */
export interface Grant {
  /** `net`, `read`… */
  readonly name: string;
  readonly value: string;
}

/** Every role that the page has a command for. */
export const ROLES: readonly string[] = blocks.flatMap(({ notes }) => notes.get("role") ?? []);

/** The files that the page shows, by name. */
export const FILES: ReadonlyMap<string, string> = new Map(
  blocks.flatMap(({ notes, text }) => notes.has("file") ? [[notes.get("file") ?? "", text]] : []),
);

/** The path of the C library on this machine, or undefined where it is nowhere known. */
export const LIBC: string | undefined = LIBC_PATHS.find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});

/** The command for a role, for another port than 9999 and for this machine's C library. */
export function commandFor(role: string, port: number): RoleCommand {
  const block = blocks.find(({ notes }) => notes.get("role") === role);
  const command = block && stepsOf(block)[0]?.command;
  if (command === undefined) throw new Error(`${PAGE} has no command for the role "${role}"`);
  const words = command.replaceAll("9999", String(port)).split(/\s+/).map((word) =>
    word.startsWith("--allow-ffi=") ? `--allow-ffi=${LIBC}` : word
  );
  const at = words.findIndex((word) => /^[^-].*\.ts$/.test(word));
  const isFlag = (word: string): boolean => word.startsWith("--allow-");
  return {
    verb: words.slice(1, at).filter((word) => !isFlag(word)),
    flags: words.slice(1, at).filter(isFlag),
    script: words[at] ?? "",
    args: words.slice(at + 1),
  };
}

/** Every single grant of some flags. */
export function grantsOf(flags: readonly string[]): Grant[] {
  return flags.flatMap((flag) => {
    const [, name = "", values = ""] = flag.match(/^--allow-(\w+)=(.*)$/) ?? [];
    return values.split(",").map((value) => ({ name, value }));
  });
}

/** The flags for some grants. */
export function flagsFor(grants: readonly Grant[]): string[] {
  const byName = Map.groupBy(grants, ({ name }) => name);
  return Array.from(
    byName,
    ([name, all]) => `--allow-${name}=${all.map(({ value }) => value).join(",")}`,
  );
}
