/**
 * ipmitool: one run for all sensors of a management controller.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import { SensorError } from "../../errors.ts";
import type { Libc } from "../../libc/libc.ts";
import { excerpt } from "../reading.ts";
import type { IpmiController } from "../sensor_source.ts";
import { runTool } from "../tools/run_tool.ts";
import { SharedRun } from "../tools/shared_run.ts";
import { type IpmiSensorReading, parseIpmiListing } from "./ipmi_listing.ts";

/** A reading may be older than its sensor knows by this: a controller answers slowly. */
export const IPMI_KEEP_MS = 5000;
/** Several times what the largest controllers list. */
const MAX_OUTPUT_BYTES = 262_144;

/** Runs ipmitool. */
export class IpmiTool {
  readonly #parts: { command: string; libc: Libc; clock: Clock };
  readonly #runs = new Map<string, SharedRun<IpmiSensorReading[]>>();

  /** @param parts.command A name to be found in PATH, or a path. */
  constructor(parts: { command: string; libc: Libc; clock: Clock }) {
    this.#parts = parts;
  }

  /**
   * Every temperature of a controller: this machine's own, or that of `controller.host`.
   *
   * @throws {SensorError} when the controller cannot be asked
   */
  async list(controller: IpmiController, signal: AbortSignal): Promise<IpmiSensorReading[]> {
    const args = argumentsFor(controller);
    const key = JSON.stringify(args);
    let run = this.#runs.get(key);
    if (!run) {
      run = new SharedRun((either) => this.#list(args, either), this.#parts.clock, IPMI_KEEP_MS);
      this.#runs.set(key, run);
    }
    return await run.get(signal);
  }

  /** Ends what runs. */
  async close(): Promise<void> {
    await Promise.all(this.#runs.values().map((run) => run.close()));
  }

  async #list(args: readonly string[], signal: AbortSignal): Promise<IpmiSensorReading[]> {
    const options = { signal, maxBytes: MAX_OUTPUT_BYTES, libc: this.#parts.libc };
    const { code, stdout, stderr } = await runTool([this.#parts.command, ...args], options);
    const readings = parseIpmiListing(stdout);
    // It ends with 1 when one sensor of many has not answered, too.
    if (readings.length > 0) return readings;
    const said = (stderr.trim() || stdout.trim()).split("\n").at(-1) ?? "";
    throw new SensorError(
      `Cannot ask the management controller: ipmitool ended with ${code} and said ` +
        `${said === "" ? "nothing" : excerpt(said)}; run it by hand`,
    );
  }
}

/** The command line for a controller. A password never stands on it: others could read it there. */
export function argumentsFor({ host, port, user, passwordFile }: IpmiController): string[] {
  const remote = host === undefined ? [] : [
    ...["-I", "lanplus", "-H", host, "-p", String(port ?? IPMI_PORT)],
    ...user === undefined ? [] : ["-U", user],
    ...passwordFile === undefined ? [] : ["-f", passwordFile],
    // The least that may read sensors.
    ...["-L", "USER"],
  ];
  return [...remote, "sdr", "type", "Temperature"];
}

/** Where management controllers listen. */
export const IPMI_PORT = 623;
