/**
 * The kernel's temperature inputs, each with what to configure for it.
 *
 * @module
 */
import { type Libc, LibcError } from "../../libc/libc.ts";
import { isCpuChip } from "../hwmon/cpu.ts";
import type { HwmonTools } from "../hwmon/hwmon.ts";
import {
  describeInput,
  type HwmonInput,
  matchesSource,
  scanHwmon,
  stablePath,
} from "../hwmon/hwmon_tree.ts";
import type { HwmonSource } from "../sensor_source.ts";

/** One temperature input of this machine. */
export interface FoundSensor {
  /** What it measures, as far as its driver gives it away. */
  kind: "cpu" | "hdd" | "ssd" | "other";
  /** What to configure: it names this input and no other, also after a restart. */
  source: HwmonSource;
  /** The input in words. */
  text: string;
}

/** The same, with the input itself. */
export interface FoundInput extends FoundSensor {
  input: HwmonInput;
}

/** Every temperature input of the kernel; nothing is read that could wake a drive. */
export async function discoverInputs({ libc, sysfsRoot }: HwmonTools): Promise<FoundInput[]> {
  const inputs = await scanHwmon(libc, sysfsRoot);
  const found: FoundInput[] = [];
  for (const input of inputs) {
    found.push({
      input,
      kind: await kindOf(input, libc, sysfsRoot),
      source: identify(input, inputs),
      text: describeInput(input),
    });
  }
  return found;
}

/** The shortest source that means `input` alone. */
function identify(input: HwmonInput, inputs: readonly HwmonInput[]): HwmonSource {
  const { chip, label } = input;
  const device = stablePath(input.device);
  const byChip: HwmonSource = { type: "hwmon", chip };
  const byLabel = label === null ? byChip : { ...byChip, label };
  const byInput = { ...byLabel, input: input.input };
  const candidates = [byChip, byLabel, byInput, { ...byChip, device }, { ...byLabel, device }];
  const clear = candidates.find((source) =>
    inputs.filter((other) => matchesSource(other, source)).length === 1
  );
  return clear ?? { ...byInput, device };
}

async function kindOf(
  { chip, device }: HwmonInput,
  libc: Libc,
  sysfsRoot: string,
): Promise<FoundSensor["kind"]> {
  if (isCpuChip(chip)) return "cpu";
  if (chip === "nvme") return "ssd";
  if (chip !== "drivetemp") return "other";
  return await rotates(`${sysfsRoot}/${device}/block`, libc) ? "hdd" : "ssd";
}

/** Whether the drive with these block devices rotates; one that does not say does. */
async function rotates(blockDirectory: string, libc: Libc): Promise<boolean> {
  try {
    for (const name of libc.listDirectory(blockDirectory)) {
      const flag = await libc.readFile(`${blockDirectory}/${name}/queue/rotational`, 16);
      return new TextDecoder().decode(flag).trim() !== "0";
    }
  } catch (error) {
    if (!(error instanceof LibcError)) throw error;
  }
  return true;
}
