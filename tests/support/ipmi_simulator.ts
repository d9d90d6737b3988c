/**
 * A management controller on this machine: ipmi_sim of OpenIPMI, with temperatures of its own.
 *
 * @module
 */
import { freePort } from "./free_port.ts";
import { startProcess, type TestProcess } from "./process.ts";
import { type TempDir, tempDir } from "./temp_dir.ts";
import { until } from "./until.ts";

/** One temperature sensor: its name, what it belongs to, and its raw value, which is °C. */
type SimulatedTemperature = readonly [
  name: string,
  entity: number,
  instance: number,
  tempC: number,
];

/** What it lets in. */
export const IPMI_USER = "fand";
/** What that user must know. */
export const IPMI_PASSWORD = "secret";

/** The simulator, until it is disposed. */
export class IpmiSimulator implements AsyncDisposable {
  private constructor(
    readonly port: number,
    /** An ipmitool that does not ask for cipher suites: the simulator would let it wait. */
    readonly ipmitool: string,
    readonly dir: TempDir,
    readonly process: TestProcess,
  ) {}

  /** Starts one and waits until it answers. */
  static async start(...temperatures: SimulatedTemperature[]): Promise<IpmiSimulator> {
    const dir = await tempDir();
    const port = freePort();
    const lan = await dir.write("lan.conf", lanConfig(port));
    const commands = await dir.write("cmd.emu", emulation(temperatures));
    await Deno.mkdir(dir.join("state"));
    const args = ["-c", lan, "-f", commands, "-s", dir.join("state"), "-d", "-n"];
    const process = startProcess("ipmi_sim", args);
    const ipmitool = await dir.write("ipmitool", '#!/bin/sh\nexec ipmitool -C 3 "$@"\n');
    await Deno.chmod(ipmitool, 0o755);
    await dir.write("password", `${IPMI_PASSWORD}\n`);
    const simulator = new IpmiSimulator(port, ipmitool, dir, process);
    await until(() => simulator.#answers(), "ipmi_sim answers");
    return simulator;
  }

  async #answers(): Promise<boolean> {
    const password = this.dir.join("password");
    const args = ["-I", "lanplus", "-H", "127.0.0.1", "-p", `${this.port}`, "-U", IPMI_USER];
    const command = new Deno.Command(this.ipmitool, {
      args: [...args, "-f", password, "-L", "USER", "mc", "info"],
    });
    return (await command.output()).success;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process[Symbol.asyncDispose]();
    await this.dir[Symbol.asyncDispose]();
  }
}

function lanConfig(port: number): string {
  return `name "fand"
set_working_mc 0x20
  startlan 1
    addr 127.0.0.1 ${port}
    priv_limit admin
    allowed_auths_callback none md2 md5 straight
    allowed_auths_user none md2 md5 straight
    allowed_auths_operator none md2 md5 straight
    allowed_auths_admin none md2 md5 straight
    guid a123456789abcdefa123456789abcdef
  endlan
  user 2 true "${IPMI_USER}" "${IPMI_PASSWORD}" user 10 none md2 md5 straight
`;
}

function emulation(temperatures: readonly SimulatedTemperature[]): string {
  const idle = Array(4).fill("0".repeat(15)).join(" ");
  const sensors = temperatures.map((temperature, index) => {
    const number = index + 1;
    const record = sensorRecord(number, temperature).map((byte) => `0x${byte.toString(16)}`);
    return `sensor_add 0x20 0 ${number} 0x01 0x01
sensor_set_value 0x20 0 ${number} ${temperature[3]} 0
sensor_set_event_support 0x20 0 ${number} enable scanning per-state ${idle}
main_sdr_add 0x20 ${record.join(" ")}
`;
  });
  return `mc_setbmc 0x20
mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr
${sensors.join("")}mc_enable 0x20
`;
}

/** A full sensor record of the sensor data repository (IPMI 2.0, section 43.1): raw value is °C. */
function sensorRecord(
  number: number,
  [name, entity, instance]: SimulatedTemperature,
): number[] {
  const text = [...new TextEncoder().encode(name)];
  const body = [
    ...[0x20, 0x00, number, entity, instance, 0x7f, 0x68, 0x01, 0x01],
    ...[0, 0, 0, 0, 0, 0],
    // Unsigned, degrees C, linear, M = 1.
    ...[0x00, 0x01, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00],
    ...[0, 0, 0, 0, 0xff, 0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ...[0xc0 | text.length, ...text],
  ];
  return [0x00, 0x00, 0x51, 0x01, body.length, ...body];
}
