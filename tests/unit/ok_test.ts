import assert from "node:assert/strict";
import { countTests } from "../../tools/ok.ts";

Deno.test("the gates count what the test runner's last line says", () => {
  const output =
    "a test ... ok (1ms)\n\nFAILED | 12 passed (3 steps) | 1 failed | 2 ignored (4s)\n";
  assert.deepEqual(countTests(output), { passed: 12, failed: 1, note: ", 2 skipped" });
  assert.deepEqual(countTests("\nok | 7 passed | 0 failed (103ms)\n"), {
    passed: 7,
    failed: 0,
    note: "",
  });
});

Deno.test("the gates count no test when the run did not get as far", () => {
  assert.deepEqual(countTests("error: Type checking failed."), { passed: 0, failed: 0, note: "" });
});
