import { rejects, strictEqual } from "node:assert/strict";
import { Libc } from "../../../src/libc/libc.ts";
import { AmdgpuSensor } from "../../../src/sensors/gpu/amdgpu.ts";
import type { AmdgpuSource } from "../../../src/sensors/sensor_source.ts";
import { addChip, type FixtureChip } from "../../support/hwmon.ts";
import { type TempDir, tempDir } from "../../support/temp_dir.ts";

function card(pci: string, number: number, inputs: FixtureChip["inputs"]): FixtureChip {
  const device = `devices/pci0000:00/0000:00:03.1/0000:07:00.0/${pci}`;
  return { chip: "amdgpu", device, number, inputs };
}

const RADEON = card("0000:08:00.0", 4, {
  1: { value: "40000\n", label: "edge" },
  2: { value: "43000\n", label: "junction" },
  3: { value: "42000\n", label: "mem" },
});
const OLD = card("0000:0c:00.0", 5, { 1: { value: "58000\n" } });

async function machine(...chips: FixtureChip[]): Promise<TempDir> {
  const dir = await tempDir();
  for (const chip of chips) await addChip(dir, chip);
  return dir;
}

function amdgpu(dir: TempDir, libc: Libc, source: Partial<AmdgpuSource>): AmdgpuSensor {
  const whole: AmdgpuSource = { type: "amdgpu", reads: "edge", ...source };
  return new AmdgpuSensor("x", whole, { libc, sysfsRoot: dir.path });
}

for (const [reads, tempC] of [["edge", 40], ["junction", 43], ["mem", 42]] as const) {
  Deno.test(`the only card is read at its ${reads}`, async () => {
    using libc = new Libc();
    await using dir = await machine(RADEON);
    strictEqual(await amdgpu(dir, libc, { reads }).read(), tempC);
  });
}

Deno.test("cards are told apart by their slots, and an old driver's only input is the edge", async () => {
  using libc = new Libc();
  await using dir = await machine(RADEON, OLD);
  strictEqual(await amdgpu(dir, libc, { pci: "0000:08:00.0" }).read(), 40);
  strictEqual(await amdgpu(dir, libc, { pci: "0000:0c:00.0" }).read(), 58);
  await rejects(
    amdgpu(dir, libc, {}).read(),
    /which is meant by "edge" of an AMD GPU: 2 match, .*; add the pci address of one/,
  );
});

Deno.test("a bridge that cards hang on is not a card", async () => {
  using libc = new Libc();
  await using dir = await machine(RADEON);
  await rejects(amdgpu(dir, libc, { pci: "0000:07:00.0" }).read(), /Cannot find "edge"/);
});

Deno.test("a card without the input says what it has", async () => {
  using libc = new Libc();
  await using dir = await machine(OLD);
  await rejects(
    amdgpu(dir, libc, { reads: "junction" }).read(),
    /Cannot find "junction" of an AMD GPU: this machine has amdgpu temp1 at .*; name one of these/,
  );
});

Deno.test("a card that is switched off is left so, and read when it is on again", async () => {
  using libc = new Libc();
  await using dir = await machine(RADEON);
  const sensor = amdgpu(dir, libc, {});
  const power = (status: string): Promise<string> =>
    dir.write("bus/pci/devices/0000:08:00.0/power/runtime_status", `${status}\n`);
  await power("active");
  strictEqual(await sensor.read(), 40);
  await power("suspended");
  strictEqual(await sensor.read(), "asleep");
  await power("active");
  strictEqual(await sensor.read(), 40);
});
