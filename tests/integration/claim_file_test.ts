/** The file in which an agent keeps the highest epoch that it has granted. */

import assert from "node:assert/strict";
import { openClaimFile } from "../../src/agent/duty/claim_file.ts";
import { silentLog } from "../../src/log.ts";
import { RecordedLog } from "../support/recorded_log.ts";
import { runDeno } from "../support/process.ts";
import { tempDir } from "../support/temp_dir.ts";

Deno.test("a state file keeps the highest epoch, and is there from the start", async () => {
  await using folder = await tempDir();
  const path = folder.join("agent.json");
  const first = openClaimFile(path, silentLog);
  assert.equal(first.granted, 0);
  assert.equal(openClaimFile(path, silentLog).granted, 0);
  first.keep(7);
  first.keep(1_900_000_000_000);
  assert.equal(openClaimFile(path, silentLog).granted, 1_900_000_000_000);
  assert.deepEqual(await Array.fromAsync(Deno.readDir(folder.path), ({ name }) => name), [
    "agent.json",
  ]);
});

Deno.test("a damaged state file counts for nothing granted, and the log says so", async () => {
  await using folder = await tempDir();
  for (
    const text of ["", "{", "null", '{"granted": -1}', '{"granted": 1e300}', '{"granted": "7"}']
  ) {
    const path = await folder.write("agent.json", text);
    const log = new RecordedLog();
    assert.equal(openClaimFile(path, log).granted, 0, text);
    assert.match(log.lines.join("\n"), /^warn: The state file ".*" is damaged/, text);
  }
});

Deno.test("a state file that cannot be written is told at the start; later it stops nothing", async () => {
  await using folder = await tempDir();
  const log = new RecordedLog();
  assert.throws(
    () => openClaimFile(folder.join("none/agent.json"), log),
    /^FandError: Cannot keep the state in ".*": .*; name a file that this process may write$/,
  );
  await Deno.mkdir(folder.join("sub"));
  const keeper = openClaimFile(folder.join("sub/agent.json"), log);
  await Deno.remove(folder.join("sub"), { recursive: true });
  keeper.keep(1);
  keeper.keep(2);
  assert.equal(log.lines.length, 1);
  assert.match(log.lines[0] ?? "", /^error: Cannot keep the state in .*it counts until this agent/);
});

Deno.test("an agent that may not use its state file says which grants it needs", async () => {
  await using folder = await tempDir();
  const path = folder.join("agent.json");
  const args = ["run", "--no-prompt", "--allow-net=127.0.0.1:9", "client.ts", "agent", "a=0"];
  const { code, stderr } = await runDeno([...args, "--board", "sim:", "--state", path]);
  assert.equal(code, 1);
  const grants = `--allow-read=${path},${path}.new --allow-write=${path},${path}.new`;
  assert.ok(stderr.includes(`run it with ${grants}`), stderr);
});
