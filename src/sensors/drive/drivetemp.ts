/**
 * A drive, by the kernel's own reading where there is one, and by SMART elsewhere.
 *
 * @module
 */
import { SensorError } from "../../errors.ts";
import type { DrivePower } from "../../libc/drive_power.ts";
import type { HwmonTools } from "../hwmon/hwmon.ts";
import { type HwmonInput, readHwmon, scanHwmon } from "../hwmon/hwmon_tree.ts";
import type { DriveKind, Sensor } from "../sensor.ts";
import type { DrivetempSource } from "../sensor_source.ts";
import {
  blockNameOf,
  blockNames,
  devicePath,
  isRotating,
  isRuntimeSuspended,
  storedSerial,
} from "./kernel_drives.ts";
import { SmartSensor } from "./smart.ts";
import type { SmartTool } from "./smart_tool.ts";

/** What sensors of drives work with. */
export interface DriveTools extends HwmonTools {
  smart: SmartTool;
  /** Whether an ATA drive sleeps; null when nobody can tell. */
  drivePower(path: string): Promise<DrivePower | null>;
}

/** The drivers that measure drives; of an NVMe drive's inputs the first is the whole. */
const DRIVE_CHIP = /^(drivetemp|nvme)$/;

/**
 * Reads a drive without running a program, as far as the kernel can. A disk that rotates is asked
 * for its power mode first; where that cannot be told, smartctl is used, which does the same.
 */
export class DrivetempSensor implements Sensor {
  readonly name: string;
  readonly #source: DrivetempSource;
  readonly #tools: DriveTools;
  readonly #smart: SmartSensor;
  #driveKind: DriveKind | undefined;
  #found: { block: string; input: HwmonInput } | null = null;

  constructor(name: string, source: DrivetempSource, tools: DriveTools) {
    this.name = name;
    this.#source = source;
    this.#tools = tools;
    this.#smart = new SmartSensor(name, { ...source, type: "smart" }, tools);
  }

  get driveKind(): DriveKind | undefined {
    return this.#driveKind ?? this.#smart.driveKind;
  }

  async read(signal: AbortSignal): Promise<number | "asleep"> {
    const found = this.#found ?? await this.#find();
    this.#found = null;
    if (typeof found === "string") return await this.#readSmart(found, signal);
    const { block, input } = found;
    if (await isRuntimeSuspended(this.#tools, block)) return this.#keep(found, "asleep");
    const rotates = await isRotating(this.#tools, block);
    this.#driveKind = rotates ? "hdd" : "ssd";
    if (rotates) {
      const power = await this.#tools.drivePower(`/dev/${block}`);
      if (power === "asleep") return this.#keep(found, "asleep");
      if (power === null) {
        this.#found = found;
        return await this.#readSmart("nobody here can tell whether it sleeps", signal);
      }
    }
    return this.#keep(found, await readHwmon(this.#tools.libc, input));
  }

  #keep<T>(found: { block: string; input: HwmonInput }, result: T): T {
    this.#found = found;
    return result;
  }

  /** Where the kernel measures the drive, or why it does not. */
  async #find(): Promise<{ block: string; input: HwmonInput } | string> {
    const block = await this.#findBlock();
    if (block === null) return "the kernel knows no such drive";
    const device = devicePath(this.#tools, block);
    const inputs = await scanHwmon(this.#tools.libc, this.#tools.sysfsRoot);
    const input = inputs.find((each) =>
      each.device === device && DRIVE_CHIP.test(each.chip) && each.input === 1
    );
    return input ? { block, input } : "the kernel does not measure it (no driver drivetemp)";
  }

  /** The name of the drive now; names change when drives are plugged. */
  async #findBlock(): Promise<string | null> {
    const { device, serial } = this.#source;
    const candidates = device === undefined
      ? blockNames(this.#tools)
      : [blockNameOf(this.#tools, device)];
    for (const block of candidates) {
      if (serial === undefined || await storedSerial(this.#tools, block) === serial) return block;
    }
    return null;
  }

  async #readSmart(why: string, signal: AbortSignal): Promise<number | "asleep"> {
    try {
      return await this.#smart.read(signal);
    } catch (error) {
      if (!(error instanceof SensorError)) throw error;
      const { serial, device } = this.#source;
      throw new SensorError(
        `Cannot read the drive "${serial ?? device}": ${why}, and SMART fails: ${error.message}`,
        { cause: error },
      );
    }
  }
}
