import assert from "node:assert/strict";
import { blocksOf, isShown, patternOf, stepsOf } from "../support/markdown.ts";

const PAGE = [
  "# Title",
  "",
  "<!-- with: server -->",
  "<!-- exit: 1 -->",
  "",
  "```console",
  "$ fanctl ping",
  "ok 3",
  "$ fanctl list \\",
  "    --json",
  "```",
  "",
  "Text.",
  "",
  "1. In a list",
  "   ```sh",
  "   # a comment",
  "   deno task start",
  "   ```",
].join("\n");

Deno.test("blocks carry their place, their language and the comments just before them", () => {
  const [first, second] = blocksOf("docs/a.md", PAGE);
  assert.deepEqual([first?.line, first?.language], [6, "console"]);
  assert.deepEqual([...first?.notes ?? []], [["with", "server"], ["exit", "1"]]);
  assert.equal(second?.text, "# a comment\ndeno task start\n");
  assert.equal(second?.notes.size, 0);
});

Deno.test("a fence that is not closed is told with its line", () => {
  assert.throws(() => blocksOf("a.md", "x\n```sh\nls\n"), /a\.md:2: this fence is not closed/);
});

Deno.test("console blocks have commands and what they show; sh blocks have commands", () => {
  const [first, second] = blocksOf("docs/a.md", PAGE);
  assert.deepEqual(first && stepsOf(first), [
    { command: "fanctl ping", shown: ["ok 3"] },
    { command: "fanctl list --json", shown: [] },
  ]);
  assert.deepEqual(second && stepsOf(second), [{ command: "deno task start", shown: [] }]);
});

Deno.test("a text may be what a command shows", () => {
  const [block] = blocksOf("a.md", "<!-- shown by: date -u -->\n\n```text\n1 Nov\n\nx\n```\n");
  assert.deepEqual(block && stepsOf(block), [{ command: "date -u", shown: ["1 Nov", "x"] }]);
});

Deno.test("a shown line stands for other numbers and spacing, and for anything at an ellipsis", () => {
  const pattern = patternOf("disk  41.5 °C (age 1.2s) ... end.");
  assert.match("disk 7 °C   (age 200s) or so end.", pattern);
  assert.doesNotMatch("disk warm °C (age 1.2s) end.", pattern);
  assert.doesNotMatch("disk 41.5 °C (age 1.2s) xx endX", pattern);
  assert.match("2 …", patternOf("1 …"));
});

Deno.test("output is shown line for line, but for lines that are left out in sight", () => {
  assert.ok(isShown(["a", "b 1"], ["a", "", "b 22"]));
  assert.ok(!isShown(["a"], ["a", "b"]));
  assert.ok(isShown(["a", "..."], ["a", "b", "c"]));
  assert.ok(isShown(["...", "c"], ["a", "b", "c"]));
  assert.ok(isShown(["a", "…"], ["a"]));
  assert.ok(!isShown(["...", "d"], ["a", "b", "c"]));
});
