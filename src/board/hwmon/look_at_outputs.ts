/**
 * Whether outputs could be driven, found out without driving them.
 *
 * @module
 */
import { FandError } from "../../errors.ts";
import { Libc } from "../../libc/libc.ts";
import type { HwmonSpec } from "../line_spec.ts";
import { findChip, outputsOf } from "./find_chip.ts";

/**
 * What stands against it, a sentence each; nothing when all is well.
 * @param channels those that are to be driven
 */
export async function lookAtOutputs(
  spec: HwmonSpec,
  sysfsRoot: string,
  channels: readonly number[],
): Promise<string[]> {
  using libc = new Libc();
  try {
    const chip = await findChip(libc, sysfsRoot, spec);
    const outputs = outputsOf(chip, spec.outputs);
    return channels.flatMap((channel) => {
      const output = outputs[channel];
      if (output === undefined) {
        return `Cannot drive channel ${channel}: it has ${outputs.length} outputs; ` +
          `give channels from 0 to ${outputs.length - 1}`;
      }
      const path = `${output.directory}/${output.name}`;
      return libc.canWrite(path)
        ? []
        : `Cannot drive channel ${channel}: "${path}" may not be written; be root, or let ` +
          "a rule of udev give it to you";
    });
  } catch (error) {
    if (error instanceof FandError) return [error.message];
    throw error;
  }
}
