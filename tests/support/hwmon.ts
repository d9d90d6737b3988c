import type { TempDir } from "./temp_dir.ts";

/** One temperature input as its driver shows it. */
export interface FixtureInput {
  /** What `tempN_input` holds: thousandths of °C, or whatever a test wants. */
  value: string;
  label?: string;
  fault?: string;
}

/** A chip in a copy of /sys. */
export interface FixtureChip {
  chip: string;
  /** Below /sys: `devices/platform/coretemp.0`. */
  device: string;
  /** N of hwmonN, which means nothing and changes. */
  number: number;
  inputs: Record<number, FixtureInput>;
  /** Keeps its attributes with the device, as drivers of the old kind do. */
  old?: boolean;
  /** Stands right below its device, as with thermal zones and NVMe controllers. */
  direct?: boolean;
}

/** Puts a chip into the copy of /sys in `dir`; the result holds its attributes. */
export async function addChip(dir: TempDir, fixture: FixtureChip): Promise<string> {
  const { chip, device, number, inputs, old, direct } = fixture;
  const hwmon = direct ? `${device}/hwmon${number}` : `${device}/hwmon/hwmon${number}`;
  const attributes = old ? device : hwmon;
  await Deno.mkdir(dir.join(hwmon), { recursive: true });
  await Deno.mkdir(dir.join("class/hwmon"), { recursive: true });
  await dir.write(`${attributes}/name`, `${chip}\n`);
  for (const [input, { value, label, fault }] of Object.entries(inputs)) {
    await dir.write(`${attributes}/temp${input}_input`, value);
    if (label !== undefined) await dir.write(`${attributes}/temp${input}_label`, `${label}\n`);
    if (fault !== undefined) await dir.write(`${attributes}/temp${input}_fault`, `${fault}\n`);
  }
  await Deno.symlink(direct ? ".." : "../..", dir.join(`${hwmon}/device`));
  await Deno.symlink(`../../${hwmon}`, dir.join(`class/hwmon/hwmon${number}`));
  return dir.join(attributes);
}

/** Takes a chip out again, as unloading its driver does. */
export async function removeChip(dir: TempDir, fixture: FixtureChip): Promise<void> {
  await Deno.remove(dir.join(`class/hwmon/hwmon${fixture.number}`));
  await Deno.remove(dir.join(`${fixture.device}/hwmon`), { recursive: true });
}
