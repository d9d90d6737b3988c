/** Every command and snippet of README.md, CONTRIBUTING.md and docs/, run as written. */

import assert from "node:assert/strict";
import { Workbench } from "../support/document.ts";
import { type Block, blocksOf, stepsOf } from "../support/markdown.ts";
import { isOnPath, stepUnless } from "../support/test_with.ts";
import { readTree } from "../support/tree.ts";

/** Languages of blocks that ask for something to be run, and of those that are for reading. */
const RUN = new Set(["sh", "console", "ts", "json"]);
const READ = new Set(["text", "toml", "ini", "hex", "c"]);

const documents = (await readTree())
  .filter(({ path }) => /^(README|CONTRIBUTING|SECURITY)\.md$|^docs\/.*\.md$/.test(path))
  .map(({ path, text }) => ({ path, blocks: blocksOf(path, text) }));

Deno.test("every block of the documents says in which language it is", () => {
  const unknown = documents.flatMap(({ blocks }) => blocks)
    .filter(({ language }) => !RUN.has(language) && !READ.has(language))
    .map(({ path, line, language }) => `${path}:${line}: "${language}"`);
  assert.deepEqual(unknown, []);
});

Deno.test("no command hides in a block that is only for reading", () => {
  const hidden = documents.flatMap(({ blocks }) => blocks)
    .filter(({ language, text }) => READ.has(language) && /^\$ /m.test(text))
    .map(({ path, line }) => `${path}:${line}`);
  assert.deepEqual(hidden, []);
});

for (const { path, blocks } of documents) {
  const wanted = blocks.filter(({ language, notes }) =>
    RUN.has(language) || notes.has("file") || notes.has("shown by")
  );
  if (wanted.length === 0) continue;
  Deno.test(`${path}: what it shows is what happens`, async (t) => {
    await using workbench = await Workbench.open();
    for (const block of wanted) {
      await stepUnless(t, whyNot(block), `line ${block.line}`, () => workbench.run(block));
    }
  });
}

/** Why a block is not run, or null. */
function whyNot(block: Block): string | null {
  const told = block.notes.get("not run");
  if (told !== undefined) return told;
  const programs = /\b(npx|make|avr-gcc|socat)\b/g;
  const missing = stepsOf(block).flatMap(({ command }) => command.match(programs) ?? [])
    .filter((program) => !isOnPath(program));
  return missing.length === 0 ? null : `${missing.join(" and ")} not installed`;
}
