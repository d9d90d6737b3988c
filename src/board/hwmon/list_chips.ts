/**
 * The chips of this machine that have outputs for fans.
 *
 * @module
 */
import { scanChips } from "../../libc/hwmon_chips.ts";
import { Libc } from "../../libc/libc.ts";
import { lineOf, pwmsOf } from "./find_chip.ts";

/** A chip, as somebody who wants to drive it needs it. */
export interface ListedChip {
  readonly chip: string;
  /** Below /sys. */
  readonly device: string;
  /** What to write in a configuration: `hwmon:nct6775`. */
  readonly line: string;
  /** `pwm1`, `pwm2`. */
  readonly outputs: readonly string[];
}

/** Lists them, in a steady order. @throws {FandError} when the C library may not be used */
export async function listChips(sysfsRoot: string): Promise<ListedChip[]> {
  using libc = new Libc();
  const chips = (await scanChips(libc, sysfsRoot)).filter((chip) => pwmsOf(chip).length > 0);
  return chips.map((chip) => {
    const { device } = chip;
    const isOnly = chips.filter((other) => other.chip === chip.chip).length === 1;
    const line = isOnly ? `hwmon:${chip.chip}` : lineOf(chip);
    return { chip: chip.chip, device, line, outputs: pwmsOf(chip).map((pwm) => `pwm${pwm}`) };
  });
}
