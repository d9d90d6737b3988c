import assert from "node:assert/strict";
import { runDeno, runProcess, startDeno, startProcess } from "../support/process.ts";
import { tempDir } from "../support/temp_dir.ts";
import { serveTree } from "../support/tree_server.ts";

const SAYS_AND_STAYS =
  "console.log('ready 7'); console.error('note'); Deno.serve({port: 0, hostname: '127.0.0.1', onListen() {}}, () => new Response())";

Deno.test("a process: its lines are awaited, and it is stopped at the end of the scope", async () => {
  let ended: Promise<Deno.CommandStatus>;
  {
    await using child = startDeno(["eval", SAYS_AND_STAYS]);
    ended = child.ended;
    assert.equal(await child.line(/^ready \d$/), "ready 7");
    assert.equal(await child.line("note"), "note");
  }
  assert.equal((await ended).signal, "SIGTERM");
});

Deno.test("a process: a line is returned once, and waiting for more tells what was printed", async () => {
  await using child = startProcess("echo", ["one"]);
  assert.equal(await child.line("one"), "one");
  await assert.rejects(child.line("one"), /"echo one": ended without a line like one; it printed/);
});

Deno.test("a process: a line that does not come fails in its time, naming both", async () => {
  await using stays = startDeno(["eval", SAYS_AND_STAYS]);
  await assert.rejects(stays.line("never", 1), /no line like never in 1 ms/);
});

Deno.test("a process: code, both streams and stdin", async () => {
  const { code, stdout, stderr } = await runProcess("sh", ["-c", "cat; echo bad >&2; exit 3"], {
    stdin: "in\n",
  });
  assert.deepEqual([code, stdout, stderr], [3, "in\n", "bad\n"]);
});

Deno.test("a process that ignores SIGTERM is killed, and a second disposal is harmless", async () => {
  await using child = startProcess("sh", ["-c", "trap '' TERM; echo up; exec tail -f /dev/null"], {
    stopGraceMs: 10,
  });
  await child.line("up");
  await child[Symbol.asyncDispose]();
  assert.equal((await child.ended).signal, "SIGKILL");
});

Deno.test("a process group ends with its head, whatever it has started", async () => {
  await using child = startProcess("sh", ["-c", "sleep 60 & echo up; wait"], { group: true });
  await child.line("up");
  child.kill();
  // Its streams end only when nothing holds them any more.
  assert.equal((await child.ended).signal, "SIGTERM");
});

Deno.test("a temporary folder holds files and is gone afterwards", async () => {
  let path: string;
  {
    await using dir = await tempDir();
    path = await dir.write("a/b.txt", "text");
    assert.equal(await Deno.readTextFile(path), "text");
  }
  await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
});

Deno.test("the tree server serves modules and texts that Deno imports", async () => {
  await using dir = await tempDir();
  await dir.write("part.hex", ":00000001FF\n");
  await dir.write(
    "m.ts",
    `import hex from "./part.hex" with { type: "text" }; console.log(hex as string);`,
  );
  await using server = serveTree(dir.path);
  const ran = await runDeno(["run", "--no-config", server.url("m.ts")], {
    cwd: dir.path,
    env: { DENO_DIR: dir.join("cache") },
  });
  assert.deepEqual([ran.code, ran.stdout], [0, ":00000001FF\n\n"], ran.stderr);
  assert.deepEqual(server.requested, ["m.ts", "part.hex"]);
  const missing = await fetch(server.url("none.ts"));
  assert.equal(missing.status, 404);
  await missing.body?.cancel();
});
