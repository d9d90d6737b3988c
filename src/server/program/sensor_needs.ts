/**
 * What Deno must permit for the sensors of a configuration, each grant as narrow as it can be. A
 * server starts without them: what is missing costs that sensor.
 *
 * @module
 */

import { KERNEL_FILE } from "../../sensors/file.ts";
import { hostOf } from "../../sensors/network/http.ts";
import type { SensorSource } from "../../sensors/sensor_source.ts";
import type { ToolPaths } from "../../sensors/tool_paths.ts";
import { SHELL } from "../../sensors/tools/command.ts";
import { libcNeed, type Need, readNeed, runNeed } from "./permissions.ts";

/** What is needed to read these sensors with these tools; the same grant may come twice. */
export function sensorNeeds(
  sensors: readonly { source: SensorSource }[],
  tools: Readonly<ToolPaths>,
): Need[] {
  return sensors.flatMap(({ source }) => needsOf(source, tools));
}

function needsOf(source: SensorSource, tools: Readonly<ToolPaths>): Need[] {
  switch (source.type) {
    case "hwmon":
    case "cpu":
    case "amdgpu":
      return [libcNeed()];
    case "drivetemp":
    case "smart":
      // The C library: to find a drive that sleeps, and to leave one alone that is switched off.
      return [runNeed(tools.smartctl), libcNeed()];
    case "nvidia":
      return [runNeed(tools.nvidiaSmi), libcNeed()];
    case "ipmi":
      return [runNeed(tools.ipmitool)];
    case "command":
      return [runNeed(source.shell ? SHELL : source.argv[0] ?? "")];
    case "file":
      return [KERNEL_FILE.test(source.path) ? libcNeed() : readNeed(source.path)];
    case "http": {
      const host = hostOf(new URL(source.url));
      return [{ descriptor: { name: "net", host }, flag: `--allow-net=${host}` }];
    }
    case "pushed":
    case "board":
    case "simulated":
    case "missing":
      return [];
  }
}
