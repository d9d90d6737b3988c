import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { IpmiSensor } from "../../../src/sensors/ipmi/ipmi.ts";
import { IPMI_KEEP_MS } from "../../../src/sensors/ipmi/ipmi_tool.ts";
import type { IpmiSource } from "../../../src/sensors/sensor_source.ts";
import { SensorTools } from "../../../src/sensors/sensor_tools.ts";
import { FakeTool } from "../../support/fake_tool.ts";
import { IPMI_USER, IpmiSimulator } from "../../support/ipmi_simulator.ts";
import { type TempDir, tempDir } from "../../support/temp_dir.ts";
import { testWith } from "../../support/test_with.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";
import { CSV, ELIST, SDR } from "../../vectors/sensors/ipmi_listings.ts";

const never = new AbortController().signal;

/** A machine with an ipmitool of its own. */
class Machine implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly tools: SensorTools;

  private constructor(readonly dir: TempDir, readonly ipmitool: FakeTool) {
    this.tools = new SensorTools({ clock: this.clock, ipmitool: ipmitool.path });
  }

  static async make(stdout: string): Promise<Machine> {
    const dir = await tempDir();
    const ipmitool = await FakeTool.make(dir, "ipmitool");
    await ipmitool.answer({ stdout });
    return new Machine(dir, ipmitool);
  }

  sensor(sensor: string, source: Partial<IpmiSource> = {}): IpmiSensor {
    return new IpmiSensor("x", { type: "ipmi", sensor, ...source }, this.tools.ipmi);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tools[Symbol.asyncDispose]();
    await this.dir[Symbol.asyncDispose]();
  }
}

Deno.test("several sensors of a controller are read with one run of ipmitool", async () => {
  await using machine = await Machine.make(ELIST);
  const sensors = [machine.sensor("Inlet Temp"), machine.sensor("Temp", { entity: "3.2" })];
  deepStrictEqual(await Promise.all(sensors.map((each) => each.read(never))), [31, 54]);
  deepStrictEqual(await machine.ipmitool.calls(), ["sdr type Temperature"]);
  await machine.clock.advance(IPMI_KEEP_MS);
  await sensors[0]?.read(never);
  strictEqual((await machine.ipmitool.calls()).length, 2);
});

Deno.test("a controller on the network is asked apart, its password never on a command line", async () => {
  await using machine = await Machine.make(ELIST);
  const remote = { host: "bmc1.example.com", user: "fand", passwordFile: "/etc/fand/bmc1" };
  await machine.sensor("Inlet Temp", remote).read(never);
  await machine.sensor("Inlet Temp", { host: "::1", port: 6230 }).read(never);
  await machine.sensor("Inlet Temp").read(never);
  deepStrictEqual(await machine.ipmitool.calls(), [
    "-I lanplus -H bmc1.example.com -p 623 -U fand -f /etc/fand/bmc1 -L USER sdr type Temperature",
    "-I lanplus -H ::1 -p 6230 -L USER sdr type Temperature",
    "sdr type Temperature",
  ]);
});

for (
  const [form, stdout, sensor, tempC] of [
    ["sdr", SDR, "CPU2 Temp", 57],
    ["-c", CSV, "System Temp", 23.5],
  ] as const
) {
  Deno.test(`an ipmitool that lists in the form of ${form} is understood, too`, async () => {
    await using machine = await Machine.make(stdout);
    strictEqual(await machine.sensor(sensor).read(never), tempC);
  });
}

Deno.test("one sensor that has not answered ends ipmitool with 1, and the others are read", async () => {
  await using machine = await Machine.make(ELIST);
  await machine.ipmitool.answer({ stdout: ELIST, stderr: "Unable to read sensor\n", code: 1 });
  strictEqual(await machine.sensor("Inlet Temp").read(never), 31);
});

Deno.test("an ipmitool that lists nothing tells why", async () => {
  await using machine = await Machine.make("");
  await machine.ipmitool.answer({
    stderr: "Get HPM.x failed\nError: Unable to establish IPMI v2 / RMCP+ session\n",
    code: 1,
  });
  await rejects(machine.sensor("Inlet Temp").read(never), {
    message: "Cannot ask the management controller: ipmitool ended with 1 and said " +
      '"Error: Unable to establish IPMI v2 / RMCP+ session"; run it by hand',
  });
});

testWith(["ipmitool"], "the real ipmitool says that this machine has no controller", async () => {
  if (hasController()) return;
  await using tools = new SensorTools({ clock: new VirtualClock() });
  await rejects(
    new IpmiSensor("x", { type: "ipmi", sensor: "Temp" }, tools.ipmi).read(never),
    /ipmitool ended with 1 and said "Could not open device at \/dev\/ipmi0 or/,
  );
});

testWith(
  ["ipmitool", "ipmi_sim"],
  "the real ipmitool reads a simulated controller over the network",
  async () => {
    await using simulator = await IpmiSimulator.start(
      ["CPU1 Temp", 3, 1, 41],
      ["Inlet Temp", 7, 1, 22],
      ["Temp", 10, 1, 43],
      ["Temp", 10, 2, 44],
    );
    const { port, dir, ipmitool } = simulator;
    await using tools = new SensorTools({ clock: new VirtualClock(), ipmitool });
    const remote = { host: "127.0.0.1", port, user: IPMI_USER };
    const read = (sensor: string, source: Partial<IpmiSource> = {}): Promise<number> => {
      const passwordFile = dir.join("password");
      const whole: IpmiSource = { type: "ipmi", sensor, ...remote, passwordFile, ...source };
      return new IpmiSensor("x", whole, tools.ipmi).read(never);
    };
    strictEqual(await read("CPU1 Temp"), 41);
    strictEqual(await read("Inlet Temp"), 22);
    strictEqual(await read("Temp", { entity: "10.2" }), 44);
    await rejects(read("Temp"), /2 match, "Temp" \(10\.1\), "Temp" \(10\.2\)/);
    const passwordFile = await dir.write("wrong", "guess\n");
    await rejects(read("CPU1 Temp", { passwordFile }), /Unable to establish IPMI/);
  },
);

function hasController(): boolean {
  try {
    Deno.statSync("/dev/ipmi0");
    return true;
  } catch (error) {
    ok(error instanceof Error);
    return false;
  }
}
