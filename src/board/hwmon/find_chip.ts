/**
 * Finds the chip that a line names, and its outputs.
 *
 * @module
 */
import { BoardError } from "../../errors.ts";
import {
  type HwmonChip,
  isDevice,
  scanChips,
  stablePath,
  type TreeReader,
} from "../../libc/hwmon_chips.ts";
import type { HwmonSpec, OutputSpec } from "../line_spec.ts";

/** Where one output is. */
export interface OutputPlace {
  /** `pwm2`. */
  readonly name: string;
  readonly pwm: number;
  /** N of the tachometer's `fanN_input`; null when the chip has none of that number. */
  readonly fan: number | null;
  /** The directory of its attributes. */
  readonly directory: string;
  /** Whether it has a mode: `pwm2_enable`. */
  readonly hasMode: boolean;
  /** Whether the chip tells that the tachometer itself is broken. */
  readonly tellsFault: boolean;
}

const MAX_LISTED = 12;

/**
 * The one chip with outputs that is meant.
 * @throws BoardError when none matches or several do, listing what there is
 */
export async function findChip(
  tree: TreeReader,
  sysfsRoot: string,
  { chip, device }: HwmonSpec,
): Promise<HwmonChip> {
  const chips = (await scanChips(tree, sysfsRoot)).filter((found) => pwmsOf(found).length > 0);
  const hits = chips.filter((found) =>
    found.chip === chip && (device === null || isDevice(found.device, device))
  );
  const [hit] = hits;
  if (hit !== undefined && hits.length === 1) return hit;
  const wanted = device === null ? `"${chip}"` : `"${chip}" at "${device}"`;
  if (hit === undefined) {
    throw new BoardError(
      `Cannot find the outputs of ${wanted}: this machine has ${listed(chips)}; ` +
        "name one of these, or load its driver",
    );
  }
  throw new BoardError(
    `Cannot tell which chip is meant by ${wanted}: ${hits.length} match, ${listed(hits)}; ` +
      `name the device of one, as "${lineOf(hit)}"`,
  );
}

/**
 * The outputs of a chip, in the order of `wanted`, or all by their number.
 * @throws BoardError for one that the chip has not
 */
export function outputsOf(
  chip: HwmonChip,
  wanted: readonly OutputSpec[] | null,
): OutputPlace[] {
  const pwms = pwmsOf(chip);
  const outputs = wanted ?? pwms.map((pwm) => ({ pwm, fan: pwm }));
  return outputs.map(({ pwm, fan }) => {
    if (!pwms.includes(pwm)) {
      throw new BoardError(
        `Cannot drive pwm${pwm} of ${describeChip(chip)}: it has ` +
          `${pwms.map((known) => `pwm${known}`).join(", ")}; name some of these`,
      );
    }
    const { directory, attributes } = chip;
    return {
      name: `pwm${pwm}`,
      pwm,
      fan: attributes.has(`fan${fan}_input`) ? fan : null,
      directory,
      hasMode: attributes.has(`pwm${pwm}_enable`),
      tellsFault: attributes.has(`fan${fan}_fault`),
    };
  });
}

/** The numbers of a chip's outputs, rising. */
export function pwmsOf({ attributes }: HwmonChip): number[] {
  return [...attributes].map((name) => Number(/^pwm(\d{1,2})$/.exec(name)?.[1] ?? 0))
    .filter((pwm) => pwm > 0).sort((one, other) => one - other);
}

/** `nct6775 at devices/platform/nct6775.656`. */
export function describeChip({ chip, device }: Pick<HwmonChip, "chip" | "device">): string {
  return `${chip} at ${device}`;
}

/** The line that means this chip and no other: `hwmon:nct6775@nct6775.656`. */
export function lineOf({ chip, device }: HwmonChip): string {
  const path = stablePath(device);
  return `hwmon:${chip}@${path.slice(path.lastIndexOf("/") + 1)}`;
}

function listed(chips: readonly HwmonChip[]): string {
  if (chips.length === 0) return "no chip with outputs";
  const more = chips.length > MAX_LISTED ? `, and ${chips.length - MAX_LISTED} more` : "";
  return chips.slice(0, MAX_LISTED).map(describeChip).join(", ") + more;
}
