/**
 * smartctl, shared by all sensors that need it: bounded runs, and one list of the drives. A drive
 * that sleeps is never woken: every run has `-n standby`.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import { SensorError } from "../../errors.ts";
import type { Libc } from "../../libc/libc.ts";
import { withinGrace } from "../grace.ts";
import { runTool, type ToolResult } from "../tools/run_tool.ts";
import { Slots } from "../tools/slots.ts";
import { blockNameOf, blockNames, isRuntimeSuspended, storedSerial } from "./kernel_drives.ts";
import {
  parseSmartReport,
  parseSmartScan,
  type ScannedDrive,
  type SmartReport,
} from "./smart_report.ts";

/** How many smartctl run at once. */
export const SMART_PARALLEL = 4;
/** The list of drives is made again at most this often. */
export const SMART_RESCAN_MS = 60_000;
/** How long one run may take while the list is made. */
export const SMART_SCAN_RUN_MS = 10_000;
/** Several times what `-A -i` prints about any drive, or `--scan-open` about a hundred. */
const MAX_OUTPUT_BYTES = 262_144;

/** What {@link SmartTool} works with. */
export interface SmartToolParts {
  /** The program: a name to be found in PATH, or a path. */
  command: string;
  libc: Libc;
  /** `/sys`, or a copy of it. */
  sysfsRoot: string;
  clock: Clock;
}

/** A drive, and its type where that is known. */
export type Drive = Pick<ScannedDrive, "name"> & Partial<ScannedDrive>;

/** Runs smartctl. */
export class SmartTool {
  readonly #parts: SmartToolParts;
  readonly #slots = new Slots(SMART_PARALLEL);
  readonly #closed = new AbortController();
  #drives: ReadonlyMap<string, Drive> = new Map();
  #driveCount = 0;
  /** Serial numbers whose drive could not be read where it was. */
  #doubted = new Set<string>();
  #scanFailure: unknown = null;
  #scannedMs: number | null = null;
  #scanning: Promise<void> | null = null;

  constructor(parts: SmartToolParts) {
    this.#parts = parts;
  }

  /**
   * Reads one drive.
   *
   * @throws {SensorError} when it cannot be read
   */
  async read(drive: Drive, signal: AbortSignal): Promise<SmartReport> {
    const args = ["-A", "-i", ...target(drive)];
    const { code, stdout } = await this.#inSlot(signal, (either) => this.#run(args, either));
    return parseSmartReport(stdout, code);
  }

