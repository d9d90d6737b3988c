/**
 * Configurations to begin with: those of the documents.
 *
 * @module
 */

import { blocksOf } from "../support/markdown.ts";
import ini from "../vectors/ini.json" with { type: "json" };

/** What the parts of configurations that documents show can stand behind. */
const WHOLE = `[[sensor]]
name = "cpu"
type = "cpu"
[[shelf]]
name = "nas"
[[shelf.cause]]
name = "cpu"
sensors = ["cpu"]
curve = [[40, 20], [80, 100]]
`;

/** Every TOML of docs/, alone and behind a whole configuration, and the INI vectors. */
export async function originals(): Promise<string[]> {
  const texts = ini.texts.map(({ text }) => text);
  const docs = new URL("../../docs/", import.meta.url);
  for await (const { name } of Deno.readDir(docs)) {
    if (!name.endsWith(".md")) continue;
    const blocks = blocksOf(name, await Deno.readTextFile(new URL(name, docs)));
    for (const { language, text } of blocks) {
      if (language === "toml") texts.push(text, WHOLE + text);
    }
  }
  return texts;
}
