/**
 * Gives back what processes that were killed have left as they drove it.
 *
 * @module
 */
import { BoardError } from "../../errors.ts";
import { Libc } from "../../libc/libc.ts";
import { scanChips } from "../../libc/hwmon_chips.ts";
import { outputsOf } from "./find_chip.ts";
import { Originals, type SavedChip, savedFiles } from "./originals.ts";
import { type ChipFiles, type Original, Output } from "./output.ts";
import { type Restored, restoreOutput } from "./restore_output.ts";

/** What has become of one output. */
export interface RestoredOutput {
  readonly chip: string;
  readonly device: string;
  /** `pwm2`. */
  readonly output: string;
  readonly result: Restored;
}

/** What has become of all that was found. */
export interface RestoreReport {
  readonly outputs: readonly RestoredOutput[];
  /** Chips that could not be looked at, as one that a living process drives. */
  readonly errors: readonly BoardError[];
}

/**
 * Gives back every output that a file in `stateDir` tells of. What cannot be given back stays in
 * its file.
 * @throws BoardError when the folder cannot be read
 */
export async function restoreAll(stateDir: string): Promise<RestoreReport> {
  using files = new Libc();
  const outputs: RestoredOutput[] = [];
  const errors: BoardError[] = [];
  for (const path of await savedFiles(stateDir)) {
    try {
      using originals = await Originals.reopen(path, files);
      if (originals !== null) outputs.push(...await restoreChip(originals, files));
    } catch (error) {
      if (!(error instanceof BoardError)) throw error;
      errors.push(error);
    }
  }
  return { outputs, errors };
}

async function restoreChip(originals: Originals, files: ChipFiles): Promise<RestoredOutput[]> {
  const { chip, device } = originals.chip;
  const restored: RestoredOutput[] = [];
  for (const [pwm, original] of [...originals.outputs]) {
    const result = await restoreOne(originals.chip, pwm, original, files);
    if (result.kind === "restored") await originals.drop(pwm);
    restored.push({ chip, device, output: `pwm${pwm}`, result });
  }
  return restored;
}

async function restoreOne(
  { sysfsRoot, chip, device }: SavedChip,
  pwm: number,
  original: Original,
  files: ChipFiles,
): Promise<Restored> {
  const found = (await scanChips(files, sysfsRoot))
    .find((known) => known.chip === chip && known.device === device);
  if (found === undefined) return { kind: "failed", reason: "the chip is not there" };
  try {
    const [place] = outputsOf(found, [{ pwm, fan: pwm }]);
    if (place === undefined) return { kind: "failed", reason: "the output is not there" };
    return await restoreOutput(new Output(place, found, files), original);
  } catch (error) {
    if (error instanceof BoardError) return { kind: "failed", reason: error.message };
    throw error;
  }
}
