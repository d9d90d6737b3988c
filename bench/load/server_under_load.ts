/**
 * The server as its own process, with as many shelves as there are agents, and what it costs.
 *
 * @module
 */

import { runProcess, startDeno, type TestProcess } from "../../tests/support/process.ts";
import { type TempDir, tempDir } from "../../tests/support/temp_dir.ts";
import { pause, shelfName } from "./figures.ts";

/** Of the kernel's clock in /proc. */
const TICK_MS = 10;

/** A server process; hold it with `await using`. */
export class ServerUnderLoad implements AsyncDisposable {
  readonly port: number;
  #child: TestProcess;
  readonly #folder: TempDir;

  private constructor(child: TestProcess, folder: TempDir, port: number) {
    this.#child = child;
    this.#folder = folder;
    this.port = port;
  }

  /** Starts it on a configuration with `shelves` shelves that follow one sensor. */
  static async start(
    shelves: number,
    flags: readonly string[] = [],
    spareClients = 200,
  ): Promise<ServerUnderLoad> {
    const folder = await tempDir();
    await folder.write("temp", "42000");
    const config = await folder.write("fand.toml", configOf(folder, shelves, spareClients));
    const args = ["run", ...flags, "--no-prompt", "--allow-all", "server.ts", "-c", config];
    const child = startDeno([...args, "-p", "0"]);
    const line = await child.line("listening on");
    return new ServerUnderLoad(child, folder, Number(/:(\d+);/.exec(line)?.[1]));
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** What it has said in its log. */
  get log(): string {
    return this.#child.stderr;
  }

  /** Ends it, and starts it again on the same port after a while. */
  async restart(signal: "SIGTERM" | "SIGKILL", awayMs: number): Promise<void> {
    this.#child.kill(signal);
    await this.#child.ended;
    await pause(awayMs);
    const config = this.#folder.join("fand.toml");
    const args = ["run", "--no-prompt", "--allow-all", "server.ts", "-c", config];
    this.#child = startDeno([...args, "-p", `${this.port}`]);
    await this.#child.line("listening on");
  }

  /** Lets every shelf ask for something else. */
  async warm(milliC: number): Promise<void> {
    await this.#folder.write("temp", `${milliC}`);
  }

  /** Resident memory in KiB. */
  async residentKiB(): Promise<number> {
    return Number((await runProcess("ps", ["-o", "rss=", "-p", `${this.pid}`])).stdout);
  }

  /** What all its threads have worked so far, in milliseconds. */
  async workedMs(): Promise<number> {
    const { stdout } = await runProcess("cat", [`/proc/${this.pid}/stat`]);
    const fields = stdout.slice(stdout.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }
}

function configOf(folder: TempDir, shelves: number, spareClients: number): string {
  // Short, because ten thousand of them must fit into a file.
  const cause = `cause = [{ name = "a", sensors = ["inlet"], curve = [[20, 20], [80, 80]] }]`;
  const names = Array.from({ length: shelves }, (_, index) => shelfName(index));
  const tables = names.map((name) => `[[shelf]]\nname = "${name}"\n${cause}`);
  return `
store = "${folder.join("fand.db")}"
[limits]
clients = ${shelves + spareClients}
[[sensor]]
name = "inlet"
type = "file"
path = "${folder.join("temp")}"
scale = 0.001
${tables.join("\n")}
`;
}
