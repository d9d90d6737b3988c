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
import { newReports, type Reports } from "./reported/reported_readings.ts";
import type { SimulatedPlant } from "./simulated/simulated_sensor.ts";
import { DEFAULT_TOOL_PATHS, type ToolPaths } from "./tool_paths.ts";

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

/** The C library, the programs, what is simulated or reported; to be closed after the sensors. */
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
    this.reports = options.reports ?? newReports();
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
