import type { TempDir } from "./temp_dir.ts";

/** What the stand-in answers for one drive, or for `--scan-open`. */
export interface SmartAnswer {
  json: unknown;
  code?: number;
}

/**
 * A program with smartctl's command line. It answers for `/dev/NAME` with what was last given
 * to {@link answer} for NAME, and writes down how it was called.
 */
export class FakeSmartctl {
  #begun: string[] = [];
  private constructor(readonly path: string, readonly dir: TempDir) {}

  static async make(dir: TempDir): Promise<FakeSmartctl> {
    const script = `#!/bin/sh
case "$*" in *--scan*) name=scan ;; *) for last; do :; done; name=\${last##*/} ;; esac
echo "$*" >> ${dir.join("calls")}
if [ -p "${dir.path}/$name.gate" ]; then
  echo "$name" > ${dir.join("began")}
  read -r open < "${dir.path}/$name.gate"
fi
cat "${dir.path}/$name.json"
exit "$(cat "${dir.path}/$name.code")"
`;
    const path = await dir.write("smartctl", script);
    await Deno.chmod(path, 0o755);
    await makePipe(dir.join("began"));
    return new FakeSmartctl(path, dir);
  }

  /** From now on, `name` is answered so; text is printed as it is. */
  async answer(name: string, { json, code = 0 }: SmartAnswer): Promise<void> {
    const text = typeof json === "string" ? json : JSON.stringify(json);
    await this.dir.write(`${name}.json`, text);
    await this.dir.write(`${name}.code`, String(code));
  }

  /** From now on, `name` is answered only after {@link release}. */
  async hold(name: string): Promise<void> {
    await makePipe(this.dir.join(`${name}.gate`));
  }

  /** The next name for which a held run has begun. */
  async began(): Promise<string> {
    while (this.#begun.length === 0) {
      const names = await Deno.readTextFile(this.dir.join("began"));
      this.#begun = names.split("\n").filter((name) => name !== "");
    }
    return this.#begun.shift() ?? "";
  }

  /** Lets the held run for `name` go on. */
  async release(name: string): Promise<void> {
    await Deno.writeTextFile(this.dir.join(`${name}.gate`), "\n");
  }

  /** Every command line so far. */
  async calls(): Promise<string[]> {
    try {
      return (await Deno.readTextFile(this.dir.join("calls"))).trim().split("\n");
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  }
}

async function makePipe(path: string): Promise<void> {
  const { success } = await new Deno.Command("mkfifo", { args: [path] }).output();
  if (!success) throw new Error(`Cannot make a pipe: mkfifo failed for "${path}"`);
}
