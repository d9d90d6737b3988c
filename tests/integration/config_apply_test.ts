import { equal, match, notEqual } from "node:assert/strict";
import { runFanctl } from "../../src/cli/main.ts";
import { fileSensorConfig, ServerProcess, stop } from "../support/server_process.ts";
import { type TempDir, tempDir } from "../support/temp_dir.ts";
import { TestIo } from "../support/test_io.ts";

/** Whoever is on this machine may try configurations. */
const TOP = 'store = "none"\nlocal_role = "admin"';

/** Runs fanctl as the operator of that server. */
async function fanctl(
  server: ServerProcess,
  ...words: string[]
): Promise<{ status: number; out: string; err: string }> {
  const io = new TestIo();
  const status = await runFanctl(["-p", String(server.port), ...words], io);
  return { status, out: io.out, err: io.err };
}

/** Waits until the shelf has this duty. */
async function reaches(server: ServerProcess, percent: number): Promise<void> {
  const client = await server.connect();
  await client.ask("subscribe", "shelf1");
  for (;;) {
    const [request, [, duty]] = await client.next();
    if (request === "duty" && duty === percent) return;
  }
}

/** A file in which the same temperature asks for 60 %. */
async function louder(folder: TempDir, config: string): Promise<string> {
  const text = await Deno.readTextFile(config);
  return await folder.write("louder.toml", text.replace("[20, 20]", "[20, 60]"));
}

Deno.test("a configuration that nobody confirms is in force for its time and then taken back", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder, TOP);
  const file = await louder(folder, config);
  await using server = await ServerProcess.start(folder, config, { args: ["-v"] });
  await reaches(server, 42.5);
  const applied = await fanctl(server, "config", "apply", file, "--confirm-within", "5s");
  equal(applied.status, 0, applied.err);
  match(
    applied.out,
    /\n~ shelves\.shelf1\.causes\.warmth\.curve\.points: .*\n\n.*\nshelf1 +42\.5 +67\.5\n$/,
  );
  match(applied.err, /^on trial for 5 s/);
  await reaches(server, 67.5);
  await server.child.line("taken back: nobody has confirmed it in time");
  await reaches(server, 42.5);
  const late = await fanctl(server, "config", "confirm");
  equal(late.status, 1);
  match(late.err, /nothing is on trial/);
  notEqual(await Deno.readTextFile(config), await Deno.readTextFile(file));
});

Deno.test("a confirmed configuration takes the place of the file and outlives the server", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder, TOP);
  const before = await Deno.readTextFile(config);
  const file = await louder(folder, config);
  {
    await using server = await ServerProcess.start(folder, config);
    await reaches(server, 42.5);
    equal((await fanctl(server, "config", "apply", file)).status, 0);
    equal((await fanctl(server, "config", "confirm")).status, 0);
    equal(
      (await fanctl(server, "config", "diff", file)).out,
      "~ port: 0 -> 9999 (at a restart)\n",
    );
    await stop(server, "SIGTERM");
  }
  equal(await Deno.readTextFile(config), await Deno.readTextFile(file));
  equal(await Deno.readTextFile(`${config}.previous`), before);
  await using server = await ServerProcess.start(folder, config);
  await reaches(server, 67.5);
});

Deno.test("a server that dies during a trial comes back with what was in force before", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder, TOP);
  const file = await louder(folder, config);
  {
    await using server = await ServerProcess.start(folder, config);
    equal((await fanctl(server, "config", "apply", file)).status, 0);
    await stop(server, "SIGKILL");
  }
  await using server = await ServerProcess.start(folder, config);
  await reaches(server, 42.5);
});

Deno.test("a trial is taken back by hand, and a dry run is none", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder, TOP);
  const file = await louder(folder, config);
  await using server = await ServerProcess.start(folder, config);
  await reaches(server, 42.5);
  const dry = await fanctl(server, "config", "apply", file, "--dry-run");
  match(dry.out, /shelf1 +42\.5 +67\.5\n$/);
  await reaches(server, 42.5);
  equal((await fanctl(server, "config", "apply", file)).status, 0);
  equal((await fanctl(server, "config", "take-back")).status, 0);
  await reaches(server, 42.5);
});

Deno.test("a file with problems is refused where it is, with every one of them", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder, TOP);
  const text = await Deno.readTextFile(config);
  const bad = await folder.write("bad.toml", `prot = 1\n${text.replace('"file"', '"fiel"')}`);
  await using server = await ServerProcess.start(folder, config);
  for (const words of [["check"], ["diff"], ["apply"]]) {
    const { status, err } = await fanctl(server, "config", ...words, bad);
    equal(status, 1);
    match(err, /bad\.toml:1: prot: found an unknown key/);
    match(err, /bad\.toml:7: sensor\[0\]\.type: found "fiel"/);
  }
  await reaches(server, 42.5);
});

Deno.test("what is on trial is what is confirmed, whoever applies another file meanwhile", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder, TOP);
  const file = await louder(folder, config);
  const text = await Deno.readTextFile(file);
  const other = await folder.write("other.toml", text.replace("[20, 60]", "[20, 70]"));
  await using server = await ServerProcess.start(folder, config);
  equal((await fanctl(server, "config", "apply", file)).status, 0);
  for (const more of [[], ["--dry-run"]]) {
    const { status, err } = await fanctl(server, "config", "apply", other, ...more);
    equal(status, 1);
    match(err, /another configuration is on trial/);
  }
  equal((await fanctl(server, "config", "confirm")).status, 0);
  equal(await Deno.readTextFile(config), text);
});

Deno.test("a candidate that somebody has changed is not confirmed", async () => {
  await using folder = await tempDir();
  const config = await fileSensorConfig(folder, TOP);
  const before = await Deno.readTextFile(config);
  const file = await louder(folder, config);
  await using server = await ServerProcess.start(folder, config);
  equal((await fanctl(server, "config", "apply", file)).status, 0);
  const candidate = config.replace(/\.toml$/, ".candidate.toml");
  await Deno.writeTextFile(candidate, `${await Deno.readTextFile(file)}\n`);
  const { status, err } = await fanctl(server, "config", "confirm");
  equal(status, 1);
  match(err, /somebody has changed/);
  equal(await Deno.readTextFile(config), before);
  equal((await fanctl(server, "config", "take-back")).status, 0);
});
