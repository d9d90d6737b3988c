import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { SensorTools } from "../../../src/sensors/sensor_tools.ts";
import { SmartSensor } from "../../../src/sensors/drive/smart.ts";
import type { SmartSource } from "../../../src/sensors/sensor_source.ts";
import { SMART_RESCAN_MS, SMART_SCAN_RUN_MS } from "../../../src/sensors/drive/smart_tool.ts";
import { FakeSmartctl } from "../../support/fake_smartctl.ts";
import {
  ataDisk,
  ataSsd,
  goneDisk,
  nvmeDrive,
  scan,
  sleepingDisk,
} from "../../support/smart_reports.ts";
import { testWith } from "../../support/test_with.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const never = new AbortController().signal;

/** A machine with a smartctl of its own. */
class Machine implements AsyncDisposable {
  private constructor(
    readonly clock: VirtualClock,
    readonly smartctl: FakeSmartctl,
    readonly tools: SensorTools,
  ) {}

  static async make(): Promise<Machine> {
    const dir = await tempDir();
    const clock = new VirtualClock();
    const smartctl = await FakeSmartctl.make(dir);
    const tools = new SensorTools({ clock, sysfsRoot: dir.path, smartctl: smartctl.path });
    return new Machine(clock, smartctl, tools);
  }

  sensor(source: Omit<SmartSource, "type">): SmartSensor {
    return new SmartSensor("x", { type: "smart", ...source }, this.tools);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tools[Symbol.asyncDispose]();
    await this.smartctl.dir[Symbol.asyncDispose]();
  }
}

Deno.test("a drive is read by device with one run that wakes nobody", async () => {
  await using machine = await Machine.make();
  await machine.smartctl.answer("sda", { json: ataDisk("S1", 38) });
  const sensor = machine.sensor({ device: "/dev/sda" });
  strictEqual(sensor.driveKind, undefined);
  strictEqual(await sensor.read(never), 38);
  strictEqual(sensor.driveKind, "hdd");
  deepStrictEqual(await machine.smartctl.calls(), ["--json -A -i -n standby /dev/sda"]);
});

Deno.test("drives are found by serial number with one scan for all", async () => {
  await using machine = await Machine.make();
  const { smartctl } = machine;
  await smartctl.answer("scan", { json: scan(["sda", "sat"], ["nvme0", "nvme"]) });
  await smartctl.answer("sda", { json: ataSsd("S1", 38) });
  await smartctl.answer("nvme0", { json: nvmeDrive("S2", 45) });
  const sensors = [machine.sensor({ serial: "S1" }), machine.sensor({ serial: "S2" })];
  deepStrictEqual(await Promise.all(sensors.map((sensor) => sensor.read(never))), [38, 45]);
  deepStrictEqual(sensors.map(({ driveKind }) => driveKind), ["ssd", "ssd"]);
  deepStrictEqual((await smartctl.calls()).sort(), [
    "--json --scan-open",
    "--json -A -i -n standby -d nvme /dev/nvme0",
    "--json -A -i -n standby -d sat /dev/sda",
    "--json -i -n standby -d nvme /dev/nvme0",
    "--json -i -n standby -d sat /dev/sda",
  ]);
});

Deno.test("a drive that sleeps is asleep and keeps its kind", async () => {
  await using machine = await Machine.make();
  await machine.smartctl.answer("sda", { json: ataDisk("S1", 38) });
  const sensor = machine.sensor({ device: "/dev/sda" });
  await sensor.read(never);
  await machine.smartctl.answer("sda", { json: sleepingDisk(), code: 2 });
  strictEqual(await sensor.read(never), "asleep");
  strictEqual(sensor.driveKind, "hdd");
  ok((await machine.smartctl.calls()).every((call) => call.includes("-n standby")));
});

Deno.test("a drive that sleeps already is found by the number that the kernel keeps", async () => {
  await using machine = await Machine.make();
  const { smartctl } = machine;
  await smartctl.answer("scan", { json: scan(["sda", "sat"]) });
  await smartctl.answer("sda", { json: sleepingDisk(), code: 2 });
  const number = new TextEncoder().encode("           WD-WX1234");
  const page = Uint8Array.of(0x00, 0x80, 0x00, number.length, ...number);
  await smartctl.dir.write("block/sda/device/vpd_pg80", page);
  strictEqual(await machine.sensor({ serial: "WD-WX1234" }).read(never), "asleep");
});

