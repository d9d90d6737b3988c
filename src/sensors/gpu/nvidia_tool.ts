/**
 * nvidia-smi, run once for all GPUs.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import type { Libc } from "../../libc/libc.ts";
import { runTool } from "../tools/run_tool.ts";
import { SharedRun } from "../tools/shared_run.ts";
import {
  NVIDIA_FIELDS,
  NVIDIA_MEMORY_FIELD,
  type NvidiaGpu,
  parseNvidia,
} from "./nvidia_report.ts";

/** A reading may be older than its sensor knows by this. */
export const NVIDIA_KEEP_MS = 1000;
/** A line a GPU: enough for hundreds. */
const MAX_OUTPUT_BYTES = 65_536;

/** Runs nvidia-smi. */
export class NvidiaTool {
  readonly #command: string;
  readonly #libc: Libc;
  readonly #run: SharedRun<NvidiaGpu[]>;
  #wantsMemory = false;

  /** @param command A name to be found in PATH, or a path. */
  constructor({ command, libc, clock }: { command: string; libc: Libc; clock: Clock }) {
    this.#command = command;
    this.#libc = libc;
    this.#run = new SharedRun((signal) => this.#list(signal), clock, NVIDIA_KEEP_MS);
  }

  /** From now on the memory's temperature is asked for, too. */
  wantMemory(): void {
    this.#wantsMemory = true;
  }

  /**
   * Every GPU of this machine.
   *
   * @throws {SensorError} when nvidia-smi cannot tell
   */
  list(signal: AbortSignal): Promise<NvidiaGpu[]> {
    return this.#run.get(signal);
  }

  /** Ends what runs. */
  async close(): Promise<void> {
    await this.#run.close();
  }

  async #list(signal: AbortSignal): Promise<NvidiaGpu[]> {
    // A column that nobody wants is asked for in the place of one that might be unknown.
    const last = this.#wantsMemory ? NVIDIA_MEMORY_FIELD : "temperature.gpu";
    const query = `--query-gpu=${[...NVIDIA_FIELDS, last].join(",")}`;
    const argv = [this.#command, query, "--format=csv,noheader,nounits"];
    const options = { signal, maxBytes: MAX_OUTPUT_BYTES, libc: this.#libc };
    return parseNvidia(await runTool(argv, options));
  }
}
