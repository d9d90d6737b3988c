/**
 * A drive, by what SMART tells: ATA, SAS and NVMe.
 *
 * @module
 */
import { SensorError } from "../../errors.ts";
import type { DriveKind, Sensor } from "../sensor.ts";
import type { SmartSource } from "../sensor_source.ts";
import type { SmartTool } from "./smart_tool.ts";

/** Reads one drive with one run of smartctl. */
export class SmartSensor implements Sensor {
  readonly name: string;
  readonly #source: SmartSource;
  readonly #tool: SmartTool;
  #driveKind: DriveKind | undefined;

  constructor(name: string, source: SmartSource, tool: SmartTool) {
    this.name = name;
    this.#source = source;
    this.#tool = tool;
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
      if (serial !== undefined) this.#tool.doubt(serial);
      throw error;
    }
  }

  async #read(signal: AbortSignal): Promise<number | "asleep"> {
    const { device, serial } = this.#source;
    const drive = device !== undefined
      ? { name: device }
      : await this.#tool.find(serial ?? "", signal);
    const report = await this.#tool.read(drive, signal);
    if (serial !== undefined && report.serial !== null && report.serial !== serial) {
      throw new SensorError(
        `Cannot read the drive with serial number "${serial}": "${drive.name}" has ` +
          `"${report.serial}"; correct the device or the serial number`,
      );
    }
    this.#driveKind = report.kind ?? this.#driveKind;
    if (report.asleep) return "asleep";
    if (report.tempC !== null) return report.tempC;
    const said = report.messages === "" ? "" : ` (${report.messages})`;
    throw new SensorError(
      `Cannot read the temperature of "${drive.name}": smartctl tells none${said}; ` +
        "leave this drive out",
    );
  }
}
