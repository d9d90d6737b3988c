import { equal, match, ok } from "node:assert/strict";
import { runProcess, startProcess, type TestProcess } from "../../support/process.ts";
import { Client } from "../../support/serve.ts";
import { fileSensorConfig, serverArgs } from "../../support/server_process.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { testWith } from "../../support/test_with.ts";
import { REPOSITORY } from "../../support/paths.ts";

/** Answers as long as a line has not been printed: asking has the journal written. */
async function askUntil(client: Client, child: TestProcess, line: RegExp): Promise<string> {
  let told: string | null = null;
  child.line(line).then((text) => told = text);
  while (told === null) {
    await client.ask("history", "shelf1", new Date(0), null, 10);
    equal((await client.ask("get_pwm", "shelf1"))[0], "set_pwm");
  }
  return told;
}

testWith(
  ["prlimit"],
  "on a full disk the server goes on, says so once, and writes again when there is room",
  async () => {
    await using folder = await tempDir();
    const top = `store = "none"\ntick_ms = 100\n[journal]\npath = "${folder.join("journal.db")}"`;
    const args = serverArgs(folder, ["-c", await fileSensorConfig(folder, top), "-p", "0", "-vv"], [
      `--allow-read=${REPOSITORY}src,${folder.path}`,
    ]);
    // A file that may not grow is what a process sees of a full disk; a signal would end it.
    const ignoring = `trap '' XFSZ; exec "$@"`;
    const command = ["-c", ignoring, "sh", Deno.execPath(), ...args];
    await using child = startProcess("sh", command);
    const port = Number(/:(\d+);/.exec(await child.line("listening on"))?.[1]);
    using client = new Client(await Deno.connect({ hostname: "127.0.0.1", port }));
    ok((await client.ask("history", "shelf1", new Date(0), null, 10))[0] === "history");
    const limit = (size: string) =>
      runProcess("prlimit", ["--pid", `${child.pid}`, `--fsize=${size}`]);
    await limit("1:unlimited");
    match(await askUntil(client, child, /Cannot write the journal/), /; control goes on/);
    await limit("unlimited:unlimited");
    match(await askUntil(client, child, /is written again/), /chunks were lost/);
  },
);
