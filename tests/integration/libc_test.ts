import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { Libc, LibcError } from "../../src/libc/libc.ts";
import { LIBC_PATHS } from "../../src/libc/open_libc.ts";
import { runDeno } from "../support/process.ts";
import { tempDir } from "../support/temp_dir.ts";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

Deno.test("libc reads a file, empty or up to its limit", async () => {
  using libc = new Libc();
  await using dir = await tempDir();
  strictEqual(text(await libc.readFile(await dir.write("a", "38000\n"), 16)), "38000\n");
  strictEqual((await libc.readFile(await dir.write("b", ""), 16)).length, 0);
  strictEqual((await libc.readFile(await dir.write("c", "x".repeat(16)), 16)).length, 16);
});

Deno.test("libc reads what Deno needs every permission for", async () => {
  using libc = new Libc();
  ok(text(await libc.readFile("/proc/self/stat", 4096)).startsWith(`${Deno.pid} (`));
  ok(libc.listDirectory("/sys").includes("class"));
});

Deno.test("libc refuses a file that is larger than the limit", async () => {
  using libc = new Libc();
  await using dir = await tempDir();
  const path = await dir.write("a", "x".repeat(17));
  await rejects(libc.readFile(path, 16), /holds more than 16 bytes/);
});

Deno.test("libc tells why a file cannot be read, with the number", async () => {
  using libc = new Libc();
  await using dir = await tempDir();
  await rejects(libc.readFile(dir.join("none"), 16), (error) => {
    ok(error instanceof LibcError);
    strictEqual(error.errno, 2);
    strictEqual(
      error.message,
      `Cannot read "${dir.join("none")}": No such file or directory; ` +
        "check the path and its permissions",
    );
    return true;
  });
  await rejects(libc.readFile(dir.path, 16), /the driver answers with an error/);
});

Deno.test("libc does not wait for the writer of a named pipe", async () => {
  using libc = new Libc();
  await using dir = await tempDir();
  const made = await new Deno.Command("mkfifo", { args: [dir.join("pipe")] }).output();
  ok(made.success);
  strictEqual((await libc.readFile(dir.join("pipe"), 16)).length, 0);
});

Deno.test("libc writes a file that is there, whole, and makes none", async () => {
  await using dir = await tempDir();
  using libc = new Libc();
  const path = await dir.write("pwm1", "128 and more\n");
  await libc.writeFile(path, "77");
  strictEqual(await Deno.readTextFile(path), "77");
  ok(libc.canWrite(path));
  strictEqual(await Deno.readTextFile(path), "77");
  ok(!libc.canWrite(dir.join("absent")));
  ok(!libc.canWrite(dir.path));
  await rejects(libc.writeFile(dir.join("absent"), "1"), (error) => {
    ok(error instanceof LibcError);
    strictEqual(error.errno, 2);
    return true;
  });
  deepStrictEqual(await Array.fromAsync(Deno.readDir(dir.path), ({ name }) => name), ["pwm1"]);
});

Deno.test("libc tells why a value was refused, with the number", async () => {
  using libc = new Libc();
  await rejects(libc.writeFile("/dev/full", "1"), (error) => {
    ok(error instanceof LibcError);
    strictEqual(error.errno, 28);
    ok(/^Cannot write "1" to "\/dev\/full": No space left on device; /.test(error.message));
    return true;
  });
});

Deno.test("libc refuses a path with a NUL character", async () => {
  using libc = new Libc();
  await rejects(libc.readFile("/proc/self/stat\0x", 16), LibcError);
});

Deno.test("libc lists a directory, however large, and says what is none", async () => {
  using libc = new Libc();
  await using dir = await tempDir();
  const names = Array.from({ length: 1500 }, (_, at) => `file_${at}_${"ü".repeat(20)}`);
  await Promise.all(names.map((name) => dir.write(name, "")));
  deepStrictEqual(libc.listDirectory(dir.path).sort(), names.sort());
  throws(() => libc.listDirectory(dir.join("none")), /No such file or directory/);
  throws(() => libc.listDirectory(dir.join(names[0] ?? "")), /Not a directory/);
});

Deno.test("libc follows links", async () => {
  using libc = new Libc();
  await using dir = await tempDir();
  await dir.write("real/deep/file", "");
  await Deno.symlink("real/deep", dir.join("link"));
  strictEqual(libc.realPath(dir.join("link/file")), dir.join("real/deep/file"));
  throws(() => libc.realPath(dir.join("none")), /No such file or directory/);
});

Deno.test("libc leaves no file open, read or refused", async () => {
  using libc = new Libc();
  await using dir = await tempDir();
  const path = await dir.write("a", "x".repeat(17));
  const open = (): number => libc.listDirectory("/proc/self/fd").length;
  const before = open();
  for (let turn = 0; turn < 50; turn++) {
    await libc.readFile(path, 32);
    await rejects(libc.readFile(path, 16));
    libc.listDirectory(dir.path);
    throws(() => libc.listDirectory(path));
  }
  strictEqual(open(), before);
});

Deno.test("libc that is disposed of finishes the reads under way and begins no other", async () => {
  await using dir = await tempDir();
  const path = await dir.write("a", "38000");
  const libc = new Libc();
  const reading = libc.readFile(path, 16);
  libc[Symbol.dispose]();
  strictEqual(text(await reading), "38000");
  await rejects(libc.readFile(path, 16), /it is closed/);
});

Deno.test("libc kills a process group with all that it has started", async () => {
  using libc = new Libc();
  const child = new Deno.Command("/bin/sh", {
    args: ["-c", "sleep 1000 & echo ready; wait"],
    stdout: "piped",
    detached: true,
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  libc.killGroup(child.pid);
  strictEqual((await child.status).signal, "SIGKILL");
  strictEqual((await reader.read()).done, true, "nobody holds the pipe any more");
});

Deno.test("libc without permission names the flag and does not ask", async () => {
  const code = `import { Libc } from "./src/libc/libc.ts"; new Libc().listDirectory("/sys");`;
  await using dir = await tempDir();
  const script = await dir.write(
    "bare.ts",
    code.replace("./src", new URL("../../src", import.meta.url).href),
  );
  const bare = await runDeno(["run", script]);
  strictEqual(bare.code, 1);
  ok(/not permitted; run with --allow-ffi=\/\S*libc\.so\.6/.test(bare.stderr), bare.stderr);
});

Deno.test("libc that is permitted where it is not says where it was looked for", async () => {
  const found = await Promise.all(LIBC_PATHS.map((path) => Deno.stat(path).catch(() => null)));
  const absent = LIBC_PATHS.filter((_, index) => found[index] === null);
  await using dir = await tempDir();
  const module = new URL("../../src/libc/libc.ts", import.meta.url).href;
  const script = await dir.write(
    "bare.ts",
    `import { Libc } from "${module}"; new Libc().listDirectory("/sys");`,
  );
  const bare = await runDeno(["run", `--allow-ffi=${absent.join(",")}`, script]);
  strictEqual(bare.code, 1);
  ok(bare.stderr.includes(`it is not at ${absent.join(" or ")}; run with --allow-ffi=PATH`));
});
