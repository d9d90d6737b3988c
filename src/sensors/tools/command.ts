/**
 * A program that prints one number: the temperature in °C.
 *
 * @module
 */
import { SensorError } from "../../errors.ts";
import type { Libc } from "../../libc/libc.ts";
import { excerpt, parseReading } from "../reading.ts";
import { runTool } from "./run_tool.ts";
import type { Sensor } from "../sensor.ts";

/** A number and whatever a program may say besides, on its error stream. */
const MAX_OUTPUT_BYTES = 4096;

/** What reads a command that wants a shell. */
export const SHELL = "/bin/sh";

/** Runs a program for each reading. */
export class CommandSensor implements Sensor {
  readonly name: string;
  readonly #argv: readonly string[];
  readonly #libc: Libc;

  /**
   * @param argv The program and its arguments, which no shell reads.
   * @param shell Whether `argv` is one text for `/bin/sh` instead.
   */
  constructor(name: string, argv: readonly string[], libc: Libc, shell: boolean = false) {
    this.name = name;
    this.#argv = shell ? [SHELL, "-c", ...argv] : argv;
    this.#libc = libc;
  }

  async read(signal: AbortSignal): Promise<number> {
    const options = { signal, maxBytes: MAX_OUTPUT_BYTES, libc: this.#libc };
    const { code, stdout, stderr } = await runTool(this.#argv, options);
    const command = `"${this.#argv[0]}"`;
    if (code !== 0) {
      const said = stderr.trim() === "" ? "" : ` and said ${excerpt(stderr.trim())}`;
      throw new SensorError(`Cannot use ${command}: it ended with ${code}${said}; run it by hand`);
    }
    return parseReading(stdout, `the output of ${command}`);
  }
}