Deno.test("a drive that sleeps and has told nobody its number is not found", async () => {
  await using machine = await Machine.make();
  await machine.smartctl.answer("scan", { json: scan(["sda", "sat"]) });
  await machine.smartctl.answer("sda", { json: sleepingDisk(), code: 2 });
  await rejects(machine.sensor({ serial: "S1" }).read(never), /none of the 1 drives/);
});

Deno.test("a drive that is not found is looked for again, but not at once", async () => {
  await using machine = await Machine.make();
  const { smartctl, clock } = machine;
  await smartctl.answer("scan", { json: scan(["sda", "sat"]) });
  await smartctl.answer("sda", { json: ataDisk("S1", 38) });
  const sensor = machine.sensor({ serial: "S2" });
  const missing = /Cannot find the drive with serial number "S2": none of the 1 drives/;
  await rejects(sensor.read(never), missing);
  await smartctl.answer("scan", { json: scan(["sda", "sat"], ["sdb", "sat"]) });
  await smartctl.answer("sdb", { json: ataDisk("S2", 44) });
  await clock.advance(SMART_RESCAN_MS - 1);
  await rejects(sensor.read(never), missing);
  await clock.advance(1);
  strictEqual(await sensor.read(never), 44);
  const scans = (await smartctl.calls()).filter((call) => call.includes("--scan-open"));
  strictEqual(scans.length, 2);
});

Deno.test("a drive that fails stays known, and comes back under another name", async () => {
  await using machine = await Machine.make();
  const { smartctl, clock } = machine;
  await smartctl.answer("scan", { json: scan(["sda", "sat"]) });
  await smartctl.answer("sda", { json: ataDisk("S1", 38) });
  const sensor = machine.sensor({ serial: "S1" });
  strictEqual(await sensor.read(never), 38);
  await smartctl.answer("sda", { json: goneDisk(), code: 2 });
  await rejects(sensor.read(never), /No such device/);
  await smartctl.answer("sda", { json: ataDisk("S1", 39) });
  strictEqual(await sensor.read(never), 39, "without a scan in between");
  await smartctl.answer("sda", { json: goneDisk(), code: 2 });
  await rejects(sensor.read(never), /No such device/);
  await smartctl.answer("scan", { json: scan(["sdc", "sat"]) });
  await smartctl.answer("sdc", { json: ataDisk("S1", 40) });
  await clock.advance(SMART_RESCAN_MS);
  strictEqual(await sensor.read(never), 40);
});

Deno.test("another drive in a drive's place is not taken for it", async () => {
  await using machine = await Machine.make();
  const { smartctl } = machine;
  await smartctl.answer("scan", { json: scan(["sda", "sat"]) });
  await smartctl.answer("sda", { json: ataDisk("S1", 38) });
  const sensors = [
    machine.sensor({ serial: "S1" }),
    machine.sensor({ serial: "S1", device: "/dev/sda" }),
  ];
  for (const sensor of sensors) strictEqual(await sensor.read(never), 38);
  await smartctl.answer("sda", { json: ataDisk("S9", 20) });
  for (const sensor of sensors) {
    await rejects(sensor.read(never), /"S1": "\/dev\/sda" has "S9"/);
  }
});

Deno.test("a drive that does not answer a scan is taken for who was there", async () => {
  await using machine = await Machine.make();
  const { smartctl, clock } = machine;
  await smartctl.answer("scan", { json: scan(["sda", "sat"]) });
  await smartctl.answer("sda", { json: ataDisk("S1", 38) });
  const sensor = machine.sensor({ serial: "S1" });
  strictEqual(await sensor.read(never), 38);
  await smartctl.answer("sda", { json: "garbage" });
  await clock.advance(SMART_RESCAN_MS);
  await rejects(machine.sensor({ serial: "S2" }).read(never), /none of the 1 drives/);
  await smartctl.answer("sda", { json: ataDisk("S1", 39) });
  strictEqual(await sensor.read(never), 39);
});

Deno.test("a hung drive is killed at its time and delays nobody's list", async () => {
  await using machine = await Machine.make();
  const { smartctl, clock } = machine;
  await smartctl.answer("scan", { json: scan(["sda", "sat"], ["sdb", "sat"]) });
  await smartctl.answer("sda", { json: ataDisk("S1", 38) });
  await smartctl.answer("sdb", { json: ataDisk("S2", 44) });
  await smartctl.hold("sda");
  const reading = machine.sensor({ serial: "S2" }).read(never);
  strictEqual(await smartctl.began(), "sda");
  // The other drive's run has ended once its time limit no longer waits.
  while (clock.waiting > 1) await smartctl.calls();
  await clock.advance(SMART_SCAN_RUN_MS);
  strictEqual(await reading, 44);
});

