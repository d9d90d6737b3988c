import assert from "node:assert/strict";
import { examplesOf, runExample } from "../../support/control_examples.ts";
import { REPOSITORY } from "../../support/paths.ts";

const PAGE = await Deno.readTextFile(`${REPOSITORY}docs/control.md`);

Deno.test("docs/control.md: every example gives the duties that it shows", () => {
  const examples = examplesOf(PAGE);
  assert.equal(examples.length, PAGE.match(/^```toml$/gm)?.length);
  assert.ok(examples.length >= 12);
  for (const example of examples) {
    assert.deepEqual(runExample(example), example.rows.map(({ duty }) => duty), example.toml);
  }
});
