import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Libc } from "../../../src/libc/libc.ts";
import { discoverInputs } from "../../../src/sensors/discover/hwmon_inputs.ts";
import { HwmonSensor } from "../../../src/sensors/hwmon/hwmon.ts";
import { addChip } from "../../support/hwmon.ts";
import { tempDir } from "../../support/temp_dir.ts";

const DISK = "devices/pci0000:00/0000:00:17.0/ata";

Deno.test("what a machine has is found with its kind and a source that means it alone", async () => {
  using libc = new Libc();
  await using dir = await tempDir();
  await addChip(dir, {
    chip: "k10temp",
    device: "devices/pci0000:00/0000:00:18.3",
    number: 0,
    inputs: { 1: { value: "45000", label: "Tctl" }, 3: { value: "44000", label: "Tccd1" } },
  });
  for (const [port, rotational] of [[1, "1"], [2, "0"]] as const) {
    const device = `${DISK}${port}/host${port}/target${port}:0:0/${port}:0:0:0`;
    const inputs = { 1: { value: `3${port}000` } };
    await addChip(dir, { chip: "drivetemp", device, number: port, inputs });
    await dir.write(`${device}/block/sd${port}/queue/rotational`, `${rotational}\n`);
  }
  await addChip(dir, {
    chip: "nvme",
    device: "devices/pci0000:00/0000:3d:00.0/nvme/nvme0",
    number: 3,
    inputs: { 1: { value: "39850", label: "Composite" } },
  });
  await addChip(dir, {
    chip: "nct6775",
    device: "devices/platform/nct6775.656",
    number: 4,
    inputs: { 1: { value: "30000", label: "AUX" }, 2: { value: "31000", label: "AUX" } },
  });
  const tools = { libc, sysfsRoot: dir.path };
  const found = await discoverInputs(tools);
  deepStrictEqual(found.map(({ kind, source: { type: _, ...source } }) => [kind, source]), [
    ["hdd", { chip: "drivetemp", device: `${DISK}1/host1/target1:0:0/1:0:0:0` }],
    ["ssd", { chip: "drivetemp", device: `${DISK}2/host2/target2:0:0/2:0:0:0` }],
    ["cpu", { chip: "k10temp", label: "Tctl" }],
    ["cpu", { chip: "k10temp", label: "Tccd1" }],
    ["ssd", { chip: "nvme" }],
    ["other", { chip: "nct6775", label: "AUX", input: 1 }],
    ["other", { chip: "nct6775", label: "AUX", input: 2 }],
  ]);
  const temps = [];
  for (const { source } of found) {
    temps.push(await new HwmonSensor("x", source, tools).read());
  }
  deepStrictEqual(temps, [31, 32, 45, 44, 39.85, 30, 31]);
});

Deno.test("a drive that does not say whether it rotates counts as a hard disk", async () => {
  using libc = new Libc();
  await using dir = await tempDir();
  const device = `${DISK}1/host1/target1:0:0/1:0:0:0`;
  await addChip(dir, { chip: "drivetemp", device, number: 1, inputs: { 1: { value: "31000" } } });
  const [found] = await discoverInputs({ libc, sysfsRoot: dir.path });
  strictEqual(found?.kind, "hdd");
  strictEqual(found?.text, `drivetemp temp1 at ${device}`);
});

Deno.test("two NVMe drives are told apart by their place on the bus, not by their number", async () => {
  using libc = new Libc();
  await using dir = await tempDir();
  for (const number of [0, 1]) {
    await addChip(dir, {
      chip: "nvme",
      device: `devices/pci0000:00/0000:3${number}:00.0/nvme/nvme${number}`,
      number,
      inputs: { 1: { value: "39850", label: "Composite" } },
    });
  }
  const found = await discoverInputs({ libc, sysfsRoot: dir.path });
  deepStrictEqual(found.map(({ source }) => source.device), [
    "devices/pci0000:00/0000:30:00.0",
    "devices/pci0000:00/0000:31:00.0",
  ]);
});

Deno.test("a machine without hwmon has nothing", async () => {
  using libc = new Libc();
  await using dir = await tempDir();
  deepStrictEqual(await discoverInputs({ libc, sysfsRoot: dir.path }), []);
});
