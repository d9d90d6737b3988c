import assert from "node:assert/strict";
import plugin from "../../tools/lint_plugin.ts";

/** The rules that `source` breaks as the file of that name. */
function broken(file: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, `/repository/${file}`, source).map(({ id }) => id);
}

Deno.test("a function may have 70 lines and not 71, whatever its kind", () => {
  const body = (lines: number): string => "\n".repeat(lines - 1);
  assert.deepEqual(broken("src/a.ts", `function f() {${body(70)}}`), []);
  assert.deepEqual(broken("src/a.ts", `function f() {${body(71)}}`), ["fand/function-length"]);
  assert.deepEqual(broken("src/a.ts", `const f = () => {${body(71)}}`), ["fand/function-length"]);
  assert.deepEqual(broken("src/a.ts", `class A { #m() {${body(71)}} }`), ["fand/function-length"]);
});

Deno.test("pure parts have no I/O, no clock and no randomness; other parts may", () => {
  for (
    const source of [
      "Deno.cwd()",
      "Date.now()",
      "new Date()",
      "Math.random()",
      "performance.now()",
      "setTimeout(f, 1)",
      "const { crypto } = globalThis",
    ]
  ) {
    assert.ok(broken("src/control/a.ts", source).includes("fand/pure"), source);
    assert.deepEqual(broken("src/server/a.ts", source), [], source);
  }
});

Deno.test("pure parts may use dates, mathematics and properties with the names of globals", () => {
  const source = "new Date(5); Math.max(1, 2); a.performance; const b = { process: 1 };";
  assert.deepEqual(broken("src/wire/a.ts", source), []);
});

Deno.test("tests neither sleep nor leave anything out in silence", () => {
  const sleeps = "await new Promise((done) => setTimeout(done, 50));";
  assert.deepEqual(broken("tests/unit/a_test.ts", sleeps), ["fand/no-sleep-in-test"]);
  assert.deepEqual(broken("tests/support/a.ts", sleeps), []);
  assert.deepEqual(
    broken("tests/unit/a_test.ts", `import { setTimeout as s } from "node:timers/promises";`),
    ["fand/no-sleep-in-test"],
  );
  const turns = `import { setImmediate } from "node:timers/promises";`;
  assert.deepEqual(broken("tests/unit/a_test.ts", turns), []);
  for (
    const skips of [
      `Deno.test.ignore("a", f)`,
      `Deno.test.only("a", f)`,
      `Deno.test({ name: "a", ignore: true, fn: f })`,
    ]
  ) assert.deepEqual(broken("tests/unit/a_test.ts", skips), ["fand/no-silent-skip"], skips);
});
