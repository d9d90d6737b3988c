/**
 * Configurations with something changed against what reads them.
 *
 * @module
 */

import { ok } from "node:assert/strict";
import { parseFandIni } from "../../src/config/ini/ini.ts";
import { parseToml } from "../../src/config/toml/toml.ts";
import { ConfigError } from "../../src/errors.ts";
import { mutate } from "./mutate.ts";
import type { Random } from "./random.ts";

/** What a run has seen. */
export interface ConfigRun {
  texts: number;
  /** Those that are configurations all the same. */
  accepted: number;
}

/** Reads `texts` changed texts; throws when one fails otherwise than with its problems. */
export function fuzzConfig(texts: number, originals: readonly string[], random: Random): ConfigRun {
  const run: ConfigRun = { texts: 0, accepted: 0 };
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const pool = originals.map((text) => encoder.encode(text));
  const any = (): Uint8Array => pool[random(pool.length)] ?? new Uint8Array(0);
  while (run.texts < texts) {
    run.texts++;
    const text = decoder.decode(random(8) === 0 ? any() : mutate(any(), any(), random));
    const read = random(4) === 0 ? parseFandIni : parseToml;
    try {
      read(text, "x.conf");
      run.accepted++;
    } catch (error) {
      ok(error instanceof ConfigError && error.problems.length > 0, `${text}\n${error}`);
    }
  }
  return run;
}
