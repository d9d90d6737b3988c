/**
 * `fanctl sensors`: what this machine can measure, ready to paste into a fand.toml. It asks no
 * server.
 *
 * @module
 */
import { discoverMachine, type Measured } from "../sensors/discover/machine.ts";
import { SensorTools } from "../sensors/sensor_tools.ts";
import { DEFAULT_TOOL_PATHS, type ToolPaths } from "../sensors/tool_paths.ts";
import type { WireMap, WireValue } from "../wire/value.ts";
import type { CommandOf } from "./command.ts";
import type { CommandContext } from "./context.ts";

/** How the keys of a source are written in a file, where that is another name. */
const KEY_NAMES: Readonly<Record<string, string>> = { passwordFile: "password_file" };
/** How the places of tools are written in a file. */
const TOOL_KEYS = [
  ["smartctl", "smartctl"],
  ["nvidia_smi", "nvidiaSmi"],
  ["ipmitool", "ipmitool"],
  ["sysfs", "sysfsRoot"],
] as const;

/** Prints every sensor with what it reads now, and what could not be looked at. */
export async function sensors(
  { places }: CommandOf<"sensors">,
  context: CommandContext,
): Promise<void> {
  const { clock } = context.io;
  const paths: ToolPaths = {
    ...DEFAULT_TOOL_PATHS,
    sysfsRoot: context.io.places.sysfsRoot,
    ...places,
  };
  await using tools = new SensorTools({ clock, ...paths });
  const { sensors, problems } = await discoverMachine(tools);
  const json: WireMap = {
    sensors: sensors.map(sensorMap),
    problems: problems.map((problem) => ({ ...problem })),
  };
  const parts = [
    toolsTable(paths),
    ...sensors.map(sensorTable),
    problems.map(({ what, reason }) => `# Not looked at: ${what}.\n#   ${reason}`).join("\n"),
    sensors.length > 0 ? "" : "# Nothing was found.",
  ];
  context.print(json, parts.filter((part) => part !== "").join("\n\n"));
}

function sensorMap({ name, kind, text, tempC, state, source }: Measured): WireMap {
  const config = Object.fromEntries(keysOf({ name, kind, source }));
  return { name, kind, text, temp_c: tempC, state, config };
}

function sensorTable({ name, kind, source, text, tempC, state }: Measured): string {
  const now = tempC === null ? state : `${Math.round(tempC * 10) / 10} °C now`;
  const lines = keysOf({ name, kind, source }).map(([key, value]) => `${key} = ${toToml(value)}`);
  return [`# ${text}: ${now}`, "[[sensor]]", ...lines].join("\n");
}

/** The keys of `[[sensor]]`; the kind is left out where it is what it would be without. */
function keysOf(
  { name, kind, source }: Pick<Measured, "name" | "kind" | "source">,
): [key: string, value: WireValue][] {
  const { type, ...place } = source;
  const usual = type === "cpu" ? "cpu" : "other";
  return [
    ["name", name],
    ["type", type],
    ...Object.entries(place).map(([key, value]): [string, WireValue] => [
      KEY_NAMES[key] ?? key,
      value,
    ]),
    ...kind === usual ? [] : [["kind", kind] as [string, WireValue]],
  ];
}

/** The table of those places that are not the usual ones. */
function toolsTable(paths: ToolPaths): string {
  const lines = TOOL_KEYS.filter(([, key]) => paths[key] !== DEFAULT_TOOL_PATHS[key])
    .map(([name, key]) => `${name} = ${toToml(paths[key])}`);
  return lines.length === 0 ? "" : ["[tools]", ...lines].join("\n");
}

/** Texts, numbers and truth values are written in TOML as in JSON, but for one character. */
function toToml(value: WireValue): string {
  return JSON.stringify(value).replaceAll("\x7f", "\\u007f");
}
