import assert from "node:assert/strict";
import { openLogging, type Verbosity } from "../../../src/server/program/logging.ts";
import { tempDir } from "../../support/temp_dir.ts";

/** What a log file holds after one text of every level, without what stderr gets. */
async function logged(
  verbosity: Verbosity,
  texts: readonly string[] = ["text"],
): Promise<string[]> {
  await using folder = await tempDir();
  const file = folder.join("fand.log");
  {
    await using logging = await openLogging(verbosity, file, () => {});
    const log = logging.log("part");
    for (const text of texts) {
      log.debug(text);
      log.info(text);
      log.warn(text);
      log.error(text);
    }
  }
  const lines = (await Deno.readTextFile(file)).split("\n");
  assert.equal(lines.pop(), "");
  return lines;
}

Deno.test("a line of the log has its time, level and category", async () => {
  const [line] = await logged(0);
  assert.match(line ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z error {3}fand\.part: text$/);
});

Deno.test("each verbosity lets one level more through", async () => {
  const levels = async (verbosity: Verbosity) =>
    (await logged(verbosity)).map((line) => line.split(" ")[1]);
  assert.deepEqual(await levels(-1), []);
  assert.deepEqual(await levels(0), ["error"]);
  assert.deepEqual(await levels(1), ["warning", "error"]);
  assert.deepEqual(await levels(2), ["info", "warning", "error"]);
  assert.deepEqual(await levels(3), ["debug", "info", "warning", "error"]);
});

Deno.test("what a peer says can neither forge a line, nor move the cursor, nor be a template", async () => {
  const said = "a\nb\r\x1b[2J\x00\x7f\x9b {text} {}";
  const [line] = await logged(0, [said]);
  assert.ok(
    line?.endsWith(
      "fand.part: a\\u000ab\\u000d\\u001b[2J\\u0000\\u007f\\u009b {text} {}",
    ),
  );
});

Deno.test("a log file is appended to, and the terminal gets the same lines", async () => {
  await using folder = await tempDir();
  const file = await folder.write("fand.log", "before\n");
  const terminal: string[] = [];
  for (const text of ["first", "second"]) {
    await using logging = await openLogging(0, file, (line) => terminal.push(line));
    logging.log("part").error(text);
  }
  const [before, first, second] = (await Deno.readTextFile(file)).split("\n");
  assert.equal(before, "before");
  assert.match(first ?? "", /: first$/);
  assert.match(second ?? "", /: second$/);
  assert.deepEqual(terminal, [`${first}\n`, `${second}\n`]);
});

Deno.test("a log file that cannot be opened is refused in proper words", async () => {
  await using folder = await tempDir();
  const file = folder.join("no such folder/fand.log");
  await assert.rejects(openLogging(0, file), {
    name: "FandError",
    message:
      /^Cannot open the log file ".*no such folder\/fand\.log": .*; name another file with -l$/,
  });
});
