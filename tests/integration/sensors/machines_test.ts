import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { SensorError } from "../../../src/errors.ts";
import { Libc } from "../../../src/libc/libc.ts";
import { discoverInputs } from "../../../src/sensors/discover/hwmon_inputs.ts";
import { HwmonSensor } from "../../../src/sensors/hwmon/hwmon.ts";
import { addChip, type FixtureChip } from "../../support/hwmon.ts";
import { testWith } from "../../support/test_with.ts";
import { type TempDir, tempDir } from "../../support/temp_dir.ts";
import { HWMON_MACHINES } from "../../vectors/sensors/hwmon_machines.ts";

/** The machine after another boot: the kernel has found everything in another order. */
function rebooted(chips: readonly FixtureChip[]): FixtureChip[] {
  const nvmes = chips.filter(({ chip }) => chip === "nvme").length;
  return chips.map((chip, index) => ({
    ...chip,
    number: chips.length - 1 - index,
    device: chip.device
      .replace(/nvme(\d+)$/, (_, digits) => `nvme${nvmes - 1 - Number(digits)}`)
      .replace(/i2c-0\/0-/, "i2c-7/7-"),
  }));
}

async function machine(chips: readonly FixtureChip[]): Promise<TempDir> {
  const dir = await tempDir();
  for (const chip of chips) await addChip(dir, chip);
  return dir;
}

for (const { name, chips, reads } of HWMON_MACHINES) {
  Deno.test(`every input of ${name} is found and read`, async () => {
    using libc = new Libc();
    await using dir = await machine(chips);
    const tools = { libc, sysfsRoot: dir.path };
    const found: (readonly [string, number])[] = [];
    for (const { source, input } of await discoverInputs(tools)) {
      const what = `${input.chip} ${input.label ?? input.input}`;
      try {
        found.push([what, await new HwmonSensor(what, source, tools).read()]);
      } catch (error) {
        if (!(error instanceof SensorError)) throw error;
      }
    }
    deepStrictEqual(found.map(String).sort(), reads.map(String).sort());
  });

  Deno.test(`what is configured on ${name} means the same after another boot`, async () => {
    using libc = new Libc();
    await using before = await machine(chips);
    await using after = await machine(rebooted(chips));
    for (const { source, text } of await discoverInputs({ libc, sysfsRoot: before.path })) {
      const read = (dir: TempDir): Promise<number | string> =>
        new HwmonSensor("x", source, { libc, sysfsRoot: dir.path }).read()
          .catch((error) => error.name);
      strictEqual(await read(after), await read(before), text);
    }
  });
}

testWith(
  ["sensors"],
  "lm-sensors and fand find the same temperatures on this machine",
  async () => {
    using libc = new Libc();
    const found = await discoverInputs({ libc, sysfsRoot: "/sys" });
    const { stdout } = await new Deno.Command("sensors", { args: ["-j"], stderr: "null" }).output();
    const theirs = new TextDecoder().decode(stdout).matchAll(/"temp\d+_input"/g);
    // What a driver refuses to read, sensors leaves out.
    ok(found.length >= [...theirs].length, `${found.length}`);
    const chips = Object.keys(JSON.parse(new TextDecoder().decode(stdout)));
    if (chips.length === 0) deepStrictEqual(found, []);
  },
);
