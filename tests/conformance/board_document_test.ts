import assert from "node:assert/strict";
import { loadBoardVectors } from "../support/board_vectors.ts";
import { blocksOf } from "../support/markdown.ts";
import { REPOSITORY } from "../support/paths.ts";

interface Exchange {
  readonly from: string;
  readonly text: string;
  readonly hex: string;
}

/** `H:` and `B:` lines with the bytes under them. */
function exchanges(block: string): Exchange[] {
  const found: Exchange[] = [];
  for (const entry of block.split(/^(?=[HB]: )/m)) {
    const [, from, text, bytes] = entry.match(/^([HB]): (.*)\n((?: {3}[0-9a-f]+\n)+)$/) ?? [];
    assert.ok(from && text && bytes, `not an exchange: ${entry}`);
    found.push({ from, text, hex: bytes.replace(/\s/g, "") });
  }
  return found;
}

Deno.test("the session of docs/board_protocol.md is the one of the vectors", async () => {
  const page = await Deno.readTextFile(`${REPOSITORY}docs/board_protocol.md`);
  const [block, ...others] = blocksOf("docs/board_protocol.md", page)
    .filter(({ language }) => language === "hex");
  assert.ok(block);
  assert.equal(others.length, 0);
  const [session] = (await loadBoardVectors()).sessions;
  const wanted = (session?.steps ?? []).flatMap(({ atMs, say, send, receive }) => [
    { from: "H", text: `${atMs}: ${say}`, hex: send },
    ...(receive === "" ? [] : [{ from: "B", text: "", hex: receive }]),
  ]);
  const shown = exchanges(block.text).map((one) => one.from === "B" ? { ...one, text: "" } : one);
  assert.deepEqual(shown, wanted);
});
