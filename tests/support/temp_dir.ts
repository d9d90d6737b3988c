/** A folder that is gone when its test is. */
export class TempDir implements AsyncDisposable {
  private constructor(readonly path: string) {}

  /** Makes an empty folder with a name of its own. */
  static async make(prefix = "fand_test_"): Promise<TempDir> {
    return new TempDir(await Deno.realPath(await Deno.makeTempDir({ prefix })));
  }

  /** The path of a file in this folder. */
  join(name: string): string {
    return `${this.path}/${name}`;
  }

  /** Writes a file into this folder, with the folders that its name asks for. */
  async write(name: string, content: string | Uint8Array): Promise<string> {
    const path = this.join(name);
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    if (typeof content === "string") await Deno.writeTextFile(path, content);
    else await Deno.writeFile(path, content);
    return path;
  }

  /** Removes the folder and all in it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** Makes an empty folder; hold it with `await using`. */
export function tempDir(prefix?: string): Promise<TempDir> {
  return TempDir.make(prefix);
}
