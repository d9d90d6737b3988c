import { ok, rejects, strictEqual } from "node:assert/strict";
import { Libc } from "../../../src/libc/libc.ts";
import { CpuSensor, isCpuChip } from "../../../src/sensors/hwmon/cpu.ts";
import { HwmonSensor } from "../../../src/sensors/hwmon/hwmon.ts";
import type { HwmonSource } from "../../../src/sensors/sensor_source.ts";
import { SensorError } from "../../../src/errors.ts";
import { addChip, type FixtureChip, removeChip } from "../../support/hwmon.ts";
import { type TempDir, tempDir } from "../../support/temp_dir.ts";

const CORETEMP: FixtureChip = {
  chip: "coretemp",
  device: "devices/platform/coretemp.0",
  number: 4,
  inputs: {
    1: { value: "51000\n", label: "Package id 0" },
    2: { value: "49000\n", label: "Core 0" },
    3: { value: "52500\n", label: "Core 1" },
  },
};

function nvme(place: string, number: number, value: string): FixtureChip {
  return {
    chip: "nvme",
    device: `devices/pci0000:00/0000:00:1d.0/${place}/nvme/nvme${number}`,
    number,
    inputs: { 1: { value, label: "Composite" }, 2: { value: "60850", label: "Sensor 1" } },
  };
}

async function machine(...chips: FixtureChip[]): Promise<TempDir> {
  const dir = await tempDir();
  await Deno.mkdir(dir.join("class/hwmon"), { recursive: true });
  for (const chip of chips) await addChip(dir, chip);
  return dir;
}

function hwmon(dir: TempDir, libc: Libc, source: Omit<HwmonSource, "type">): HwmonSensor {
  return new HwmonSensor("x", { type: "hwmon", ...source }, { libc, sysfsRoot: dir.path });
}

const NVME_A = nvme("0000:3d:00.0", 0, "38850\n");
const NVME_B = nvme("0000:3e:00.0", 1, "44850\n");

for (
  const [what, source, tempC] of [
    ["chip and label", { chip: "coretemp", label: "Core 1" }, 52.5],
    ["chip and number", { chip: "coretemp", input: 2 }, 49],
    ["label alone", { label: "Package id 0" }, 51],
    ["device and label", { device: "0000:3e:00.0", label: "Composite" }, 44.85],
    [
      "the whole device path",
      { device: "/sys/devices/pci0000:00/0000:00:1d.0/0000:3d:00.0/nvme/nvme0/", input: 1 },
      38.85,
    ],
  ] as const
) {
  Deno.test(`a hwmon sensor is found by ${what}`, async () => {
    using libc = new Libc();
    await using dir = await machine(CORETEMP, NVME_A, NVME_B);
    strictEqual(await hwmon(dir, libc, source).read(), tempC);
  });
}

Deno.test("a hwmon sensor that could mean several inputs lists them", async () => {
  using libc = new Libc();
  await using dir = await machine(CORETEMP, NVME_A, NVME_B);
  await rejects(
    hwmon(dir, libc, { chip: "nvme", label: "Composite" }).read(),
    (error) => {
      ok(error instanceof SensorError);
      const place = "devices/pci0000:00/0000:00:1d.0";
      strictEqual(
        error.message,
        'Cannot tell which temperature input is meant by chip "nvme", label "Composite": ' +
          `2 match, nvme temp1 "Composite" at ${place}/0000:3d:00.0/nvme/nvme0, ` +
          `nvme temp1 "Composite" at ${place}/0000:3e:00.0/nvme/nvme1; ` +
          "add the label, input or device of one",
      );
      return true;
    },
  );
});

Deno.test("part of a directory's name is not the device", async () => {
  using libc = new Libc();
  await using dir = await machine(NVME_A);
  await rejects(hwmon(dir, libc, { device: "3d:00.0", input: 1 }).read(), /Cannot find/);
});

Deno.test("a hwmon sensor that is not there lists what is", async () => {
  using libc = new Libc();
  await using dir = await machine(NVME_A);
  await rejects(
    hwmon(dir, libc, { chip: "nct6775" }).read(),
    /chip "nct6775": this machine has nvme temp1 "Composite" at .*; name one of these/,
  );
  await using empty = await tempDir();
  await rejects(hwmon(empty, libc, { chip: "nct6775" }).read(), /this machine has none/);
});

Deno.test("a hwmon sensor that vanishes is found again under another number", async () => {
  using libc = new Libc();
  await using dir = await machine(CORETEMP, NVME_A);
  const sensor = hwmon(dir, libc, { chip: "nvme", label: "Composite" });
  strictEqual(await sensor.read(), 38.85);
  await removeChip(dir, NVME_A);
  await rejects(sensor.read(), /No such file or directory/);
  await rejects(sensor.read(), /Cannot find/);
  await addChip(dir, { ...NVME_A, number: 9 });
  strictEqual(await sensor.read(), 38.85);
});

