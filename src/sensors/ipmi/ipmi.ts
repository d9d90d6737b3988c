/**
 * A temperature that a management controller (BMC) measures.
 *
 * @module
 */
import type { Sensor } from "../sensor.ts";
import type { IpmiSource } from "../sensor_source.ts";
import { pickIpmi } from "./ipmi_listing.ts";
import type { IpmiTool } from "./ipmi_tool.ts";

/** Reads one sensor out of the listing that all sensors of its controller share. */
export class IpmiSensor implements Sensor {
  readonly name: string;
  readonly #source: IpmiSource;
  readonly #tool: IpmiTool;

  constructor(name: string, source: IpmiSource, tool: IpmiTool) {
    this.name = name;
    this.#source = source;
    this.#tool = tool;
  }

  async read(signal: AbortSignal): Promise<number> {
    return pickIpmi(await this.#tool.list(this.#source, signal), this.#source);
  }
}
