import type { TempDir } from "./temp_dir.ts";

/** What a tool prints and ends with. */
export interface ToolAnswer {
  stdout?: string;
  stderr?: string;
  code?: number;
}

/** A program that prints what it was told to print, and writes down how it was called. */
export class FakeTool {
  readonly #dir: TempDir;
  readonly #name: string;
  private constructor(readonly path: string, dir: TempDir, name: string) {
    this.#dir = dir;
    this.#name = name;
  }

  static async make(dir: TempDir, name: string): Promise<FakeTool> {
    const at = dir.join(name);
    const path = await dir.write(
      `${name}.sh`,
      `#!/bin/sh
echo "$*" >> ${at}.calls
if [ -p ${at}.gate ]; then
  echo begun > ${at}.began
  read -r open < ${at}.gate
fi
cat ${at}.stderr >&2
cat ${at}.stdout
exit "$(cat ${at}.code)"
`,
    );
    await Deno.chmod(path, 0o755);
    return new FakeTool(path, dir, name);
  }

  /** From now on, it answers so. */
  async answer({ stdout = "", stderr = "", code = 0 }: ToolAnswer): Promise<void> {
    await this.#dir.write(`${this.#name}.stdout`, stdout);
    await this.#dir.write(`${this.#name}.stderr`, stderr);
    await this.#dir.write(`${this.#name}.code`, String(code));
  }

  /** From now on, it does not answer. */
  async hold(): Promise<void> {
    const pipes = [".gate", ".began"].map((end) => this.#dir.join(this.#name + end));
    const { success } = await new Deno.Command("mkfifo", { args: pipes }).output();
    if (!success) throw new Error(`Cannot make pipes: mkfifo failed for "${this.#name}"`);
  }

  /** Resolves when a held run has begun. */
  async began(): Promise<void> {
    await Deno.readTextFile(this.#dir.join(`${this.#name}.began`));
  }

  /** From now on, it answers at once again; a run that was held stays so. */
  async release(): Promise<void> {
    await Deno.remove(this.#dir.join(`${this.#name}.gate`));
  }

  /** Every command line so far. */
  async calls(): Promise<string[]> {
    try {
      return (await Deno.readTextFile(this.#dir.join(`${this.#name}.calls`))).trim().split("\n");
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  }
}
