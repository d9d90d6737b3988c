import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { type DrivePower, drivePower } from "../../../src/libc/drive_power.ts";
import { DrivetempSensor } from "../../../src/sensors/drive/drivetemp.ts";
import type { DrivetempSource } from "../../../src/sensors/sensor_source.ts";
import { SensorTools } from "../../../src/sensors/sensor_tools.ts";
import { FakeSmartctl } from "../../support/fake_smartctl.ts";
import { addChip } from "../../support/hwmon.ts";
import { ataDisk, nvmeDrive, scan } from "../../support/smart_reports.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const never = new AbortController().signal;
const SCSI = "devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0";
const NVME = "devices/pci0000:00/0000:00:1d.0/0000:3d:00.0/nvme/nvme0";

/** A machine with drives; what a real one answers to CHECK POWER MODE is what a test says. */
class Machine implements AsyncDisposable {
  power: DrivePower | null = "awake";
  readonly asked: string[] = [];
  readonly tools: SensorTools;

  private constructor(readonly smartctl: FakeSmartctl) {
    this.tools = new SensorTools({
      clock: new VirtualClock(),
      sysfsRoot: smartctl.dir.path,
      smartctl: smartctl.path,
      drivePower: (path) => {
        this.asked.push(path);
        return Promise.resolve(this.power);
      },
    });
  }

  static async make(): Promise<Machine> {
    return new Machine(await FakeSmartctl.make(await tempDir()));
  }

  /** A disk on SATA; `chip` is the driver that measures it. */
  async disk(block: string, device: string, serial: string, rotational: string): Promise<void> {
    const { dir } = this.smartctl;
    const number = new TextEncoder().encode(serial);
    await dir.write(`${device}/vpd_pg80`, Uint8Array.of(0, 0x80, 0, number.length, ...number));
    await dir.write(`${device}/block/${block}/queue/rotational`, `${rotational}\n`);
    await Deno.symlink("../..", dir.join(`${device}/block/${block}/device`));
    await Deno.mkdir(dir.join("block"), { recursive: true });
    await Deno.symlink(`../${device}/block/${block}`, dir.join(`block/${block}`));
  }

  /** What the kernel measures there. */
  async measure(device: string, value: string): Promise<void> {
    const inputs = { 1: { value } };
    await addChip(this.smartctl.dir, { chip: "drivetemp", device, number: 5, inputs });
  }

  sensor(source: Omit<DrivetempSource, "type">): DrivetempSensor {
    return new DrivetempSensor("x", { type: "drivetemp", ...source }, this.tools);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tools[Symbol.asyncDispose]();
    await this.smartctl.dir[Symbol.asyncDispose]();
  }
}

Deno.test("a disk that the kernel measures is read without a program", async () => {
  await using machine = await Machine.make();
  await machine.disk("sda", SCSI, "WD-1", "1");
  await machine.measure(SCSI, "34000\n");
  for (const source of [{ serial: "WD-1" }, { device: "/dev/sda" }]) {
    const sensor = machine.sensor(source);
    strictEqual(await sensor.read(never), 34);
    strictEqual(sensor.driveKind, "hdd");
  }
  deepStrictEqual(await machine.smartctl.calls(), []);
  deepStrictEqual(machine.asked, ["/dev/sda", "/dev/sda"]);
});

Deno.test("a disk that sleeps is not read, however long it sleeps", async () => {
  await using machine = await Machine.make();
  await machine.disk("sda", SCSI, "WD-1", "1");
  // Reading this would be an error: nobody does.
  await machine.measure(SCSI, "would wake it\n");
  const sensor = machine.sensor({ serial: "WD-1" });
  machine.power = "asleep";
  for (let turn = 0; turn < 3; turn++) strictEqual(await sensor.read(never), "asleep");
  deepStrictEqual(await machine.smartctl.calls(), []);
});

Deno.test("a disk that the kernel has suspended is not even asked whether it sleeps", async () => {
  await using machine = await Machine.make();
  await machine.disk("sda", SCSI, "WD-1", "1");
  await machine.measure(SCSI, "34000\n");
  await machine.smartctl.dir.write(`${SCSI}/power/runtime_status`, "suspended\n");
  strictEqual(await machine.sensor({ serial: "WD-1" }).read(never), "asleep");
  deepStrictEqual(machine.asked, []);
});

Deno.test("a solid-state drive is read without being asked whether it sleeps", async () => {
  await using machine = await Machine.make();
  await machine.disk("sda", SCSI, "S-1", "0");
  await machine.measure(SCSI, "41000\n");
  const sensor = machine.sensor({ serial: "S-1" });
  strictEqual(await sensor.read(never), 41);
  strictEqual(sensor.driveKind, "ssd");
  deepStrictEqual(machine.asked, []);
});

