import { ok, rejects, strictEqual } from "node:assert/strict";
import { Libc } from "../../../src/libc/libc.ts";
import { CommandSensor } from "../../../src/sensors/tools/command.ts";
import { runDeno } from "../../support/process.ts";
import { type TempDir, tempDir } from "../../support/temp_dir.ts";

const never = new AbortController().signal;

function shell(script: string, libc: Libc): CommandSensor {
  return new CommandSensor("x", ["/bin/sh", "-c", script], libc);
}

/** A named pipe: opening it waits for a writer, reading it ends when the last one is gone. */
async function namedPipe(dir: TempDir): Promise<string> {
  const path = dir.join("pipe");
  ok((await new Deno.Command("mkfifo", { args: [path] }).output()).success);
  return path;
}

async function rest(pipe: Deno.FsFile): Promise<string> {
  return (await new Response(pipe.readable).text()).trim();
}

Deno.test("a command's number is its temperature", async () => {
  using libc = new Libc();
  strictEqual(await shell("echo 41.5", libc).read(never), 41.5);
});

Deno.test("no shell reads a command's arguments", async () => {
  using libc = new Libc();
  const sensor = new CommandSensor("x", ["/bin/echo", "$(echo 41)"], libc);
  await rejects(sensor.read(never), /the output of "\/bin\/echo": found "\$\(echo 41\)"/);
});

Deno.test("a shell reads a command that asks for one", async () => {
  using libc = new Libc();
  const script = "for t in 40 41; do echo $t; done | tail -n 1";
  strictEqual(await new CommandSensor("x", [script], libc, true).read(never), 41);
});

for (
  const [what, script, message] of [
    ["prints text", "echo 41 degrees", /found "41 degrees"; it must hold one number/],
    ["prints nothing", "true", /found nothing; it must hold one number/],
    ["prints NaN", "echo NaN", /found "NaN"; it must hold one number/],
    ["fails", "echo 41; echo no sensor >&2; exit 3", /ended with 3 and said "no sensor"/],
    ["kills itself", "kill -TERM $$", /it ended with 143/],
    ["forks and ends, while its offspring floods", "yes 41 & exit 0", /more than 4096 bytes/],
    ["floods its output", "while :; do echo 41; done", /printed more than 4096 bytes/],
    ["floods its errors", "while :; do echo x >&2; done", /printed more than 4096 bytes/],
  ] as const
) {
  Deno.test(`a command that ${what} has no reading`, async () => {
    using libc = new Libc();
    await rejects(shell(script, libc).read(never), message);
  });
}

Deno.test("a command that is not there has no reading", async () => {
  using libc = new Libc();
  await using dir = await tempDir();
  await rejects(
    new CommandSensor("x", [dir.join("tool")], libc).read(never),
    /Cannot run "\S+\/tool": there is no such program; install it or name its path/,
  );
});

Deno.test("a command that hangs is killed with all that it has started", async () => {
  using libc = new Libc();
  await using dir = await tempDir();
  const path = await namedPipe(dir);
  const script = `trap "" TERM; sleep 1000 > ${path} & wait; wait`;
  const abort = new AbortController();
  const reading = shell(script, libc).read(abort.signal);
  const pipe = await Deno.open(path);
  abort.abort();
  await rejects(reading, /it took too long and was killed/);
  strictEqual(await rest(pipe), "", "the end of the pipe shows that its holder is gone");
});

Deno.test("a command whose offspring leaves its group ends all the same", async () => {
  using libc = new Libc();
  await using dir = await tempDir();
  const path = await namedPipe(dir);
  const script = `setsid sh -c 'echo $$ > ${path}; exec sleep 1000' & exit 0`;
  const abort = new AbortController();
  const reading = shell(script, libc).read(abort.signal);
  const escaped = await rest(await Deno.open(path));
  abort.abort();
  await rejects(reading, /it took too long and was killed/);
  Deno.kill(Number(escaped), "SIGKILL");
});

Deno.test("a command is not started when its time is up before", async () => {
  using libc = new Libc();
  await rejects(shell("echo 41", libc).read(AbortSignal.abort()), /the time is up/);
});

Deno.test("a command needs its own permission and is killed without any other", async () => {
  const url = (path: string): string => new URL(`../../../src/${path}`, import.meta.url).href;
  await using dir = await tempDir();
  const script = await dir.write(
    "bare.ts",
    `import { CommandSensor } from "${url("sensors/tools/command.ts")}";
     import { Libc } from "${url("libc/libc.ts")}";
     const read = (argv, signal) =>
       new CommandSensor("x", argv, new Libc()).read(signal).catch((error) => error.message);
     const never = new AbortController().signal;
     console.log(await read(["/bin/cat", "/proc/loadavg"], never));
     console.log(await read(["/bin/sleep", "1000"], AbortSignal.timeout(50)));`,
  );
  const { code, stdout } = await runDeno([
    "run",
    "--no-check",
    "--allow-run=/bin/sleep",
    script,
  ]);
  strictEqual(code, 0);
  ok(/Cannot run "\/bin\/cat": it is not permitted; run with --allow-run=\/bin\/cat/.test(stdout));
  ok(/Cannot use "\/bin\/sleep": it took too long and was killed/.test(stdout), stdout);
});
