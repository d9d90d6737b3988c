/** What holds for a client whichever way it has come. */

import { match } from "node:assert/strict";
import { runProcess } from "../../support/process.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { DOORS } from "./doors.ts";
import { testDoors } from "./suite.ts";

testDoors(DOORS);

Deno.test("a unix socket holds to the same rules, with the grants of its path and no others", async () => {
  await using folder = await tempDir();
  const path = folder.join("fand.sock");
  const suite = new URL("./unix_suite.ts", import.meta.url).pathname;
  const { stdout, stderr } = await runProcess(Deno.execPath(), [
    "test",
    "--no-config",
    "--no-check",
    `--allow-net=127.0.0.1,unix:${path}`,
    `--allow-read=${path}`,
    `--allow-write=${path}`,
    suite,
    "--",
    path,
  ]);
  match(stdout + stderr, /ok \| 14 passed \| 0 failed/);
});
