/**
 * The file in which an agent keeps the highest epoch that it has granted, so that a server which
 * was replaced is refused after a restart of the agent, too.
 *
 * @module
 */

import { FandError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import { type ClaimKeeper, MOST_EPOCH } from "./claim.ts";

/**
 * Opens the file; one that is not there yet, or damaged, counts for nothing granted.
 *
 * @throws {FandError} When it cannot be read or written.
 */
export function openClaimFile(path: string, log: Log): ClaimKeeper {
  requirePermissions(path);
  const granted = read(path, log);
  // Whether it can be written shows at the start, not when a server is replaced.
  write(path, granted);
  let hasFailed = false;
  return {
    granted,
    keep(epoch) {
      try {
        write(path, epoch);
        hasFailed = false;
      } catch (error) {
        if (!hasFailed) log.error(`${messageOf(error)}; it counts until this agent ends`);
        hasFailed = true;
      }
    },
  };
}

function read(path: string, log: Log): number {
  try {
    const { granted } = JSON.parse(Deno.readTextFileSync(path)) ?? {};
    if (Number.isSafeInteger(granted) && granted >= 0 && granted <= MOST_EPOCH) return granted;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    if (!(error instanceof SyntaxError)) throw fileError(path, error);
  }
  log.warn(`The state file "${path}" is damaged: any server is obeyed until one has been`);
  return 0;
}

/** Either the old content is there or the new one, also after the power was cut. */
function write(path: string, granted: number): void {
  const draft = `${path}.new`;
  try {
    {
      using file = Deno.openSync(draft, { write: true, create: true, truncate: true, mode: 0o644 });
      file.writeSync(new TextEncoder().encode(`${JSON.stringify({ granted })}\n`));
      file.syncSync();
    }
    Deno.renameSync(draft, path);
  } catch (error) {
    throw fileError(path, error);
  }
}

/** Never asks at a terminal: whoever runs as a service has nobody to answer. */
function requirePermissions(path: string): void {
  const wanted = [
    { name: "read", path },
    { name: "write", path },
    { name: "write", path: `${path}.new` },
    { name: "read", path: `${path}.new` },
  ] as const;
  if (wanted.every((need) => Deno.permissions.querySync(need).state === "granted")) return;
  const paths = `${path},${path}.new`;
  throw new FandError(
    `Cannot keep the state in "${path}": this process may not use it; ` +
      `run it with --allow-read=${paths} --allow-write=${paths}`,
  );
}

function fileError(path: string, cause: unknown): FandError {
  const found = cause instanceof Error ? cause.message : String(cause);
  return new FandError(
    `Cannot keep the state in "${path}": ${found}; name a file that this process may write`,
    { cause },
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
