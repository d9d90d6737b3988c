/**
 * A file that holds one number.
 *
 * @module
 */
import { SensorError } from "../errors.ts";
import type { Libc } from "../libc/libc.ts";
import { requirePermission } from "./permission.ts";
import { parseReading } from "./reading.ts";
import type { Sensor } from "./sensor.ts";

const MAX_FILE_BYTES = 4096;

/** Whoever writes the file has died when it is older. */
export const DEFAULT_MAX_AGE_MS = 60_000;

/** Deno opens these with nothing less than every permission. */
export const KERNEL_FILE = /^\/(sys|proc|dev)\//;

/** The number in a file, times a factor. */
export class FileSensor implements Sensor {
  readonly name: string;
  readonly #path: string;
  readonly #scale: number;
  readonly #libc: Libc;
  readonly #maxAgeMs: number;

  /**
   * @param scale °C for each unit of the file.
   * @param maxAgeMs how long after its last change a file is believed. The kernel's own files are
   * always of now.
   */
  constructor(
    name: string,
    path: string,
    scale: number,
    libc: Libc,
    maxAgeMs: number = DEFAULT_MAX_AGE_MS,
  ) {
    this.name = name;
    this.#path = path;
    this.#scale = scale;
    this.#libc = libc;
    this.#maxAgeMs = maxAgeMs;
  }

  async read(): Promise<number> {
    const path = this.#path;
    const bytes = KERNEL_FILE.test(path)
      ? await this.#libc.readFile(path, MAX_FILE_BYTES)
      : await readOrdinary(path, this.#maxAgeMs);
    return parseReading(new TextDecoder().decode(bytes), `"${path}"`) * this.#scale;
  }
}

async function readOrdinary(path: string, maxAgeMs: number): Promise<Uint8Array> {
  requirePermission({ name: "read", path }, `read "${path}"`);
  // Opening a named pipe would wait for its writer, and could not be called off.
  const { isFile, mtime } = await stat(path);
  if (!isFile) {
    throw new SensorError(`Cannot read "${path}": it is not a file; name one that holds a number`);
  }
  const ageMs = Date.now() - (mtime?.getTime() ?? 0);
  if (ageMs > maxAgeMs) {
    throw new SensorError(
      `Cannot believe "${path}": nobody has written it for ${Math.round(ageMs / 1000)} s; ` +
        "see that what writes it still runs",
    );
  }
  using file = await Deno.open(path, { read: true });
  const buffer = new Uint8Array(MAX_FILE_BYTES + 1);
  let length = 0;
  while (length < buffer.length) {
    const count = await file.read(buffer.subarray(length));
    if (count === null) return buffer.subarray(0, length);
    length += count;
  }
  throw new SensorError(
    `Cannot read "${path}": it holds more than ${MAX_FILE_BYTES} bytes; name a smaller file`,
  );
}

async function stat(path: string): Promise<Deno.FileInfo> {
  try {
    return await Deno.stat(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new SensorError(`Cannot read "${path}": there is no such file; check the path`, {
      cause,
    });
  }
}
