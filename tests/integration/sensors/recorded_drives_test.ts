import { rejects, strictEqual } from "node:assert/strict";
import { SmartSensor } from "../../../src/sensors/drive/smart.ts";
import { SensorTools } from "../../../src/sensors/sensor_tools.ts";
import { FakeSmartctl } from "../../support/fake_smartctl.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";
import { SMARTCTL_REPORTS } from "../../vectors/sensors/smartctl_reports.ts";

for (const { name, code, report, means } of SMARTCTL_REPORTS) {
  Deno.test(`${name} is read as what it is`, async () => {
    await using dir = await tempDir();
    const smartctl = await FakeSmartctl.make(dir);
    await smartctl.answer("sda", { json: report, code });
    await using tools = new SensorTools({
      clock: new VirtualClock(),
      sysfsRoot: dir.path,
      smartctl: smartctl.path,
    });
    const sensor = new SmartSensor("x", { type: "smart", device: "/dev/sda" }, tools);
    const reading = sensor.read(new AbortController().signal);
    if (means instanceof RegExp) await rejects(reading, means);
    else strictEqual(await reading, means);
  });
}
