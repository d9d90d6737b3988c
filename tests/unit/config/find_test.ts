import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { ConfigError, ServerNoConfigError } from "../../../src/errors.ts";
import { DEFAULT_SOURCE } from "../../../src/config/default_config.ts";
import { CONFIG_PLACES, loadConfig, MAX_CONFIG_BYTES } from "../../../src/config/find.ts";
import { REPOSITORY } from "../../support/paths.ts";
import { tempDir } from "../../support/temp_dir.ts";

const TOML = `port = 1
[[sensor]]
name = "cpu"
type = "cpu"
[[shelf]]
name = "from-toml"
[[shelf.cause]]
name = "cpu"
sensors = ["cpu"]
curve = [[40, 25]]
`;
const INI = `[DEFAULT]
shelves = from-ini
hdd_temps = 0: 25
ssd_temps = 0: 25
cpu_temps = 0: 25
[from-ini]
devices = cpu; host
`;

async function problemsOf(file: string): Promise<readonly string[]> {
  try {
    await loadConfig(file);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

Deno.test("loadConfig looks at -c, then $FAND_CONFIG, then the places in order", async () => {
  await using folder = await tempDir();
  const toml = await folder.write("a.toml", TOML);
  const ini = await folder.write("b.ini", INI);
  const places = [folder.join("none"), ini, toml];
  const shelf = async (file: string | undefined, variable: string | null): Promise<unknown> => {
    const config = await loadConfig(file, { variable, places });
    return [config.shelves[0]?.name, config.source];
  };
  deepEqual(await shelf(toml, ini), ["from-toml", toml]);
  deepEqual(await shelf(undefined, toml), ["from-toml", toml]);
  deepEqual(await shelf(undefined, null), ["from-ini", ini]);
});

Deno.test("loadConfig looks for fand.toml before fand.ini, here before /etc", () => {
  deepEqual(CONFIG_PLACES, ["fand.toml", "fand.ini", "/etc/fand.toml", "/etc/fand.ini"]);
});

Deno.test("loadConfig reads $FAND_CONFIG by itself", async () => {
  await using folder = await tempDir();
  Deno.env.set("FAND_CONFIG", await folder.write("x.INI", INI));
  try {
    equal((await loadConfig(undefined)).shelves[0]?.name, "from-ini");
  } finally {
    Deno.env.delete("FAND_CONFIG");
  }
});

Deno.test("loadConfig falls back to the built-in default and asks for sensors only then", async () => {
  let asked = 0;
  const discover = () => Promise.resolve((asked++, []));
  const config = await loadConfig(undefined, { variable: null, places: [], discover });
  equal(config.source, DEFAULT_SOURCE);
  await loadConfig(`${REPOSITORY}config/fand.toml`, { discover });
  equal(asked, 1);
});

Deno.test("loadConfig refuses a file that is named and not there", async () => {
  await using folder = await tempDir();
  const file = folder.join("none.toml");
  await rejects(loadConfig(file), {
    name: "ServerNoConfigError",
    message: `Cannot read the configuration: -c names "${file}", which does not exist; ` +
      "create it or name another",
  });
  await rejects(loadConfig(undefined, { variable: file }), (error) => {
    match(String(error), /\$FAND_CONFIG names/);
    return error instanceof ServerNoConfigError;
  });
});

Deno.test("loadConfig refuses what is no text of at most 16 MiB", async () => {
  await using folder = await tempDir();
  deepEqual(await problemsOf(folder.path), [
    `${folder.path}:1: file: found a directory, allowed a file`,
  ]);
  const large = await folder.write("large.toml", "#".repeat(MAX_CONFIG_BYTES + 1));
  deepEqual(await problemsOf(large), [
    `${large}:1: file: found 16777217 bytes, allowed at most 16777216`,
  ]);
  const binary = await folder.write("binary.ini", new Uint8Array([0x5b, 0xff, 0x5d]));
  deepEqual(await problemsOf(binary), [
    `${binary}:1: file: found bytes that are not UTF-8, allowed UTF-8 text`,
  ]);
});

Deno.test("loadConfig reads a file of 16 MiB in good time", async () => {
  await using folder = await tempDir();
  const comment = "# a comment that goes on for a while\n";
  const rest = comment.repeat(Math.floor((MAX_CONFIG_BYTES - TOML.length) / comment.length));
  equal((await loadConfig(await folder.write("a.toml", TOML + rest))).port, 1);
});

Deno.test("loadConfig names the flag that is missing", { permissions: "none" }, async () => {
  await rejects(loadConfig(undefined), {
    message: "Cannot look for a configuration: reading $FAND_CONFIG is not permitted; " +
      "add --allow-env=FAND_CONFIG or name a file with -c",
  });
  await rejects(loadConfig("fand2.toml"), {
    message: 'Cannot read the configuration: looking at "fand2.toml" is not permitted; ' +
      "add --allow-read=fand2.toml",
  });
  await rejects(loadConfig(undefined, { variable: null }), {
    message: 'Cannot read the configuration: looking at "fand.toml" is not permitted; ' +
      "add --allow-read=fand.toml,fand.ini,/etc/fand.toml,/etc/fand.ini",
  });
});
