import { rejects, strictEqual } from "node:assert/strict";
import { openSensor } from "../../../src/sensors/open_sensor.ts";
import { SensorTools } from "../../../src/sensors/sensor_tools.ts";
import type { SensorSource } from "../../../src/sensors/sensor_source.ts";
import { addChip } from "../../support/hwmon.ts";
import { FakeTool } from "../../support/fake_tool.ts";
import { ELIST } from "../../vectors/sensors/ipmi_listings.ts";
import { WORKSTATION } from "../../vectors/sensors/nvidia_outputs.ts";
import { boardInputKey, newReports } from "../../../src/sensors/reported/reported_readings.ts";
import { FakeSmartctl } from "../../support/fake_smartctl.ts";
import { nvmeDrive } from "../../support/smart_reports.ts";
import { type TempDir, tempDir } from "../../support/temp_dir.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const never = new AbortController().signal;

async function tools(dir: TempDir): Promise<SensorTools> {
  const smartctl = await FakeSmartctl.make(dir);
  await addChip(dir, {
    chip: "amdgpu",
    device: "devices/pci0000:00/0000:00:03.1/0000:08:00.0",
    number: 1,
    inputs: { 1: { value: "43000", label: "edge" } },
  });
  await smartctl.answer("nvme0", { json: nvmeDrive("S1", 45) });
  await addChip(dir, {
    chip: "coretemp",
    device: "devices/platform/coretemp.0",
    number: 0,
    inputs: { 1: { value: "50000" }, 2: { value: "51000" } },
  });
  await dir.write("temp", "36500\n");
  const plants = new Map([["nas", {
    read: (source: string) => source === "disk1" ? 33 : undefined,
  }]]);
  const clock = new VirtualClock();
  const [nvidia, ipmi] = [await FakeTool.make(dir, "nvidia"), await FakeTool.make(dir, "ipmi")];
  await nvidia.answer({ stdout: WORKSTATION });
  await ipmi.answer({ stdout: ELIST });
  const reports = newReports();
  reports.pushed.expect(["pushed"]);
  reports.pushed.take("pushed", { tempC: 21 }, 1000, {}, 0);
  reports.boards.expect([boardInputKey("left", 0)]);
  reports.boards.take(boardInputKey("left", 0), { tempC: 22 }, 1000, {}, 0);
  return new SensorTools({
    clock,
    plants,
    reports,
    sysfsRoot: dir.path,
    smartctl: smartctl.path,
    nvidiaSmi: nvidia.path,
    ipmitool: ipmi.path,
  });
}

const sources = (dir: TempDir): [SensorSource, number][] => [
  [{ type: "hwmon", chip: "coretemp", input: 1 }, 50],
  [{ type: "cpu" }, 51],
  [{ type: "file", path: dir.join("temp"), scale: 0.001 }, 36.5],
  [{ type: "command", argv: ["/bin/echo", "40"] }, 40],
  [{ type: "command", argv: ["echo 4$((1 + 1))"], shell: true }, 42],
  [{ type: "smart", device: "/dev/nvme0" }, 45],
  [{ type: "drivetemp", device: "/dev/nvme0" }, 45],
  [{ type: "nvidia", index: 1, reads: "gpu" }, 51],
  [{ type: "amdgpu", reads: "edge" }, 43],
  [{ type: "ipmi", sensor: "Inlet Temp" }, 31],
  [{ type: "pushed", maxTtlMs: 60_000 }, 21],
  [{ type: "board", board: "left", input: 0 }, 22],
  [{ type: "simulated", plant: "nas", source: "disk1" }, 33],
];

Deno.test("a sensor of every type is opened under its name and read", async () => {
  await using dir = await tempDir();
  await using shared = await tools(dir);
  for (const [source, tempC] of sources(dir)) {
    const sensor = openSensor({ name: source.type, source }, shared);
    strictEqual(sensor.name, source.type);
    strictEqual(await sensor.read(never), tempC, source.type);
  }
});

for (
  const [source, message] of [
    [{ type: "missing", reason: "Cannot read sda: no such disk" }, /^SensorError: .*no such disk$/],
    [{ type: "simulated", plant: "nas", source: "disk9" }, /"disk9" of plant "nas"/],
    [{ type: "simulated", plant: "lab", source: "disk1" }, /"disk1" of plant "lab"/],
  ] as const
) {
  Deno.test(`a sensor that cannot exist opens and fails: ${JSON.stringify(source)}`, async () => {
    await using shared = new SensorTools({ clock: new VirtualClock() });
    await rejects(openSensor({ name: "x", source }, shared).read(never), message);
  });
}
