/**
 * From a command line to a validated configuration: which file, read how.
 *
 * @module
 */

import { ConfigError, ServerNoConfigError } from "../errors.ts";
import type { ServerConfig } from "./config.ts";
import type { FoundSensor } from "../sensors/discover/hwmon_inputs.ts";
import { defaultConfig } from "./default_config.ts";

/** Where a configuration is looked for when neither `-c` nor `$FAND_CONFIG` names one. */
export const CONFIG_PLACES: readonly string[] = [
  "fand.toml",
  "fand.ini",
  "/etc/fand.toml",
  "/etc/fand.ini",
];

/** The variable that names a configuration file. */
export const CONFIG_VARIABLE = "FAND_CONFIG";

/** Ten thousand shelves with ten sensors each have room; a larger file is not a configuration. */
export const MAX_CONFIG_BYTES = 16_777_216;

/** What the search depends on besides the command line. */
export interface LoadOptions {
  /** The value of `$FAND_CONFIG`, unless it is to be read here; null: not set. */
  readonly variable?: string | null;
  /** Where to look when no file is named; {@link CONFIG_PLACES} unless given. */
  readonly places?: readonly string[];
  /** Finds the temperature inputs of this machine; called only when there is no file. */
  readonly discover?: () => Promise<readonly FoundSensor[]>;
}

/**
 * Finds, reads and validates the configuration. Calling it again reads the file again.
 *
 * @param file The file that `-c` names; nothing else is looked at then.
 * @throws {ServerNoConfigError} When a named file does not exist, or looking is not permitted.
 * @throws {ConfigError} When the file cannot be used, with every problem in it.
 */
export async function loadConfig(
  file: string | undefined,
  options: LoadOptions = {},
): Promise<ServerConfig> {
  const named = file ?? readVariable(options);
  if (named !== null) {
    const text = await readConfig(named);
    if (text !== null) return parseConfig(text, named);
    throw new ServerNoConfigError(
      `Cannot read the configuration: ${file === undefined ? `$${CONFIG_VARIABLE}` : "-c"} names ` +
        `"${named}", which does not exist; create it or name another`,
    );
  }
  const places = options.places ?? CONFIG_PLACES;
  for (const place of places) {
    const text = await readConfig(place, places);
    if (text !== null) return parseConfig(text, place);
  }
  return defaultConfig(await options.discover?.() ?? []);
}

/** A configuration file as it is now. */
export interface ConfigFile {
  readonly config: ServerConfig;
  readonly text: string;
  /** Of the text, in hexadecimal. */
  readonly sha256: string;
}

/**
 * Reads and validates one file.
 *
 * @throws {ServerNoConfigError} When it does not exist, or reading it is not permitted.
 * @throws {ConfigError} When it cannot be used, with every problem in it.
 */
export async function readConfigFile(file: string): Promise<ConfigFile> {
  const text = await readConfig(file);
  if (text === null) {
    throw new ServerNoConfigError(
      `Cannot read the configuration: "${file}" does not exist; create it or name another`,
    );
  }
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return { config: await parseConfig(text, file), text, sha256: new Uint8Array(digest).toHex() };
}

/** A file whose name ends in `.ini` is a fand.ini; anything else is TOML. */
async function parseConfig(text: string, file: string): Promise<ServerConfig> {
  if (/\.ini$/i.test(file)) {
    const { parseFandIni } = await import("./ini/ini.ts");
    return parseFandIni(text, file);
  }
  const { parseToml } = await import("./toml/toml.ts");
  return parseToml(text, file);
}

function readVariable({ variable }: LoadOptions): string | null {
  if (variable !== undefined) return variable;
  const { state } = Deno.permissions.querySync({ name: "env", variable: CONFIG_VARIABLE });
  if (state === "granted") return Deno.env.get(CONFIG_VARIABLE) ?? null;
  throw new ServerNoConfigError(
    `Cannot look for a configuration: reading $${CONFIG_VARIABLE} is not permitted; ` +
      `add --allow-env=${CONFIG_VARIABLE} or name a file with -c`,
  );
}

/**
 * The text of `file`, or null when there is none. `places` are all files that are looked for, so
 * that a missing permission is told once for all of them.
 */
async function readConfig(
  file: string,
  places: readonly string[] = [file],
): Promise<string | null> {
  const { state } = Deno.permissions.querySync({ name: "read", path: file });
  if (state !== "granted") {
    throw new ServerNoConfigError(
      `Cannot read the configuration: looking at "${file}" is not permitted; ` +
        `add --allow-read=${places.join(",")}`,
    );
  }
  try {
    const { size, isDirectory } = await Deno.stat(file);
    if (isDirectory) throw unusable(file, "a directory", "a file");
    if (size > MAX_CONFIG_BYTES) throw tooLarge(file, size);
    const bytes = await Deno.readFile(file);
    if (bytes.length > MAX_CONFIG_BYTES) throw tooLarge(file, bytes.length);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    if (error instanceof ConfigError) throw error;
    if (error instanceof TypeError) throw unusable(file, "bytes that are not UTF-8", "UTF-8 text");
    const found = error instanceof Error ? error.message : String(error);
    throw unusable(file, found, "a file that can be read");
  }
}

function tooLarge(file: string, bytes: number): ConfigError {
  return unusable(file, `${bytes} bytes`, `at most ${MAX_CONFIG_BYTES}`);
}

function unusable(file: string, found: string, allowed: string): ConfigError {
  return new ConfigError(
    `Cannot use the configuration "${file}": found ${found}; name another file with -c`,
    [`${file}:1: file: found ${found}, allowed ${allowed}`],
  );
}
