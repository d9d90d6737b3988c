/**
 * What the sensors of one process share.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { Libc } from "../libc/libc.ts";
import type { SimulatedPlant } from "./simulated/simulated_sensor.ts";
import { SmartTool } from "./drive/smart_tool.ts";

/** How {@link SensorTools} are made. */
export interface SensorToolsOptions {
  clock: Clock;
  /** By the names that sensors of type `simulated` use; default: none. */
  plants?: ReadonlyMap<string, SimulatedPlant>;
  /** Default: `/sys`. */
  sysfsRoot?: string;
  /** Default: `smartctl`, wherever PATH has it. */
  smartctl?: string;
}

/** The C library, smartctl and the simulated plants; to be closed after the sensors. */
export class SensorTools implements AsyncDisposable {
  readonly libc: Libc = new Libc();
  readonly smart: SmartTool;
  readonly sysfsRoot: string;
  readonly plants: ReadonlyMap<string, SimulatedPlant>;

  constructor({ clock, plants, sysfsRoot, smartctl }: SensorToolsOptions) {
    this.sysfsRoot = sysfsRoot ?? "/sys";
    this.plants = plants ?? new Map();
    this.smart = new SmartTool({
      command: smartctl ?? "smartctl",
      libc: this.libc,
      sysfsRoot: this.sysfsRoot,
      clock,
    });
  }

  /** Ends what still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.smart.close();
    this.libc[Symbol.dispose]();
  }
}