Deno.test("a hung reading ends with its signal", async () => {
  await using machine = await Machine.make();
  await machine.smartctl.hold("sda");
  const abort = new AbortController();
  const reading = machine.sensor({ device: "/dev/sda" }).read(abort.signal);
  await machine.smartctl.began();
  abort.abort();
  await rejects(reading, /it took too long and was killed/);
});

Deno.test("who waits for a scan can give up while it goes on for others", async () => {
  await using machine = await Machine.make();
  const { smartctl } = machine;
  await smartctl.answer("scan", { json: scan(["sda", "sat"]) });
  await smartctl.answer("sda", { json: ataDisk("S1", 38) });
  await smartctl.hold("scan");
  const abort = new AbortController();
  const impatient = machine.sensor({ serial: "S1" }).read(abort.signal);
  const patient = machine.sensor({ serial: "S1" }).read(never);
  await smartctl.began();
  abort.abort(new Error("no patience"));
  await rejects(impatient, /no patience/);
  await smartctl.release("scan");
  strictEqual(await patient, 38);
});

Deno.test("no more than four smartctl run at once, and the fifth waits its turn", async () => {
  await using machine = await Machine.make();
  const { smartctl } = machine;
  const names = ["sda", "sdb", "sdc", "sdd", "sde"];
  for (const [index, name] of names.entries()) {
    await smartctl.answer(name, { json: ataDisk(name, 30 + index) });
    await smartctl.hold(name);
  }
  const readings = names.map((name) => machine.sensor({ device: `/dev/${name}` }).read(never));
  const first = new Set<string>();
  for (let turn = 0; turn < 4; turn++) first.add(await smartctl.began());
  deepStrictEqual([...first].sort(), names.slice(0, 4));
  strictEqual((await smartctl.calls()).length, 4);
  await smartctl.release("sda");
  strictEqual(await readings[0], 30);
  strictEqual(await smartctl.began(), "sde");
  for (const name of names.slice(1)) await smartctl.release(name);
  deepStrictEqual(await Promise.all(readings), [30, 31, 32, 33, 34]);
});

for (
  const [what, answer, message] of [
    ["prints garbage", { json: "\0\x01garbage" }, /version 7.0 or later is needed/],
    ["prints nothing", { json: "" }, /it printed nothing/],
    ["fails", { json: "smartctl: bad option", code: 1 }, /which ended with 1/],
    ["floods its output", { json: "x".repeat(300_000) }, /printed more than 262144 bytes/],
    ["tells no temperature", { json: {} }, /smartctl tells none; leave this drive out/],
  ] as const
) {
  Deno.test(`a smartctl that ${what} gives no reading`, async () => {
    await using machine = await Machine.make();
    await machine.smartctl.answer("sda", answer);
    await rejects(machine.sensor({ device: "/dev/sda" }).read(never), message);
  });
}

Deno.test("a smartctl that is not installed is named by every sensor that needs it", async () => {
  await using dir = await tempDir();
  const smartctl = dir.join("smartctl");
  await using tools = new SensorTools({ clock: new VirtualClock(), smartctl });
  for (const source of [{ serial: "S1" }, { serial: "S2" }, { device: "/dev/sda" }]) {
    await rejects(
      new SmartSensor("x", { type: "smart", ...source }, tools).read(never),
      /Cannot run "\S+\/smartctl": there is no such program; install it/,
    );
  }
});

Deno.test("closing the tools ends a scan that hangs", async () => {
  const machine = await Machine.make();
  await machine.smartctl.hold("scan");
  const reading = machine.sensor({ serial: "S1" }).read(never);
  await machine.smartctl.began();
  const ended = rejects(reading, /it took too long and was killed/);
  await machine[Symbol.asyncDispose]();
  await ended;
  strictEqual(machine.clock.waiting, 0);
});

testWith(["smartctl"], "the real smartctl says why it cannot read what is no drive", async () => {
  await using dir = await tempDir();
  await using tools = new SensorTools({ clock: new VirtualClock() });
  const device = await dir.write("disk", new Uint8Array(4096));
  await rejects(
    new SmartSensor("x", { type: "smart", device }, tools).read(never),
    /Cannot read the drive: smartctl ended with 1 and said ".*: Unable to detect devi/,
  );
});

testWith(["smartctl"], "the real smartctl lists the drives of this machine", async () => {
  await using tools = new SensorTools({ clock: new VirtualClock() });
  await rejects(
    new SmartSensor("x", { type: "smart", serial: "no such number" }, tools).read(never),
    /none of the \d+ drives that smartctl lists has it/,
  );
});