  /**
   * The drive with this serial number, from a list that is made when it is needed.
   *
   * @throws {SensorError} when no drive has it
   */
  async find(serial: string, signal: AbortSignal): Promise<Drive> {
    const known = this.#drives.get(serial);
    if (known && !this.#doubted.has(serial)) return known;
    await raceAbort(this.#scanWhenOld(), signal);
    const found = this.#drives.get(serial);
    if (found) return found;
    if (this.#scanFailure !== null) throw this.#scanFailure;
    throw new SensorError(
      `Cannot find the drive with serial number "${serial}": none of the ${this.#driveCount} ` +
        `drives that smartctl lists has it; check the number and the cable`,
    );
  }

  /**
   * Every drive by its serial number, in smartctl's order.
   *
   * @throws {SensorError} when they cannot be listed
   */
  async list(signal: AbortSignal): Promise<ReadonlyMap<string, Drive>> {
    await raceAbort(this.#scanWhenOld(), signal);
    if (this.#scanFailure !== null) throw this.#scanFailure;
    return this.#drives;
  }

  /** The drive with this serial number could not be read: look for it again when it is time. */
  doubt(serial: string): void {
    this.#doubted.add(serial);
  }

  /** Ends every run. */
  async close(): Promise<void> {
    this.#closed.abort(new SensorError("Cannot run smartctl: fand is shutting down; start it"));
    if (this.#scanning) await withinGrace(this.#scanning, this.#parts.clock);
  }

  #scanWhenOld(): Promise<void> {
    const nowMs = this.#parts.clock.monotonicMs();
    const fresh = this.#scannedMs !== null && nowMs - this.#scannedMs < SMART_RESCAN_MS;
    if (!this.#scanning && fresh) return Promise.resolve();
    return this.#scanning ??= this.#scan().then(() => null, (error) => error).then((failure) => {
      this.#scanFailure = failure;
      this.#scannedMs = this.#parts.clock.monotonicMs();
      this.#scanning = null;
    });
  }

  async #scan(): Promise<void> {
    // Opening every drive tells its type, and wakes what the kernel has put to sleep.
    const opens = !await this.#isAnySuspended();
    const { code, stdout } = await this.#runWithin([opens ? "--scan-open" : "--scan"]);
    const listed = parseSmartScan(stdout, code);
    // What was not opened is taken for SCSI, whatever it is.
    const scanned = opens
      ? listed
      : listed.map(({ name, type }) => type === "scsi" ? { name } : { name, type });
    const serials = await Promise.all(scanned.map((drive) => this.#serialOf(drive)));
    const before = new Map(Array.from(this.#drives, ([serial, { name }]) => [name, serial]));
    const drives = new Map<string, Drive>();
    const add = (drive: Drive, serial: string | null | undefined): void => {
      // A drive with several paths is read on the first.
      if (serial && !drives.has(serial)) drives.set(serial, drive);
    };
    scanned.forEach((drive, index) => add(drive, serials[index]));
    // Who does not answer this once is taken for who was there; reading it will tell.
    scanned.forEach((drive, index) => serials[index] ?? add(drive, before.get(drive.name)));
    this.#drives = drives;
    this.#doubted.clear();
    this.#driveCount = scanned.length;
  }

  async #isAnySuspended(): Promise<boolean> {
    for (const block of blockNames(this.#parts)) {
      if (await isRuntimeSuspended(this.#parts, block)) return true;
    }
    return false;
  }

  /** Null when the drive does not tell: the others are listed all the same. */
  async #serialOf(drive: Drive): Promise<string | null> {
    const block = blockNameOf(this.#parts, drive.name);
    if (await isRuntimeSuspended(this.#parts, block)) return storedSerial(this.#parts, block);
    try {
      const { code, stdout } = await this.#runWithin(["-i", ...target(drive)]);
      const { asleep, serial } = parseSmartReport(stdout, code);
      return asleep ? await storedSerial(this.#parts, block) : serial;
    } catch (error) {
      if (error instanceof SensorError) return null;
      throw error;
    }
  }

  /** One of the runs of a scan: its time begins when it does. */
  #runWithin(args: readonly string[]): Promise<ToolResult> {
    const limit = new AbortController();
    return this.#inSlot(limit.signal, async (signal) => {
      const cancel = this.#parts.clock.after(SMART_SCAN_RUN_MS, () => limit.abort());
      try {
        return await this.#run(args, signal);
      } finally {
        cancel();
      }
    });
  }

  #run(args: readonly string[], signal: AbortSignal): Promise<ToolResult> {
    const options = { signal, maxBytes: MAX_OUTPUT_BYTES, libc: this.#parts.libc };
    return runTool([this.#parts.command, "--json", ...args], options);
  }

  async #inSlot<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const either = AbortSignal.any([signal, this.#closed.signal]);
    const giveBack = await this.#slots.take(either);
    // A run that hangs in the kernel outlives its end; it must not keep others from theirs.
    either.addEventListener("abort", giveBack, { once: true });
    try {
      return await work(either);
    } finally {
      either.removeEventListener("abort", giveBack);
      giveBack();
    }
  }
}

function target(drive: Drive): string[] {
  // Without its type, finding it out could wake the drive.
  const type = drive.type === undefined ? [] : ["-d", drive.type];
  return ["-n", "standby", ...type, drive.name];
}

/** Waits for `work`, which goes on for others, until `signal` ends the waiting. */
function raceAbort(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) leave();
    signal.addEventListener("abort", leave, { once: true });
    work.finally(() => signal.removeEventListener("abort", leave)).then(resolve, reject);
  });
}
