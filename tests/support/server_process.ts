/**
 * The server as its own process, as people run it.
 *
 * @module
 */

import { Client } from "./serve.ts";
import { type ProcessOptions, runProcess, startDeno, type TestProcess } from "./process.ts";
import type { TempDir } from "./temp_dir.ts";

/** How a server process is started. */
export interface ServerProcessOptions extends ProcessOptions {
  /** After `server.ts -c FILE`. */
  args?: readonly string[];
  /** In the place of a port that the system chooses. */
  port?: number;
  /** More flags of Deno. */
  grants?: readonly string[];
}

/** A configuration with one shelf, `shelf1`, that follows the file `temp` of `folder` at once. */
export async function fileSensorConfig(folder: TempDir, top = 'store = "none"'): Promise<string> {
  await folder.write("temp", "42500");
  return await folder.write(
    "fand.toml",
    `${top}

[[sensor]]
name = "ambient"
type = "file"
path = "${folder.join("temp")}"
scale = 0.001

[[shelf]]
name = "shelf1"

[[shelf.cause]]
name = "warmth"
sensors = ["ambient"]
shape = "linear"
curve = [[20, 20], [80, 80]]
fall_hysteresis_c = 0
fall_response_ms = 0
[shelf.output]
fall_percent_per_s = 1000
`,
  );
}

/** The arguments of Deno for a server that may use one folder and the loopback interface. */
export function serverArgs(
  folder: TempDir,
  args: readonly string[],
  grants: readonly string[] = [],
): string[] {
  return [
    "run",
    "--no-prompt",
    "--allow-net=127.0.0.1",
    `--allow-read=${folder.path}`,
    `--allow-write=${folder.path}`,
    ...grants,
    "server.ts",
    ...args,
  ];
}

/** A running server process; hold it with `await using`. */
export class ServerProcess implements AsyncDisposable {
  readonly child: TestProcess;
  readonly port: number;
  readonly #clients: Client[] = [];

  private constructor(child: TestProcess, port: number) {
    this.child = child;
    this.port = port;
  }

  /** Starts a server on the configuration `config` of `folder` and waits until it listens. */
  static async start(
    folder: TempDir,
    config: string,
    options: ServerProcessOptions = {},
  ): Promise<ServerProcess> {
    const args = ["-c", config, "-p", `${options.port ?? 0}`, ...options.args ?? []];
    const child = startDeno(serverArgs(folder, args, options.grants), options);
    try {
      const line = await child.line("listening on");
      return new ServerProcess(child, Number(/:(\d+);/.exec(line)?.[1]));
    } catch (error) {
      await child[Symbol.asyncDispose]();
      throw error;
    }
  }

  get pid(): number {
    return this.child.pid;
  }

  /** A client of its own; closed with the server. */
  async connect(): Promise<Client> {
    const client = await this.connectOnce();
    this.#clients.push(client);
    return client;
  }

  /** A client that the caller closes, for tests with thousands of them. */
  async connectOnce(): Promise<Client> {
    return new Client(await Deno.connect({ hostname: "127.0.0.1", port: this.port }));
  }

  /** How many files and sockets the process holds. */
  async descriptors(): Promise<number> {
    // A program, because Deno itself reads /proc only with every permission.
    const { stdout } = await runProcess("ls", [`/proc/${this.pid}/fd`]);
    return stdout.trim().split("\n").length;
  }

  /** Resident memory in MiB. */
  async memoryMiB(): Promise<number> {
    const { stdout } = await runProcess("ps", ["-o", "rss=", "-p", `${this.pid}`]);
    return Number(stdout) / 1024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.child[Symbol.asyncDispose]();
  }
}

/** The longest that a stop may take, in milliseconds. */
export const STOP_MS = 2000;

/** Sends a signal and measures how long the process takes to end. */
export async function stop(
  server: ServerProcess,
  signal: Deno.Signal,
): Promise<{ code: number; tookMs: number }> {
  const startMs = performance.now();
  server.child.kill(signal);
  const { code } = await server.child.ended;
  return { code, tookMs: performance.now() - startMs };
}
