/**
 * Runs the blocks of a document as a reader would: in a fresh copy of the repository, with
 * `deno` and `fanctl` as commands.
 *
 * @module
 */

import assert from "node:assert/strict";
import { ANY_LINES, type Block, isShown, patternOf, type Step, stepsOf } from "./markdown.ts";
import { type ProcessOptions, startDeno, startProcess, type TestProcess } from "./process.ts";
import { tempDir } from "./temp_dir.ts";
import { readTree } from "./tree.ts";
import { REPOSITORY } from "./paths.ts";

/** The port that the documents' commands use because it is the default. */
const PORT = 9999;
/** What this run itself is made of. */
const RUNNING_NOW = /\btask (test|ok)\b|\.ci\/run\b/;
/** Commands that only end when they are told to, and the line that says that they are up. */
const RUNS_FOR_EVER: readonly { command: RegExp; up: RegExp }[] = [
  { command: /\btask start\b/, up: /listening/i },
  { command: /\bserver\.ts\b(?!.*\s(--check|--version|--help|-V|-h)\b)/, up: /listening/i },
  { command: /\b(fanctl|client\.ts)\b.* (agent|watch)\b/, up: /./ },
];
/** The tour takes two minutes; others may fetch packages first. */
const TIME_LIMIT_MS = { tour: 240_000, others: 90_000, stop: 5_000 };

/** A copy of the repository in which a document's commands run; hold it with `await using`. */
export class Workbench implements AsyncDisposable {
  readonly #dir: AsyncDisposable & { path: string };
  /** How its processes are started. */
  readonly options: ProcessOptions & { readonly cwd: string };

  private constructor(dir: AsyncDisposable & { path: string }) {
    this.#dir = dir;
    // A copy's lines are not the repository's: they do not count for coverage.
    const { DENO_COVERAGE_DIR: _, ...inherited } = Deno.env.toObject();
    const path = [`${dir.path}/root/bin`, `${dir.path}/bin`, inherited["PATH"]].join(":");
    const env = { ...inherited, PATH: path, DENO_INSTALL_ROOT: `${dir.path}/root`, CI: "true" };
    this.options = { cwd: `${dir.path}/fand`, env, clearEnv: true, group: true };
  }

  /** Copies the repository. */
  static async open(): Promise<Workbench> {
    const dir = await tempDir();
    for (const { path } of await readTree()) {
      await dir.write(`fand/${path}`, await Deno.readFile(REPOSITORY + path));
    }
    const deno = Deno.execPath();
    for (
      const [name, command] of [
        ["deno", `"${deno}"`],
        ["fanctl", `"${deno}" run --allow-net=127.0.0.1:${PORT} "${dir.path}/fand/client.ts"`],
      ] as const
    ) {
      await dir.write(`bin/${name}`, `#!/bin/sh\nexec ${command} "$@"\n`);
      await Deno.chmod(dir.join(`bin/${name}`), 0o755);
    }
    return new Workbench(dir);
  }

  /** Writes a file into the copy. */
  async write(name: string, content: string): Promise<void> {
    await Deno.writeTextFile(`${this.options.cwd}/${name}`, content);
  }

  /** Removes the copy. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dir[Symbol.asyncDispose]();
  }

  /** Does what a block asks for, in the surroundings that its comments name. */
  async run(block: Block): Promise<void> {
    const file = block.notes.get("file");
    if (file !== undefined) return await this.write(file, block.text);
    await using server = block.notes.get("with") === "server" ? await this.#startServer() : null;
    if (block.language === "ts") await this.#runSnippet(block);
    else if (block.language === "json") JSON.parse(block.text);
    else await this.#runSteps(block);
    if (server) await interrupt(server);
  }

  async #startServer(): Promise<TestProcess> {
    assertPortIsFree();
    const server = startDeno(["task", "start"], this.options);
    // Listening is not enough: until the first readings are in, every answer is the failsafe.
    await server.line(/\d °C/);
    return server;
  }

  async #runSnippet(block: Block): Promise<void> {
    const folder = block.path.includes("/") ? block.path.replace(/\/[^/]*$/, "/") : "";
    const name = `${folder}snippet_${block.line}.ts`;
    await this.write(name, block.text);
    const flags = block.notes.get("flags") ?? `--allow-net=127.0.0.1:${PORT}`;
    await using child = startDeno(["run", "--check", ...flags.split(" "), name], this.options);
    const { code, stdout, stderr } = await child.result();
    assert.equal(code, 0, `${stdout}${stderr}`);
  }

  async #runSteps(block: Block): Promise<void> {
    await using running = new AsyncDisposableStack();
    for (const step of stepsOf(block)) {
      if (RUNNING_NOW.test(step.command)) continue;
      // What is to end with a certain status is seen to its end, whatever it is.
      const endless = block.notes.has("exit")
        ? undefined
        : RUNS_FOR_EVER.find(({ command }) => command.test(step.command));
      if (/\bserver\.ts\b|\btask start\b/.test(step.command) && endless) assertPortIsFree();
      const child = running.use(startProcess("sh", ["-c", step.command], this.options));
      if (endless) running.defer(() => interrupt(child));
      if (endless) await this.#seeRunning(child, step, endless.up);
      else await this.#seeEnd(child, step, Number(block.notes.get("exit") ?? 0));
    }
  }

  /** Waits for each line that the document shows. */
  async #seeRunning(child: TestProcess, step: Step, up: RegExp): Promise<void> {
    const shown = step.shown.filter((line) => !ANY_LINES.test(line));
    for (const line of shown) await child.line(patternOf(line), TIME_LIMIT_MS.others);
    if (shown.length === 0) await child.line(up, TIME_LIMIT_MS.others);
  }

  async #seeEnd(child: TestProcess, step: Step, exit: number): Promise<void> {
    const { code, stdout, stderr } = await child.result(
      /\bdemo\b/.test(step.command) ? TIME_LIMIT_MS.tour : TIME_LIMIT_MS.others,
    );
    assert.equal(code, exit, `"${step.command}" ended with ${code}:\n${stdout}${stderr}`);
    if (step.shown.length === 0) return;
    const printed = child.lines.map(({ text }) => text);
    assert.ok(
      isShown(step.shown, printed),
      `"${step.command}" shows\n${step.shown.join("\n")}\nand printed\n${printed.join("\n")}`,
    );
  }
}

/** Ends a command as Ctrl-C does: that must be enough. */
async function interrupt(child: TestProcess): Promise<void> {
  child.kill("SIGINT");
  await child.result(TIME_LIMIT_MS.stop);
}

function assertPortIsFree(): void {
  try {
    Deno.listen({ hostname: "127.0.0.1", port: PORT }).close();
  } catch (error) {
    throw new Error(
      `Cannot run the documents' commands: port ${PORT} is in use; stop what listens there`,
      { cause: error },
    );
  }
}
