/** docs/safety.md against the tests that it names. */
import assert from "node:assert/strict";
import { REPOSITORY } from "../support/paths.ts";

const page = await Deno.readTextFile(`${REPOSITORY}docs/safety.md`);

/** A test that the page names for a row of its tables. */
interface Proof {
  readonly row: string;
  readonly path: string;
  readonly name: string;
}

function proofs(): Proof[] {
  const found: Proof[] = [];
  let row = "";
  let path = "";
  // A name that is too long for a line goes on in the next one.
  for (const line of page.replace(/\n {4}(?=\S)/g, " ").split("\n")) {
    const file = line.match(/^- ([A-Z]\d+): `([^`]+)`$/);
    const name = line.match(/^ {2}- (.+)$/);
    if (file) [, row = "", path = ""] = file;
    else if (name && path !== "") found.push({ row, path, name: name[1] ?? "" });
    else if (line !== "") path = "";
  }
  return found;
}

/** The names of the tests of a file as the page writes them: without the part and the seed. */
function testNames(text: string): string[] {
  const registered = text.matchAll(/\b(?:Deno\.test|test\w*|run_test)\(\s*(["`])(.*?)\1/g);
  return [...registered].map(([, , name = ""]) =>
    name.replace(/^\$\{[^}]*\}[^:$]*: /, "").replace(/ \(seed \$\{\w+\}\)$/, "")
      .replace(/\$\{[^}]*\}/g, "…")
  );
}

Deno.test("every test that docs/safety.md names exists", async () => {
  const named = proofs();
  assert.ok(named.length > 60, `only ${named.length} tests were found in the page`);
  const missing: string[] = [];
  for (const { path, name } of named) {
    const text = await Deno.readTextFile(REPOSITORY + path).catch(() => "");
    if (!testNames(text).includes(name)) missing.push(`${path}: ${name}`);
  }
  assert.deepEqual(missing, []);
});

Deno.test("every promise of docs/safety.md names a test, and every test its promise", () => {
  const rows = [...page.matchAll(/^\| ([A-Z]\d+) +\|/gm)].map(([, row]) => row);
  assert.ok(rows.length > 40, `only ${rows.length} rows were found`);
  assert.deepEqual([...new Set(proofs().map(({ row }) => row))], rows);
});
