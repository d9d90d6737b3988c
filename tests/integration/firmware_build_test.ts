import assert from "node:assert/strict";
import { REPOSITORY } from "../support/paths.ts";
import { runProcess } from "../support/process.ts";
import { tempDir } from "../support/temp_dir.ts";
import { testWith } from "../support/test_with.ts";

/** Runs make in a build folder of its own, so that no other run of it is in the way. */
async function make(goal: string): Promise<{ code: number; said: string }> {
  await using folder = await tempDir();
  const { code, stdout, stderr } = await runProcess(
    "make",
    ["-C", `${REPOSITORY}firmware`, goal, `BUILD=${folder.path}`],
    { timeoutMs: 60_000 },
  );
  return { code, said: stdout + stderr };
}

/** Where CI runs, the tools have to be there: without them the test fails, and is not left out. */
function needing(tools: readonly string[], name: string, test: () => Promise<void>): void {
  if (Deno.env.get("CI") === "true") Deno.test(name, test);
  else testWith(tools, name, test);
}

needing(
  ["make", "avr-gcc"],
  "the committed images are what avr-gcc makes of the sources, and fit with room to spare",
  async () => {
    const { code, said } = await make("check");
    assert.equal(code, 0, said);
    const found = [...said.matchAll(
      /^(\w+): flash (\d+) bytes of \d+, RAM (\d+) bytes of (\d+), worst stack (\d+) bytes$/gm,
    )];
    assert.deepEqual(found.map(([, part]) => part), ["atmega328p", "atmega2560"]);
    for (const [, part, flash, ram, ramSize, stack] of found) {
      const flashLimit = (part === "atmega328p" ? 16 : 20) * 1024;
      assert.ok(Number(flash) < flashLimit, `${part}: flash ${flash}`);
      assert.ok(Number(ram) < Number(ramSize) / 2, `${part}: RAM ${ram}`);
      assert.ok(Number(ram) + Number(stack) < Number(ramSize) * 3 / 4, `${part}: stack ${stack}`);
    }
  },
);

needing(["make", "cc"], "the firmware's own tests pass on this machine", async () => {
  const { code, said } = await make("host-test");
  assert.equal(code, 0, said);
  assert.match(said, /\d+ passed, 0 failed/);
});
