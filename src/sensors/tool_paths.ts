/**
 * Where the programs and files are that sensors are read with.
 *
 * @module
 */

/** The places. */
export interface ToolPaths {
  /** `/sys`, or a copy of it. */
  sysfsRoot: string;
  /** smartctl: a name to be found in PATH, or a path; so are the others. */
  smartctl: string;
  /** nvidia-smi. */
  nvidiaSmi: string;
  /** ipmitool. */
  ipmitool: string;
}

/** Where they are when nobody says otherwise. */
export const DEFAULT_TOOL_PATHS: Readonly<ToolPaths> = Object.freeze({
  sysfsRoot: "/sys",
  smartctl: "smartctl",
  nvidiaSmi: "nvidia-smi",
  ipmitool: "ipmitool",
});
