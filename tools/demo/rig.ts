/**
 * What the tour runs on: one server and one agent with a simulated board, each a process of its
 * own with exactly the permissions that it needs, and fanctl.
 *
 * @module
 */

import { runDeno, startDeno, type TestProcess } from "../../tests/support/process.ts";
import { type TempDir, tempDir } from "../../tests/support/temp_dir.ts";

/** A shelf that idles, then has a lot to do, then idles again; and a disk that can be unplugged. */
const CONFIG = `
store = "STORE"

[[plant.shelf.source]]
name = "cpu"
load = [[0, 0.1], [10, 0.1], [12, 1], [32, 1], [34, 0.1], [300, 0.1]]
idle_w = 8
full_w = 70
capacity_j_per_k = 9
still_w_per_k = 0.35
flow_w_per_k = 1.45

[[sensor]]
name = "cpu"
type = "simulated"
plant = "shelf"
source = "cpu"
kind = "cpu"
interval_ms = 500
timeout_ms = 250

[[sensor]]
name = "disk"
type = "file"
path = "DISK"
max_age_ms = 3_600_000
kind = "hdd"
interval_ms = 500
timeout_ms = 250

[[shelf]]
name = "nas"

[[shelf.cause]]
name = "cpu"
sensors = ["cpu"]
curve = [[30, 25], [45, 40], [65, 100]]

[[shelf.cause]]
name = "disk"
sensors = ["disk"]
curve = [[30, 25], [50, 100]]

# By default fans slow down so gently that the tour would take minutes.
[shelf.output]
fall_percent_per_s = 10
`;

/** What the agent says about its shelf. */
export interface Sample {
  readonly state: string;
  /** Percent that the board has applied. */
  readonly applied: number;
  /** Compare register and its full scale. */
  readonly compare: number;
  readonly steps: number;
  readonly rpm: number | null;
}

/** The agent's simulated board is loaded from these. */
const WORKER_FILES = "src,deps.ts";
const CLIENT = new URL("../../client.ts", import.meta.url).href;
const SERVER = new URL("../../server.ts", import.meta.url).href;

/** How a process ended. */
export interface Ended {
  readonly code: number;
  readonly tookMs: number;
}

/** The processes of the tour and the folder that they share. */
export class Rig implements AsyncDisposable {
  readonly #folder: TempDir;
  #server: TestProcess | null = null;
  #agent: TestProcess | null = null;
  #port = 0;

  private constructor(folder: TempDir) {
    this.#folder = folder;
  }

  /** Writes the configuration into a new folder. */
  static async make(): Promise<Rig> {
    const rig = new Rig(await tempDir("fand_demo_"));
    await rig.#folder.write(
      "fand.toml",
      CONFIG.replace("STORE", rig.#store).replace("DISK", rig.#disk),
    );
    await rig.plugDisk();
    return rig;
  }

  /** A disk of 30 °C is there. */
  async plugDisk(): Promise<void> {
    await Deno.writeTextFile(this.#disk, "30\n");
  }

  /** The disk is gone. */
  async unplugDisk(): Promise<void> {
    await Deno.remove(this.#disk);
  }

  /** Starts the server, on the port that it had before if it had one. */
  async startServer(): Promise<void> {
    const host = this.#port === 0 ? "127.0.0.1" : `127.0.0.1:${this.#port}`;
    const server = startDeno([
      "run",
      "--no-prompt",
      `--allow-net=${host}`,
      `--allow-read=${this.#config},${this.#store},${this.#disk}`,
      `--allow-write=${this.#store}`,
      SERVER,
      "-c",
      this.#config,
      "-p",
      `${this.#port}`,
    ]);
    this.#server = server;
    const line = await server.line("listening on");
    this.#port = Number(/:(\d+)/.exec(line)?.[1]);
  }

  /** Ends the server. */
  async endServer(signal: Deno.Signal): Promise<Ended> {
    const ended = await end(this.#server, signal);
    this.#server = null;
    return ended;
  }

  /** Starts the agent with a simulated board. */
  startAgent(): void {
    this.#agent = startDeno([
      ...this.#clientArgs("agent"),
      "nas=0",
      "--board",
      "sim:",
      "--json",
      "-q",
    ]);
  }

  /** Ends the agent. */
  async endAgent(signal: Deno.Signal): Promise<Ended> {
    const ended = await end(this.#agent, signal);
    this.#agent = null;
    return ended;
  }

  /** The next thing that the agent says and that `wanted` accepts. */
  async sample(wanted: (sample: Sample) => boolean, timeoutMs = 30_000): Promise<Sample> {
    const agent = this.#agent;
    if (agent === null) throw new Error("Cannot wait for the agent: none runs");
    for (;;) {
      const sample = parseSample(await agent.line(/^\{/, timeoutMs));
      if (wanted(sample)) return sample;
    }
  }

  /** Forgets what the agent has said so far. */
  forget(): void {
    this.#agent?.forget();
  }

  /** Runs fanctl to its end; what it printed. */
  async fanctl(...args: string[]): Promise<string> {
    const [action = "", ...rest] = args;
    const { stdout, stderr } = await runDeno([...this.#clientArgs(action), ...rest]);
    return (stdout + stderr).trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.endAgent("SIGKILL");
    await this.endServer("SIGKILL");
    await this.#folder[Symbol.asyncDispose]();
  }

  get #config(): string {
    return this.#folder.join("fand.toml");
  }

  get #disk(): string {
    return this.#folder.join("disk_temperature");
  }

  get #store(): string {
    return this.#folder.join("fand.db");
  }

  #clientArgs(action: string): string[] {
    const host = `127.0.0.1:${this.#port}`;
    const reads = action === "agent" ? [`--allow-read=${WORKER_FILES}`] : [];
    const flags = ["--no-prompt", `--allow-net=${host}`, ...reads];
    return ["run", ...flags, CLIENT, action, "-p", `${this.#port}`];
  }
}

function parseSample(line: string): Sample {
  const { state, applied, compare, steps, rpm } = JSON.parse(line);
  return { state, applied: applied[0], compare: compare[0], steps: steps[0], rpm };
}

async function end(process: TestProcess | null, signal: Deno.Signal): Promise<Ended> {
  const startMs = performance.now();
  process?.kill(signal);
  const status = await process?.ended;
  return { code: status?.code ?? 0, tookMs: performance.now() - startMs };
}
