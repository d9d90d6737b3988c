/**
 * Gives back what processes that were killed have left as they drove it.
 *
 * @module
 */
import { BoardError } from "../../errors.ts";
import { Libc } from "../../libc/libc.ts";
import { type HwmonChip, scanChips, unnumberedPath } from "../../libc/hwmon_chips.ts";
import { outputsOf } from "./find_chip.ts";
import { Originals, savedFiles } from "./originals.ts";
import { type ChipFiles, Output } from "./output.ts";
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

/**
 * Gives back one output of those that `originals` tells of, and forgets it when that has worked.
 * @param chip as it was found; null when it is not there
 */
export async function restoreSaved(
  originals: Originals,
  chip: HwmonChip | null,
  pwm: number,
  files: ChipFiles,
): Promise<Restored> {
  const original = originals.outputs.get(pwm);
  if (chip === null) return { kind: "failed", reason: "the chip is not there" };
  try {
    const [place] = outputsOf(chip, [{ pwm, fan: pwm }]);
    if (place === undefined || original === undefined) {
      return { kind: "failed", reason: "nothing is known of it" };
    }
    const result = await restoreOutput(new Output(place, chip, files), original);
    if (result.kind === "restored") await originals.drop(pwm);
    return result;
  } catch (error) {
    if (error instanceof BoardError) return { kind: "failed", reason: error.message };
    throw error;
  }
}

async function restoreChip(originals: Originals, files: ChipFiles): Promise<RestoredOutput[]> {
  const { sysfsRoot, chip, device } = originals.chip;
  const found = (await scanChips(files, sysfsRoot))
    .find((known) =>
      known.chip === chip && unnumberedPath(known.device) === unnumberedPath(device)
    ) ?? null;
  const restored: RestoredOutput[] = [];
  for (const pwm of [...originals.outputs.keys()]) {
    const result = await restoreSaved(originals, found, pwm, files);
    restored.push({ chip, device, output: `pwm${pwm}`, result });
  }
  return restored;
}
