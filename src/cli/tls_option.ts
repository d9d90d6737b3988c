/**
 * The certificates that fanctl trusts and shows: from files, read anew for each connection, so that
 * an agent which runs for years takes a renewed one.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import type { TlsOptions } from "../sockets/net.ts";
import type { TlsFiles } from "./command.ts";

/** A larger file holds no certificates that anybody meant. */
const MOST_BYTES = 1_048_576;

/**
 * What the files hold; undefined for a connection without TLS.
 *
 * @throws {UsageError} When a file cannot be read, or one of a pair is missing.
 */
export async function readTls(files: TlsFiles | null): Promise<TlsOptions | undefined> {
  if (files === null) return undefined;
  const { ca, cert, key } = files;
  if ((cert === null) !== (key === null)) {
    throw new UsageError(
      `Cannot prove who this is: ${cert === null ? "--key" : "--cert"} is given alone; ` +
        "give both --cert and --key",
    );
  }
  return {
    ...ca !== null && { ca: await textOf("--ca", ca) },
    ...cert !== null && { cert: await textOf("--cert", cert) },
    ...key !== null && { key: await textOf("--key", key) },
  };
}

async function textOf(option: string, file: string): Promise<string> {
  const { state } = await Deno.permissions.query({ name: "read", path: file });
  if (state !== "granted") {
    throw unusable(option, file, "it may not be read", `run with --allow-read=${file}`);
  }
  try {
    const { size } = await Deno.stat(file);
    if (size > MOST_BYTES) throw new RangeError(`${size} bytes are too many`);
    return await Deno.readTextFile(file);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw unusable(option, file, found, 'name a PEM file, as "fanctl pki" makes them');
  }
}

function unusable(option: string, file: string, found: string, advice: string): UsageError {
  return new UsageError(`Cannot use the file "${file}" of ${option}: ${found}; ${advice}`);
}
