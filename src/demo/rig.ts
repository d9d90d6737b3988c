/**
 * What the tour runs on: one server and one agent with a simulated board, each a process of its
 * own with exactly the permissions that it needs, and fanctl.
 *
 * @module
 */

import { Child } from "./child.ts";

/** A disk shelf that idles, and after some seconds has a lot to do. */
const CONFIG = `
store = "STORE"

[[plant.shelf.source]]
name = "cpu"
load = [[0, 0.1], [14, 0.1], [16, 1], [240, 1]]
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

[[shelf]]
name = "nas"

[[shelf.cause]]
name = "cpu"
sensors = ["cpu"]
curve = [[30, 25], [45, 40], [65, 100]]
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

const CLIENT = new URL("../../client.ts", import.meta.url).href;
const SERVER = new URL("../../server.ts", import.meta.url).href;

/** The processes of the tour and the folder that they share. */
export class Rig implements AsyncDisposable {
  readonly #folder: string;
  #server: Child | null = null;
  #agent: Child | null = null;
  #port = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes the configuration into a new folder. */
  static async make(): Promise<Rig> {
    const rig = new Rig(await Deno.makeTempDir({ prefix: "fand-demo-" }));
    await Deno.writeTextFile(rig.#config, CONFIG.replace("STORE", rig.#store));
    return rig;
  }

  /** Starts the server, on the port that it had before if it had one. */
  async startServer(): Promise<void> {
    const host = this.#port === 0 ? "127.0.0.1" : `127.0.0.1:${this.#port}`;
    const server = new Child([
      "run",
      "--no-prompt",
      `--allow-net=${host}`,
      `--allow-read=${this.#config},${this.#store}`,
      `--allow-write=${this.#store}`,
      SERVER,
      "-c",
      this.#config,
      "-p",
      `${this.#port}`,
    ]);
    this.#server = server;
    this.#port = await server.next(
      "listening server",
      20_000,
      (line) => Number(/listening on 127\.0\.0\.1:(\d+)/.exec(line)?.[1] ?? "") || null,
    );
  }

  /** Ends the server. */
  async endServer(signal: Deno.Signal): Promise<{ code: number; tookMs: number }> {
    const server = this.#server;
    this.#server = null;
    return await server?.end(signal) ?? { code: 0, tookMs: 0 };
  }

  /** Starts the agent with a simulated board. */
  startAgent(): void {
    this.#agent = new Child([
      ...this.#clientArgs("agent"),
      "nas=0",
      "--board",
      "sim:",
      "--json",
      "-q",
    ]);
  }

  /** Ends the agent. */
  async endAgent(signal: Deno.Signal): Promise<{ code: number; tookMs: number }> {
    const agent = this.#agent;
    this.#agent = null;
    return await agent?.end(signal) ?? { code: 0, tookMs: 0 };
  }

  /** The next thing that the agent says and that `wanted` accepts. */
  async sample(
    what: string,
    timeoutMs: number,
    wanted: (sample: Sample) => boolean = () => true,
  ): Promise<Sample> {
    if (this.#agent === null) throw new Error(`Cannot wait for ${what}: no agent runs`);
    return await this.#agent.next(what, timeoutMs, (line) => {
      const sample = parseSample(line);
      return sample !== null && wanted(sample) ? sample : null;
    });
  }

  /** Forgets what the agent has said so far. */
  forget(): void {
    this.#agent?.forget();
  }

  /** Runs fanctl to its end; what it printed. */
  async fanctl(...args: string[]): Promise<string> {
    const [action = "", ...rest] = args;
    const output = await new Deno.Command(Deno.execPath(), {
      args: [...this.#clientArgs(action), ...rest],
      stdin: "null",
      env: { NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder();
    return (text.decode(output.stdout) + text.decode(output.stderr)).trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.endAgent("SIGKILL");
    await this.endServer("SIGKILL");
    await Deno.remove(this.#folder, { recursive: true });
  }

  get #config(): string {
    return `${this.#folder}/fand.toml`;
  }

  get #store(): string {
    return `${this.#folder}/fand.db`;
  }

  #clientArgs(action: string): string[] {
    const host = `127.0.0.1:${this.#port}`;
    return ["run", "--no-prompt", `--allow-net=${host}`, CLIENT, action, "-p", `${this.#port}`];
  }
}

function parseSample(line: string): Sample | null {
  const { state, applied, compare, steps, rpm } = JSON.parse(line);
  if (typeof state !== "string" || !Array.isArray(applied)) return null;
  return { state, applied: applied[0], compare: compare[0], steps: steps[0], rpm };
}