Deno.test("an NVMe drive is read from the kernel's own driver", async () => {
  await using machine = await Machine.make();
  const { dir } = machine.smartctl;
  await dir.write(`${NVME}/serial`, "N-1 \n");
  await dir.write(`${NVME}/nvme0n1/size`, "1\n");
  await Deno.symlink("..", dir.join(`${NVME}/nvme0n1/device`));
  await Deno.mkdir(dir.join("block"));
  await Deno.symlink(`../${NVME}/nvme0n1`, dir.join("block/nvme0n1"));
  await dir.write("class/nvme/.keep", "");
  await Deno.symlink(`../../${NVME}`, dir.join("class/nvme/nvme0"));
  const inputs = { 1: { value: "39850\n", label: "Composite" }, 2: { value: "61000\n" } };
  await addChip(dir, { chip: "nvme", device: NVME, number: 1, direct: true, inputs });
  for (
    const source of [{ serial: "N-1" }, { device: "/dev/nvme0" }, { device: "/dev/nvme0n1" }]
  ) {
    strictEqual(await machine.sensor(source).read(never), 39.85, JSON.stringify(source));
  }
});

Deno.test("a disk that the kernel does not measure is read with SMART", async () => {
  await using machine = await Machine.make();
  await machine.disk("sda", SCSI, "S1", "1");
  await machine.smartctl.answer("scan", { json: scan(["sda", "sat"]) });
  await machine.smartctl.answer("sda", { json: ataDisk("S1", 38) });
  strictEqual(await machine.sensor({ serial: "S1" }).read(never), 38);
});

Deno.test("where nobody can tell whether a disk sleeps, smartctl is asked, which can", async () => {
  await using machine = await Machine.make();
  await machine.disk("sda", SCSI, "S1", "1");
  await machine.measure(SCSI, "34000\n");
  await machine.smartctl.answer("sda", { json: ataDisk("S1", 38) });
  machine.power = null;
  strictEqual(await machine.sensor({ device: "/dev/sda" }).read(never), 38);
  deepStrictEqual(await machine.smartctl.calls(), ["--json -A -i -n standby /dev/sda"]);
});

Deno.test("a drive that neither can read names both reasons", async () => {
  await using machine = await Machine.make();
  await machine.smartctl.answer("scan", { json: scan() });
  await rejects(
    machine.sensor({ serial: "S9" }).read(never),
    /^SensorError: Cannot read the drive "S9": the kernel knows no such drive, and SMART fails: Cannot find the drive with serial number "S9"/,
  );
});

Deno.test("a disk that comes back under another name is found by its number", async () => {
  await using machine = await Machine.make();
  const { dir } = machine.smartctl;
  await machine.disk("sda", SCSI, "S1", "1");
  await machine.measure(SCSI, "34000\n");
  const sensor = machine.sensor({ serial: "S1" });
  strictEqual(await sensor.read(never), 34);
  await Deno.remove(dir.join("block/sda"));
  await Deno.remove(dir.join("class/hwmon/hwmon5"));
  await Deno.remove(dir.join(SCSI), { recursive: true });
  await machine.smartctl.answer("scan", { json: scan() });
  await rejects(sensor.read(never));
  const elsewhere = SCSI.replace(
    "ata1/host0/target0:0:0/0:0:0:0",
    "ata4/host3/target3:0:0/3:0:0:0",
  );
  await machine.disk("sdc", elsewhere, "S1", "1");
  await machine.measure(elsewhere, "35000\n");
  strictEqual(await sensor.read(never), 35);
  strictEqual(machine.asked.at(-1), "/dev/sdc");
});

Deno.test("SMART tells of one sensor of an NVMe drive among several", async () => {
  await using machine = await Machine.make();
  const { SmartSensor } = await import("../../../src/sensors/drive/smart.ts");
  await machine.smartctl.answer("nvme0", { json: nvmeDrive("N1", 45) });
  const source = { type: "smart", device: "/dev/nvme0" } as const;
  const read = (sensor: number) =>
    new SmartSensor("x", { ...source, sensor }, machine.tools).read(never);
  strictEqual(await read(1), 45);
  strictEqual(await read(2), 54);
  await rejects(
    read(3),
    /Cannot read sensor 3 of "\/dev\/nvme0": smartctl tells of 2; leave the key sensor out/,
  );
});

Deno.test("what is no ATA drive has no power mode", async () => {
  strictEqual(await drivePower("/dev/null"), null);
  strictEqual(await drivePower("/dev/fand-has-no-such-device"), null);
});

Deno.test("drives that the kernel has suspended are listed without being opened", async () => {
  await using machine = await Machine.make();
  await machine.disk("sda", SCSI, "S1", "1");
  await machine.smartctl.dir.write(`${SCSI}/power/runtime_status`, "suspended\n");
  await machine.smartctl.dir.write("scan.json", JSON.stringify(scan(["sda", "scsi"])));
  const call = async () => (await machine.smartctl.calls()).join("\n");
  const { SmartSensor } = await import("../../../src/sensors/drive/smart.ts");
  const sensor = new SmartSensor("x", { type: "smart", serial: "S1" }, machine.tools);
  await machine.smartctl.answer("scan", { json: scan(["sda", "scsi"]) });
  strictEqual(await sensor.read(never), "asleep");
  match(await call(), /^--json --scan$/);
});
