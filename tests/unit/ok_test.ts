import assert from "node:assert/strict";
import { countTests, coverageNote } from "../../tools/ok.ts";

Deno.test("the gates count what the test runner's last line says", () => {
  const output =
    "a test ... ok (1ms)\n\nFAILED | 12 passed (3 steps) | 1 failed | 2 ignored (4s)\n";
  assert.deepEqual(countTests(output), { passed: 12, failed: 1, skipped: 2 });
  assert.deepEqual(countTests("\nok | 7 passed | 0 failed (103ms)\n"), {
    passed: 7,
    failed: 0,
    skipped: 0,
  });
});

Deno.test("the gates count no test when the run did not get as far", () => {
  assert.deepEqual(countTests("error: Type checking failed."), {
    passed: 0,
    failed: 0,
    skipped: 0,
  });
});

Deno.test("the gates tell what the coverage report ends with", () => {
  const report = "| src/a.ts  |     50.0 |      100.0 |   90.0 |\n" +
    "| All files |     93.2 |       96.6 |   96.8 |\n";
  assert.equal(coverageNote(report), "lines 96.8 %, branches 93.2 %");
  assert.equal(coverageNote("error: No coverage files found"), "no figures");
});
