/**
 * Asks Deno what this process may do before it tries, so that a missing flag is named with the
 * command that has it, and nothing stops half-way at a prompt.
 *
 * @module
 */

import { parseLineSpec } from "../../board/line_spec.ts";
import { workerFiles } from "../../board/sim/worker_files.ts";
import { FandError } from "../../errors.ts";
import { LIBC_PATHS } from "../../libc/open_libc.ts";
import { formatHost } from "../../sockets/address.ts";
import type { BoardConfig } from "../../config/config.ts";
import type { TlsConfig } from "../../config/tls/tls_config.ts";
import type { JournalConfig } from "../../config/journal_config.ts";
import { journalWorkerFiles } from "../journal/worker_files.ts";
import { CONFIG_PLACES, CONFIG_VARIABLE } from "../../config/find.ts";

/** One thing that the server needs, and the flag that grants it. */
export interface Need {
  readonly descriptor: Deno.PermissionDescriptor;
  readonly flag: string;
}

/** What is needed to find and read a configuration. */
export function configNeeds(file: string | undefined): Need[] {
  if (file !== undefined) return [readNeed(file)];
  return [{
    descriptor: { name: "env", variable: CONFIG_VARIABLE },
    flag: `--allow-env=${CONFIG_VARIABLE}`,
  }, ...CONFIG_PLACES.map(readNeed)];
}

/**
 * What is needed to listen, and to reach oneself for the boards of this process, or to reach
 * another. A port that the system chooses can be any.
 */
export function netNeed(address: string, port: number): Need {
  const name = formatHost(address);
  const host = port === 0 ? name : `${name}:${port}`;
  return { descriptor: { name: "net", host }, flag: `--allow-net=${host}` };
}

/** What is needed to listen on a unix socket, and to see whether somebody does already. */
export function unixNeeds(path: string | null): Need[] {
  if (path === null) return [];
  const host = `unix:${path}`;
  const net: Need = { descriptor: { name: "net", host }, flag: `--allow-net=${host}` };
  return [net, readNeed(path), writeNeed(path)];
}

/** What is needed to listen for TLS. */
export function tlsNeeds(tls: TlsConfig | null): Need[] {
  if (tls === null) return [];
  const { cert, key, clientCa, revoked } = tls.files;
  const files = [cert, key, clientCa, revoked].filter((file) => file !== null);
  return [netNeed(tls.address, tls.port), ...files.map(readNeed)];
}

/** What is needed to read the sensors of this machine, and to open its serial ports. */
export function libcNeed(): Need {
  const isGranted = (path: string): boolean =>
    Deno.permissions.querySync({ name: "ffi", path }).state === "granted";
  const usual = LIBC_PATHS[Deno.build.arch === "aarch64" ? 1 : 0] ?? LIBC_PATHS[0] ?? "";
  const path = LIBC_PATHS.find(isGranted) ?? usual;
  return { descriptor: { name: "ffi", path }, flag: `--allow-ffi=${path}` };
}

/** What is needed to keep overrides; none without a store. */
export function storeNeeds(store: string | null): Need[] {
  if (store === null) return [];
  return [readNeed(store), writeNeed(store)];
}

/** What is needed to keep a journal in a file; one in memory does without when it may not. */
export function journalNeeds({ path }: JournalConfig): Need[] {
  if (path === "memory" || path === "none") return [];
  return [readNeed(path), writeNeed(path), ...journalWorkerFiles().map(readNeed)];
}

/** What is needed for the files that only the command line names. */
export function outputNeeds(...files: readonly (string | undefined)[]): Need[] {
  return files.filter((file) => file !== undefined).map(writeNeed);
}

/** What is needed to drive boards on these lines, each need once. */
export function boardNeeds(lines: readonly string[]): Need[] {
  const needs = lines.flatMap(lineNeeds);
  return needs.filter(({ flag }, at) => needs.findIndex((other) => other.flag === flag) === at);
}

function lineNeeds(spec: string): Need[] {
  const line = parseLineSpec(spec);
  switch (line.kind) {
    case "sim":
      // It is loaded from files, unless from a URL.
      return workerFiles().map(readNeed);
    case "tty":
    case "hwmon":
      return [libcNeed()];
    case "tcp":
      return [netNeed(line.hostname, line.port)];
  }
}

/** What is needed to keep what outputs of a motherboard were like before, each need once. */
export function stateNeeds(boards: readonly Pick<BoardConfig, "line" | "places">[]): Need[] {
  const dirs = boards.filter(({ line }) => parseLineSpec(line).kind === "hwmon")
    .map(({ places }) => places.stateDir);
  return [...new Set(dirs)].flatMap((dir) => [readNeed(dir), writeNeed(dir)]);
}

/** What is needed to read the calibrations that boards name. */
export function calibrationNeeds(boards: readonly Pick<BoardConfig, "calibration">[]): Need[] {
  return boards.flatMap(({ calibration }) => calibration ? [readNeed(calibration.file)] : []);
}

/** How the server was started, for a message that names the command that would work. */
export interface Invocation {
  /** The server's own module, as it is given to `deno run`. */
  readonly script: string;
  readonly args: readonly string[];
}

/**
 * Refuses to go on while something is missing.
 *
 * @param later what will probably be needed after that, to name one command that has all.
 * @throws {FandError} that names every missing flag and the whole command.
 */
export function requirePermissions(
  needs: readonly Need[],
  invocation: Invocation,
  later: readonly Need[] = [],
): void {
  const missing = needs.filter(({ descriptor }) =>
    Deno.permissions.querySync(descriptor).state !== "granted"
  );
  if (missing.length === 0) return;
  const names = mergeFlags(missing.map(({ flag }) => flag)).join(" ");
  const command = commandWith([...needs, ...later], invocation);
  throw new FandError(`Cannot start: permission ${names} is missing; run\n  ${command}`);
}

/** The command that grants all of these. */
export function commandWith(needs: readonly Need[], { script, args }: Invocation): string {
  const flags = mergeFlags(needs.map(({ flag }) => flag));
  return ["deno run", ...flags, script, ...args].join(" ");
}

/** `--allow-read=a` and `--allow-read=b` become `--allow-read=a,b`. */
export function mergeFlags(flags: readonly string[]): string[] {
  const values = new Map<string, Set<string>>();
  for (const flag of flags) {
    const [name = flag, value = ""] = flag.split(/=(.*)/s);
    const known = values.get(name) ?? new Set();
    values.set(name, known.add(value));
  }
  return [...values].map(([name, all]) => `${name}=${[...all].join(",")}`);
}

/** What is needed to read a file. */
export function readNeed(path: string): Need {
  return { descriptor: { name: "read", path }, flag: `--allow-read=${path}` };
}

/** What is needed to run a program, named as the configuration names it. */
export function runNeed(command: string): Need {
  return { descriptor: { name: "run", command }, flag: `--allow-run=${command}` };
}

function writeNeed(path: string): Need {
  return { descriptor: { name: "write", path }, flag: `--allow-write=${path}` };
}
