import { rejects, strictEqual } from "node:assert/strict";
import { openSensor } from "../../../src/sensors/open_sensor.ts";
import { SensorTools } from "../../../src/sensors/sensor_tools.ts";
import type { SensorSource } from "../../../src/sensors/sensor_source.ts";
import { addChip } from "../../support/hwmon.ts";
import { FakeSmartctl } from "../../support/fake_smartctl.ts";
import { nvmeDrive } from "../../support/smart_reports.ts";
import { type TempDir, tempDir } from "../../support/temp_dir.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const never = new AbortController().signal;

async function tools(dir: TempDir): Promise<SensorTools> {
  const smartctl = await FakeSmartctl.make(dir);
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
  return new SensorTools({ clock, plants, sysfsRoot: dir.path, smartctl: smartctl.path });
}

const sources = (dir: TempDir): [SensorSource, number][] => [
  [{ type: "hwmon", chip: "coretemp", input: 1 }, 50],
  [{ type: "cpu" }, 51],
  [{ type: "file", path: dir.join("temp"), scale: 0.001 }, 36.5],
  [{ type: "command", argv: ["/bin/echo", "40"] }, 40],
  [{ type: "smart", device: "/dev/nvme0" }, 45],
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
