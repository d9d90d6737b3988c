import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { runFanctl } from "../../../src/cli/main.ts";
import { openSensor } from "../../../src/sensors/open_sensor.ts";
import { SensorTools } from "../../../src/sensors/sensor_tools.ts";
import { parseToml } from "../../../src/config/toml/toml.ts";
import type { ServerConfig } from "../../../src/config/config.ts";
import { FakeSmartctl } from "../../support/fake_smartctl.ts";
import { FakeTool } from "../../support/fake_tool.ts";
import { addChip } from "../../support/hwmon.ts";
import { runDeno } from "../../support/process.ts";
import { ataSsd, scan } from "../../support/smart_reports.ts";
import { type TempDir, tempDir } from "../../support/temp_dir.ts";
import { TestIo } from "../../support/test_io.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";
import { HWMON_MACHINES } from "../../vectors/sensors/hwmon_machines.ts";
import { ELIST } from "../../vectors/sensors/ipmi_listings.ts";
import { WORKSTATION } from "../../vectors/sensors/nvidia_outputs.ts";

const never = new AbortController().signal;

/** A copy of /sys and tools that answer, and the flags that name them. */
async function machine(index: number): Promise<{ dir: TempDir; flags: string[] }> {
  const dir = await tempDir();
  for (const chip of HWMON_MACHINES[index]?.chips ?? []) await addChip(dir, chip);
  const smartctl = await FakeSmartctl.make(dir);
  await smartctl.answer("scan", { json: scan(["sda", "sat"]) });
  await smartctl.answer("sda", { json: ataSsd("S-1", 41) });
  await dir.write("block/sda/queue/rotational", "0\n");
  const [nvidia, ipmi] = [await FakeTool.make(dir, "nvidia"), await FakeTool.make(dir, "ipmi")];
  await nvidia.answer({ stdout: WORKSTATION });
  await ipmi.answer({ stdout: ELIST });
  const flags = ["--sysfs", dir.path, "--smartctl", smartctl.path, "--nvidia-smi", nvidia.path];
  return { dir, flags: [...flags, "--ipmitool", ipmi.path] };
}

async function sensors(flags: readonly string[]): Promise<{ status: number; out: string }> {
  const io = new TestIo();
  const status = await runFanctl(["sensors", ...flags], io);
  strictEqual(io.err, "");
  return { status, out: io.out };
}

/** What fanctl has printed as a whole configuration: a shelf follows every sensor. */
function configOf(printed: string): ServerConfig {
  const names = [...printed.matchAll(/^name = (.*)$/gm)].map(([, name]) => name);
  return parseToml(
    `${printed}
[[shelf]]
name = "s"
[[shelf.cause]]
name = "c"
sensors = [${names.join(", ")}]
curve = [[40, 25]]
`,
    "fand.toml",
  );
}

for (const [index, { name }] of HWMON_MACHINES.entries()) {
  Deno.test(`what fanctl lists on ${name} is a configuration that reads the same`, async () => {
    const { dir, flags } = await machine(index);
    await using _dir = dir;
    const { status, out } = await sensors(flags);
    strictEqual(status, 0);
    const told: (readonly [string, number])[] = [];
    const { sensors: listed } = JSON.parse((await sensors([...flags, "--json"])).out);
    for (const { name, temp_c } of listed) if (temp_c !== null) told.push([name, temp_c]);
    const config = configOf(out);
    await using tools = new SensorTools({ clock: new VirtualClock(), ...config.tools });
    const read: (readonly [string, number])[] = [];
    for (const place of config.sensors) {
      try {
        const reading = await openSensor(place, tools).read(never);
        if (reading !== "asleep") read.push([place.name, reading]);
      } catch (error) {
        ok(error instanceof Error);
      }
    }
    deepStrictEqual(read, told);
    const kinds = ["smart", "nvidia", "ipmi"];
    ok(kinds.every((type) => config.sensors.some(({ source }) => source.type === type)));
  });
}

Deno.test("fanctl says in a comment what each sensor is and reads", async () => {
  const { dir, flags } = await machine(0);
  await using _dir = dir;
  const { out } = await sensors(flags);
  match(
    out,
    /^# amdgpu temp2 "junction" at devices\S+0000:08:00\.0: 43 °C now\n\[\[sensor\]\]\nname = "gpu-junction"\ntype = "amdgpu"\npci = "0000:08:00\.0"\nreads = "junction"$/m,
  );
  match(
    out,
    /^# IPMI sensor "Temp" of entity 3\.2: 54 °C now\n\[\[sensor\]\]\n.*\n.*\n.*\nentity = "3\.2"$/m,
  );
});

Deno.test("fanctl names what it could not look at, and lists the rest", async () => {
  await using dir = await tempDir();
  const nothing = dir.join("nothing");
  const { status, out } = await sensors(
    ["--sysfs", dir.path, "--smartctl", nothing, "--nvidia-smi", nothing, "--ipmitool", nothing],
  );
  strictEqual(status, 0);
  for (
    const what of [
      "drives that only SMART knows",
      "NVIDIA graphics cards",
      "the management controller",
    ]
  ) {
    ok(out.includes(`# Not looked at: ${what}.\n#   Cannot run "${nothing}": there is no such`));
  }
  ok(out.endsWith("# Nothing was found.\n"));
});

Deno.test("fanctl says that the place of the kernel's devices is not there", async () => {
  await using dir = await tempDir();
  const nothing = dir.join("nothing");
  await Deno.writeTextFile(dir.join("file"), "");
  for (const place of [nothing, dir.join("file")]) {
    const { out } = await sensors(
      ["--sysfs", place, "--smartctl", nothing, "--nvidia-smi", nothing, "--ipmitool", nothing],
    );
    const told = `# Not looked at: the kernel's inputs.\n#   Cannot list "${place}": `;
    ok(out.includes(told), out);
  }
});

Deno.test("fanctl lists sensors without a server, and says which permission is missing", async () => {
  const { code, stdout, stderr } = await runDeno(["run", "--no-check", "client.ts", "sensors"]);
  strictEqual(code, 0, stderr);
  match(stdout, /Cannot open the C library: it is not permitted; run with --allow-ffi=/);
  for (const tool of ["smartctl", "nvidia-smi", "ipmitool"]) {
    ok(stdout.includes(`Cannot run "${tool}": it is not permitted; run with --allow-run=${tool}`));
  }
});
