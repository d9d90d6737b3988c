/**
 * What this machine can measure, ready to be configured.
 *
 * @module
 */
import { type Libc, LibcError } from "../../libc/libc.ts";
import { isCpuChip } from "../hwmon/cpu.ts";
import type { HwmonTools } from "../hwmon/hwmon.ts";
import { describeInput, type HwmonInput, matchesSource, scanHwmon } from "../hwmon/hwmon_tree.ts";
import type { HwmonSource } from "../sensor_source.ts";

/** One temperature that this machine has. */
export interface FoundSensor {
  /** What it measures, as far as its driver gives it away. */
  kind: "cpu" | "hdd" | "ssd" | "other";
  /** What to configure: it names this input and no other, also after a restart. */
  source: HwmonSource;
  /** The input in words. */
  text: string;
}

/** Every temperature input of the kernel; nothing is read that could wake a drive. */
export async function discoverSensors({ libc, sysfsRoot }: HwmonTools): Promise<FoundSensor[]> {
  const inputs = await scanHwmon(libc, sysfsRoot);
  const found: FoundSensor[] = [];
  for (const input of inputs) {
    found.push({
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
  const device = stableDevice(input.device);
  const byChip: HwmonSource = { type: "hwmon", chip };
  const byLabel = label === null ? byChip : { ...byChip, label };
  const candidates = [byChip, byLabel, { ...byChip, device }, { ...byLabel, device }];
  const clear = candidates.find((source) =>
    inputs.filter((other) => matchesSource(other, source)).length === 1
  );
  return clear ?? { ...byLabel, device, input: input.input };
}

/** The kernel numbers NVMe controllers as it finds them; their place on the bus stays. */
function stableDevice(device: string): string {
  return device.replace(/\/nvme\/nvme\d+$/, "");
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
