import { ok, rejects, strictEqual } from "node:assert/strict";
import { Libc } from "../../../src/libc/libc.ts";
import { FileSensor } from "../../../src/sensors/file.ts";
import { runDeno } from "../../support/process.ts";
import { tempDir } from "../../support/temp_dir.ts";

for (
  const [content, scale, tempC] of [
    ["38500\n", 0.001, 38.5],
    ["  41.25 ", 1, 41.25],
    ["-3", 1, -3],
    ["4.2e1", 1, 42],
  ] as const
) {
  Deno.test(`a file that holds ${JSON.stringify(content)} is ${tempC} °C`, async () => {
    using libc = new Libc();
    await using dir = await tempDir();
    const path = await dir.write("temp", content);
    strictEqual(await new FileSensor("x", path, scale, libc).read(), tempC);
  });
}

for (const content of ["", "warm", "40 41", "40 °C", "1e", "--3", "40\0"]) {
  Deno.test(`a file that holds ${JSON.stringify(content)} is no reading`, async () => {
    using libc = new Libc();
    await using dir = await tempDir();
    const path = await dir.write("temp", content);
    await rejects(
      new FileSensor("x", path, 1, libc).read(),
      /^SensorError: Cannot read "\/.*": found .*; it must hold one number$/,
    );
  });
}

Deno.test("a file that nobody writes any more is not believed", async () => {
  using libc = new Libc();
  await using dir = await tempDir();
  const path = await dir.write("temp", "40");
  const sensor = new FileSensor("x", path, 1, libc, 60_000);
  strictEqual(await sensor.read(), 40);
  const before = new Date(Date.now() - 61_000);
  await Deno.utime(path, before, before);
  await rejects(sensor.read(), /Cannot believe "\/.*": nobody has written it for 61 s; see that/);
});

Deno.test("a file that vanishes and returns is read again", async () => {
  using libc = new Libc();
  await using dir = await tempDir();
  const path = await dir.write("temp", "40");
  const sensor = new FileSensor("x", path, 1, libc);
  strictEqual(await sensor.read(), 40);
  await Deno.remove(path);
  await rejects(sensor.read(), /there is no such file; check the path/);
  await dir.write("temp", "45");
  strictEqual(await sensor.read(), 45);
});

Deno.test("what is no small file is refused", async () => {
  using libc = new Libc();
  await using dir = await tempDir();
  const large = await dir.write("large", "4".repeat(5000));
  await rejects(new FileSensor("x", large, 1, libc).read(), /holds more than 4096 bytes/);
  ok((await new Deno.Command("mkfifo", { args: [dir.join("pipe")] }).output()).success);
  for (const path of [dir.path, dir.join("pipe")]) {
    await rejects(new FileSensor("x", path, 1, libc).read(), /it is not a file/);
  }
});

Deno.test("a file of the kernel is read through libc", async () => {
  using libc = new Libc();
  const path = "/proc/sys/kernel/ostype";
  await rejects(new FileSensor("x", path, 1, libc).read(), /found "Linux"; it must hold/);
  const number = await new FileSensor("x", "/proc/sys/kernel/pid_max", 1, libc).read();
  ok(number > 0);
});

Deno.test("a file without permission names the flag and does not ask", async () => {
  const module = new URL("../../../src/sensors/file.ts", import.meta.url).href;
  await using dir = await tempDir();
  const script = await dir.write(
    "bare.ts",
    `import { FileSensor } from "${module}";
     await new FileSensor("x", "/run/temp", 1, null).read();`,
  );
  const { code, stderr } = await runDeno(["run", "--no-check", script]);
  strictEqual(code, 1);
  ok(
    /Cannot read "\/run\/temp": it is not permitted; run with --allow-read=\/run\/temp/
      .test(stderr),
    stderr,
  );
});
