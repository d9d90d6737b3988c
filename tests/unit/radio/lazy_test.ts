/** Who has no radio loads nothing of it. */

import assert from "node:assert/strict";
import { REPOSITORY } from "../../support/paths.ts";
import { runDeno } from "../../support/process.ts";

/** The modules that a program loads before it decides what to do. */
async function loadedBy(entry: string): Promise<string[]> {
  const { stdout } = await runDeno(["info", "--json", entry], { cwd: REPOSITORY });
  const { roots, modules } = JSON.parse(stdout) as {
    roots: string[];
    modules: {
      specifier: string;
      dependencies?: { isDynamic?: boolean; code?: { specifier?: string } }[];
    }[];
  };
  const known = new Map(modules.map((module) => [module.specifier, module.dependencies ?? []]));
  const loaded = new Set(roots);
  for (const specifier of loaded) {
    for (const { isDynamic, code } of known.get(specifier) ?? []) {
      if (!isDynamic && code?.specifier !== undefined) loaded.add(code.specifier);
    }
  }
  return [...loaded].map((specifier) => specifier.replace(/^.*?\/src\//, "src/"));
}

/** A table of families, and what reads the command line. */
const SMALL = new Set([
  "src/sockets/radio/families.ts",
  "src/cli/radio/defaults.ts",
  "src/cli/radio/values.ts",
  "src/wire/radio/limits.ts",
]);

for (const entry of ["client.ts", "server.ts", "src/cli/ping.ts", "src/cli/agent.ts"]) {
  Deno.test(`${entry} loads no radio`, async () => {
    const loaded = await loadedBy(entry);
    assert.ok(loaded.length > 3);
    const radio = loaded.filter((path) =>
      /^src\/(radio|agent\/radio|sockets\/radio|wire\/radio|cli\/radio)\//.test(path)
    );
    assert.deepEqual(radio.filter((path) => !SMALL.has(path)), []);
  });
}