Deno.test("a hwmon sensor never follows its number to another chip", async () => {
  using libc = new Libc();
  await using dir = await machine(NVME_A);
  const sensor = hwmon(dir, libc, { chip: "nvme", label: "Composite" });
  strictEqual(await sensor.read(), 38.85);
  await removeChip(dir, NVME_A);
  await addChip(dir, { ...CORETEMP, number: NVME_A.number });
  await rejects(sensor.read(), /No such file or directory/);
  await rejects(sensor.read(), /Cannot find/);
});

for (const value of ["", "\n", "cold\n", "38 850\n", "0x20\n", "NaN\n", "38850 mC\n"]) {
  Deno.test(`a hwmon input that holds ${JSON.stringify(value)} is no reading`, async () => {
    using libc = new Libc();
    await using dir = await machine({ ...NVME_A, inputs: { 1: { value } } });
    await rejects(
      hwmon(dir, libc, { chip: "nvme" }).read(),
      /Cannot read nvme temp1 at .*; it must hold one number/,
    );
  });
}

Deno.test("a hwmon input below zero is read", async () => {
  using libc = new Libc();
  await using dir = await machine({ ...NVME_A, inputs: { 1: { value: "-5250\n" } } });
  strictEqual(await hwmon(dir, libc, { chip: "nvme" }).read(), -5.25);
});

Deno.test("an input whose chip reports a fault is no reading", async () => {
  using libc = new Libc();
  const chip = { ...CORETEMP, inputs: { 1: { value: "0\n", fault: "1" } } };
  await using dir = await machine(chip);
  const sensor = hwmon(dir, libc, { chip: "coretemp" });
  await rejects(sensor.read(), /the chip reports a fault/);
  await Deno.writeTextFile(dir.join(`${chip.device}/hwmon/hwmon4/temp1_fault`), "0\n");
  strictEqual(await sensor.read(), 0);
});

Deno.test("a driver that keeps its attributes with the device is read", async () => {
  using libc = new Libc();
  await using dir = await machine({ ...CORETEMP, old: true });
  strictEqual(await hwmon(dir, libc, { chip: "coretemp", input: 1 }).read(), 51);
});

Deno.test("a chip that cannot be looked at does not hide the others", async () => {
  using libc = new Libc();
  await using dir = await machine(CORETEMP);
  await Deno.symlink("../../devices/gone", dir.join("class/hwmon/hwmon7"));
  strictEqual(await hwmon(dir, libc, { label: "Core 0" }).read(), 49);
});

for (
  const chip of ["coretemp", "k10temp", "zenpower", "cpu_thermal", "soc_thermal", "cpu0_thermal"]
) {
  Deno.test(`the processor is found as ${chip}, at its hottest input`, async () => {
    using libc = new Libc();
    await using dir = await machine({ ...CORETEMP, chip }, NVME_A);
    strictEqual(await new CpuSensor("cpu", { libc, sysfsRoot: dir.path }).read(), 52.5);
  });
}

Deno.test("a chip that is no processor is not taken for one", () => {
  for (const chip of ["nvme", "acpitz", "xcoretemp", "gpu_thermal", "nct6775"]) {
    strictEqual(isCpuChip(chip), false, chip);
  }
});

Deno.test("two processors give the hotter one", async () => {
  using libc = new Libc();
  const second = {
    ...CORETEMP,
    device: "devices/platform/coretemp.1",
    number: 5,
    inputs: { 1: { value: "63000", label: "Package id 1" } },
  };
  await using dir = await machine(CORETEMP, second);
  strictEqual(await new CpuSensor("cpu", { libc, sysfsRoot: dir.path }).read(), 63);
});

Deno.test("a core that is taken offline leaves the others to be read", async () => {
  using libc = new Libc();
  await using dir = await machine(CORETEMP);
  const sensor = new CpuSensor("cpu", { libc, sysfsRoot: dir.path });
  strictEqual(await sensor.read(), 52.5);
  await Deno.remove(dir.join(`${CORETEMP.device}/hwmon/hwmon4/temp3_input`));
  strictEqual(await sensor.read(), 51);
});

Deno.test("one core that cannot be read fails the processor", async () => {
  using libc = new Libc();
  await using dir = await machine(CORETEMP);
  const sensor = new CpuSensor("cpu", { libc, sysfsRoot: dir.path });
  strictEqual(await sensor.read(), 52.5);
  await Deno.writeTextFile(dir.join(`${CORETEMP.device}/hwmon/hwmon4/temp2_input`), "");
  await rejects(sensor.read(), SensorError);
});

Deno.test("a machine without a processor's sensor says what it has", async () => {
  using libc = new Libc();
  await using dir = await machine(NVME_A);
  await rejects(
    new CpuSensor("cpu", { libc, sysfsRoot: dir.path }).read(),
    /Cannot find the processor's temperature: this machine has nvme temp1 "Composite"/,
  );
});
