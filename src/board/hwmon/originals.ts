/**
 * What the outputs of a chip were like before they were taken over, kept in a file, so that
 * whoever comes after a process that was killed can still give them back.
 *
 * @module
 */
import { BoardError } from "../../errors.ts";
import { unnumberedPath } from "../../libc/hwmon_chips.ts";
import type { Libc } from "../../libc/libc.ts";
import type { Original } from "./output.ts";

/** The chip that a file is about. */
export interface SavedChip {
  readonly sysfsRoot: string;
  readonly chip: string;
  /** Below `sysfsRoot`. */
  readonly device: string;
}

const FORMAT = "fand hwmon state 1";
const SUFFIX = ".json";
const BOOT_ID = "/proc/sys/kernel/random/boot_id";
const BOOT_ID_BYTES = 64;

/**
 * The file of one chip; while it is open no other process drives that chip. The file is there as
 * long as there is an output to give back.
 */
export class Originals implements Disposable {
  readonly chip: SavedChip;
  readonly #path: string;
  readonly #bootId: string;
  readonly #lock: Deno.FsFile;
  readonly #outputs: Map<number, Original>;

  private constructor(
    path: string,
    chip: SavedChip,
    bootId: string,
    lock: Deno.FsFile,
    outputs: Map<number, Original>,
  ) {
    this.#path = path;
    this.chip = chip;
    this.#bootId = bootId;
    this.#lock = lock;
    this.#outputs = outputs;
  }

  /**
   * Opens the file of a chip, with what a process that was killed has left in it. What is of
   * another boot is forgotten: the chip has been set up anew since.
   * @throws BoardError when another process drives the chip, or the file cannot be had
   */
  static async open(stateDir: string, chip: SavedChip, libc: BootReader): Promise<Originals> {
    requireState(stateDir);
    const name = `${chip.chip}@${unnumberedPath(chip.device).replace(/[^\w.:-]+/g, "_")}`;
    return await this.#open(`${stateDir}/${name}${SUFFIX}`, chip, libc);
  }

  /**
   * Opens a file that {@link savedFiles} has named; null when nothing in it is of this boot.
   * @throws BoardError as {@link Originals.open}
   */
  static async reopen(path: string, libc: BootReader): Promise<Originals | null> {
    const known = await readState(path);
    if (known === null) return null;
    const { sysfsRoot, chip, device } = known;
    const originals = await this.#open(path, { sysfsRoot, chip, device }, libc);
    if (originals.outputs.size > 0) return originals;
    await originals.#write();
    originals[Symbol.dispose]();
    return null;
  }

  static async #open(path: string, chip: SavedChip, libc: BootReader): Promise<Originals> {
    const bootId = new TextDecoder().decode(await libc.readFile(BOOT_ID, BOOT_ID_BYTES)).trim();
    try {
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true, mode: 0o755 });
      const lock = await lockFile(`${path}.lock`);
      if (lock === null) {
        const { pid = "?" } = await readState(path) ?? {};
        throw new BoardError(
          `Cannot drive the outputs of ${chip.chip} at ${chip.device}: process ${pid} drives ` +
            "them; end that one first, or ask it through its server",
        );
      }
      const known = await readState(path);
      const outputs = new Map(known?.boot === bootId ? known.outputs : []);
      return new Originals(path, chip, bootId, lock, outputs);
    } catch (error) {
      throw fileError(path, error);
    }
  }

  /** What is known, by the number of the output. */
  get outputs(): ReadonlyMap<number, Original> {
    return this.#outputs;
  }

  /**
   * Keeps what an output was like; it is on the disk when this resolves. What is known already
   * stays: it was read before anybody changed it.
   * @throws BoardError when it cannot be kept
   */
  async save(pwm: number, original: Original): Promise<void> {
    if (this.#outputs.has(pwm)) return;
    this.#outputs.set(pwm, original);
    try {
      await this.#write();
    } catch (error) {
      this.#outputs.delete(pwm);
      throw error;
    }
  }

  /** An output has been given back. @throws BoardError when that cannot be kept */
  async drop(pwm: number): Promise<void> {
    if (this.#outputs.delete(pwm)) await this.#write();
  }

  /** Lets others drive the chip. */
  [Symbol.dispose](): void {
    this.#lock.close();
  }

  async #write(): Promise<void> {
    try {
      if (this.#outputs.size === 0) return await removeFile(this.#path);
      const outputs = Object.fromEntries(this.#outputs);
      const state = { format: FORMAT, boot: this.#bootId, pid: Deno.pid, ...this.chip, outputs };
      await writeDurably(this.#path, `${JSON.stringify(state, null, 2)}\n`);
    } catch (error) {
      throw fileError(this.#path, error);
    }
  }
}

/** What is needed to know which boot this is. */
export type BootReader = Pick<Libc, "readFile">;

/** The paths of all files in a folder; none when there is no folder. @throws BoardError */
export async function savedFiles(stateDir: string): Promise<string[]> {
  requireState(stateDir);
  const paths: string[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(stateDir)) {
      if (isFile && name.endsWith(SUFFIX)) paths.push(`${stateDir}/${name}`);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw fileError(stateDir, error);
  }
  return paths.sort();
}

/** Never asks at a terminal: whoever runs as a service has nobody to answer. */
function requireState(path: string): void {
  for (const name of ["read", "write"] as const) {
    if (Deno.permissions.querySync({ name, path }).state === "granted") continue;
    throw new BoardError(
      `Cannot keep what outputs were like before: "${path}" may not be used; ` +
        `run with --allow-read=${path} --allow-write=${path}`,
    );
  }
}

async function lockFile(path: string): Promise<Deno.FsFile | null> {
  const file = await Deno.open(path, { write: true, create: true });
  if (await file.tryLock(true)) return file;
  file.close();
  return null;
}

interface State extends SavedChip {
  readonly boot: string;
  readonly pid: number;
  readonly outputs: [number, Original][];
}

/** What a file holds; null when there is none, or it is not one of ours. */
async function readState(path: string): Promise<State | null> {
  try {
    const { format, outputs, ...state } = JSON.parse(await Deno.readTextFile(path));
    if (format !== FORMAT) return null;
    const entries = Object.entries(outputs as Record<string, Original>);
    return { ...state, outputs: entries.map(([pwm, original]) => [Number(pwm), original]) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Either the old content is there or the new one, also after the power was cut. */
async function writeDurably(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  {
    using file = await Deno.open(draft, { write: true, create: true, truncate: true, mode: 0o644 });
    let bytes = new TextEncoder().encode(text);
    while (bytes.length > 0) bytes = bytes.subarray(await file.write(bytes));
    await file.sync();
  }
  await Deno.rename(draft, path);
  using folder = await Deno.open(path.slice(0, path.lastIndexOf("/")));
  await folder.sync();
}

async function removeFile(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function fileError(path: string, error: unknown): unknown {
  if (error instanceof BoardError || !(error instanceof Error)) return error;
  return new BoardError(
    `Cannot keep what outputs were like before in "${path}": ${error.message}; ` +
      "use a folder that this process may write",
    { cause: error },
  );
}
