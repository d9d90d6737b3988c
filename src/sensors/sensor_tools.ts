/**
 * What the sensors of one process share.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { Libc } from "../libc/libc.ts";
import { SmartTool } from "./drive/smart_tool.ts";
import { type DrivePower, drivePower } from "../libc/drive_power.ts";
import { NvidiaTool } from "./gpu/nvidia_tool.ts";
import { IpmiTool } from "./ipmi/ipmi_tool.ts";
import { ReportedReadings, type Reports } from "./reported/reported_readings.ts";
import type { SimulatedPlant } from "./simulated/simulated_sensor.ts";

/** Where the programs and files are that sensors are read with. */
export interface ToolPaths {
  /** `/sys`, or a copy of it. */
  sysfsRoot: string;
  /** A program each: a name to be found in PATH, or a path. */
  smartctl: string;
  nvidiaSmi: string;
  ipmitool: string;
}

/** Where they are when nobody says otherwise. */
export const DEFAULT_TOOL_PATHS: Readonly<ToolPaths> = Object.freeze({
  sysfsRoot: "/sys",
  smartctl: "smartctl",
  nvidiaSmi: "nvidia-smi",
  ipmitool: "ipmitool",
});

/** How {@link SensorTools} are made; every path that is left out is the usual one. */
export interface SensorToolsOptions extends Partial<ToolPaths> {
  clock: Clock;
  /** By the names that sensors of type `simulated` use; default: none. */
  plants?: ReadonlyMap<string, SimulatedPlant>;
  /** What clients and agents report; default: nothing. */
  reports?: Reports;
  /** Default: the drive is asked. */
  drivePower?: (path: string) => Promise<DrivePower | null>;
}

/** The C library, the programs and what is simulated or reported; to be closed after the sensors. */
export class SensorTools implements AsyncDisposable {
  readonly clock: Clock;
  readonly libc: Libc = new Libc();
  readonly smart: SmartTool;
  readonly nvidia: NvidiaTool;
  readonly ipmi: IpmiTool;
  readonly sysfsRoot: string;
  readonly plants: ReadonlyMap<string, SimulatedPlant>;
  readonly reports: Reports;
  readonly drivePower: (path: string) => Promise<DrivePower | null>;

  constructor(options: SensorToolsOptions) {
    const { clock } = options;
    const { sysfsRoot, smartctl, nvidiaSmi, ipmitool } = { ...DEFAULT_TOOL_PATHS, ...options };
    const { libc } = this;
    this.clock = clock;
    this.sysfsRoot = sysfsRoot;
    this.plants = options.plants ?? new Map();
    this.reports = options.reports ??
      { pushed: new ReportedReadings(), boards: new ReportedReadings() };
    this.drivePower = options.drivePower ?? drivePower;
    this.smart = new SmartTool({ command: smartctl, libc, sysfsRoot, clock });
    this.nvidia = new NvidiaTool({ command: nvidiaSmi, libc, clock });
    this.ipmi = new IpmiTool({ command: ipmitool, libc, clock });
  }

  /** Ends what still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.smart.close(), this.nvidia.close(), this.ipmi.close()]);
    this.libc[Symbol.dispose]();
  }
}
