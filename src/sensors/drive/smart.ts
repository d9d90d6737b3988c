/**
 * A drive, by what SMART tells: ATA, SAS and NVMe.
 *
 * @module
 */
import { SensorError } from "../../errors.ts";
import type { DriveKind, Sensor } from "../sensor.ts";
import type { SmartSource } from "../sensor_source.ts";
import type { HwmonTools } from "../hwmon/hwmon.ts";
import { blockNameOf, isRuntimeSuspended } from "./kernel_drives.ts";
import type { SmartReport } from "./smart_report.ts";
import type { SmartTool } from "./smart_tool.ts";

/** What sensors of type `smart` work with. */
export interface SmartTools extends HwmonTools {
  smart: SmartTool;
}

/** Reads one drive with one run of smartctl. */
export class SmartSensor implements Sensor {
  readonly name: string;
  readonly #source: SmartSource;
  readonly #tools: SmartTools;
  #driveKind: DriveKind | undefined;

  constructor(name: string, source: SmartSource, tools: SmartTools) {
    this.name = name;
    this.#source = source;
    this.#tools = tools;
  }

  get driveKind(): DriveKind | undefined {
    return this.#driveKind;
  }

  async read(signal: AbortSignal): Promise<number | "asleep"> {
    const { serial } = this.#source;
    try {
      return await this.#read(signal);
    } catch (error) {
      // It may have come back under another name.
      if (serial !== undefined) this.#tools.smart.doubt(serial);
      throw error;
    }
  }

  async #read(signal: AbortSignal): Promise<number | "asleep"> {
    const { device, serial } = this.#source;
    const { smart } = this.#tools;
    const drive = device !== undefined ? { name: device } : await smart.find(serial ?? "", signal);
    // smartctl asks whether the drive sleeps; to open one that the kernel put to sleep wakes it.
    const block = blockNameOf(this.#tools, drive.name);
    if (await isRuntimeSuspended(this.#tools, block)) return "asleep";
    const report = await smart.read(drive, signal);
    if (serial !== undefined && report.serial !== null && report.serial !== serial) {
      throw new SensorError(
        `Cannot read the drive with serial number "${serial}": "${drive.name}" has ` +
          `"${report.serial}"; correct the device or the serial number`,
      );
    }
    this.#driveKind = report.kind ?? this.#driveKind;
    if (report.asleep) return "asleep";
    return this.#temperature(report, drive.name);
  }

  #temperature({ tempC, sensorsC, messages }: SmartReport, drive: string): number {
    const { sensor } = this.#source;
    const found = sensor === undefined ? tempC : sensorsC[sensor - 1] ?? null;
    if (found !== null) return found;
    const said = messages === "" ? "" : ` (${messages})`;
    if (sensor === undefined) {
      throw new SensorError(
        `Cannot read the temperature of "${drive}": smartctl tells none${said}; ` +
          "leave this drive out",
      );
    }
    const count = sensorsC.filter((each) => each !== null).length;
    throw new SensorError(
      `Cannot read sensor ${sensor} of "${drive}": smartctl tells of ${count}${said}; ` +
        "leave the key sensor out to read the drive's own",
    );
  }
}
