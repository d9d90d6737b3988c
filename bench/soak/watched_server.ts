/**
 * The server as its own process, and all of it that could grow.
 *
 * @module
 */

import { runProcess, startDeno, type TestProcess } from "../../tests/support/process.ts";
import { type TempDir, tempDir } from "../../tests/support/temp_dir.ts";

/** What a process holds at a moment. */
export interface Holdings {
  readonly descriptors: number;
  readonly residentMiB: number;
  readonly threads: number;
  readonly timers: number;
  /** Of the store with its log. */
  readonly storeKiB: number;
  readonly journalKiB: number;
}

/** A server that can be hurt and looked at; hold it with `await using`. */
export class WatchedServer implements AsyncDisposable {
  readonly port: number;
  readonly #child: TestProcess;
  readonly #folder: TempDir;

  private constructor(child: TestProcess, folder: TempDir, port: number) {
    this.#child = child;
    this.#folder = folder;
    this.port = port;
  }

  /** Starts it with so many shelves, that all follow one file. */
  static async start(shelves: number): Promise<WatchedServer> {
    const folder = await tempDir("fand_soak_");
    await folder.write("temp", "42000");
    const config = await folder.write("fand.toml", configOf(folder, shelves));
    const child = startDeno([
      ...["run", "--no-prompt", "--allow-all", "bench/soak/counted_server.ts"],
      ...["-c", config, "-p", "0"],
    ]);
    const line = await child.line("listening on");
    return new WatchedServer(child, folder, Number(/:(\d+);/.exec(line)?.[1]));
  }

  /** Sets what the sensor reads; null takes its file away. */
  async setTemp(tempC: number | null): Promise<void> {
    if (tempC !== null) await this.#folder.write("temp", `${Math.round(tempC * 1000)}`);
    else await Deno.remove(this.#folder.join("temp")).catch(() => {});
  }

  /** Reads its configuration again. */
  reload(): void {
    this.#child.kill("SIGHUP");
  }

  /** Stands still for a while. */
  async standStill(ms: number): Promise<void> {
    this.#child.kill("SIGSTOP");
    await new Promise((done) => setTimeout(done, ms));
    this.#child.kill("SIGCONT");
  }

  /** What it holds now. */
  async holdings(): Promise<Holdings> {
    this.#child.kill("SIGUSR1");
    const timers = Number((await this.#child.line(/^timers \d+$/)).slice("timers ".length));
    const { pid } = this.#child;
    const descriptors = (await runProcess("ls", [`/proc/${pid}/fd`])).stdout;
    const [rss = NaN, threads = NaN] =
      (await runProcess("ps", ["-o", "rss=,nlwp=", "-p", `${pid}`])).stdout.trim().split(/\s+/)
        .map(Number);
    return {
      descriptors: descriptors.trim().split("\n").length,
      residentMiB: rss / 1024,
      threads,
      timers,
      storeKiB: this.#sizeOf("fand.db"),
      journalKiB: this.#sizeOf("fand.journal"),
    };
  }

  /** Lines of its log so far that are errors. */
  get errors(): string[] {
    return this.#child.stderr.split("\n").filter((line) => / error /.test(line));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }

  /** In KiB, with what SQLite keeps beside the file. */
  #sizeOf(name: string): number {
    let bytes = 0;
    for (const { name: each } of Deno.readDirSync(this.#folder.path)) {
      if (each.startsWith(name)) bytes += Deno.statSync(this.#folder.join(each)).size;
    }
    return bytes / 1024;
  }
}

function configOf(folder: TempDir, shelves: number): string {
  const cause = `cause = [{ name = "a", sensors = ["inlet"], curve = [[20, 20], [80, 80]] }]`;
  const tables = Array.from(
    { length: shelves },
    (_, index) => `[[shelf]]\nname = "s${index}"\n${cause}\n`,
  );
  return `
store = "${folder.join("fand.db")}"
[limits]
clients = ${shelves + 500}
frame_ms = 2000
write_ms = 3000
idle_ms = 5000
[journal]
path = "${folder.join("fand.journal")}"
max_bytes = 16777216
[[sensor]]
name = "inlet"
type = "file"
path = "${folder.join("temp")}"
scale = 0.001
${tables.join("")}`;
}
