import { deepStrictEqual } from "node:assert/strict";
import { DEFAULT_TOOL_PATHS } from "../../../src/sensors/tool_paths.ts";
import type { SensorSource } from "../../../src/sensors/sensor_source.ts";
import { sensorNeeds } from "../../../src/server/program/sensor_needs.ts";

const LIBC = "--allow-ffi=";
const TOOLS = { ...DEFAULT_TOOL_PATHS, smartctl: "/opt/smartctl" };

/** The flags for one sensor; which C library it is depends on the machine. */
function flags(source: SensorSource): string[] {
  return sensorNeeds([{ source }], TOOLS).map(({ flag }) => flag.startsWith(LIBC) ? LIBC : flag);
}

const sources: [SensorSource, string[]][] = [
  [{ type: "hwmon", chip: "nvme" }, [LIBC]],
  [{ type: "cpu" }, [LIBC]],
  [{ type: "amdgpu", reads: "edge" }, [LIBC]],
  [{ type: "drivetemp", serial: "S1" }, ["--allow-run=/opt/smartctl", LIBC]],
  [{ type: "smart", serial: "S1" }, ["--allow-run=/opt/smartctl", LIBC]],
  [{ type: "nvidia", index: 0, reads: "gpu" }, ["--allow-run=nvidia-smi", LIBC]],
  [{ type: "ipmi", sensor: "Temp", host: "bmc" }, ["--allow-run=ipmitool"]],
  [{ type: "command", argv: ["/usr/bin/t", "-c"] }, ["--allow-run=/usr/bin/t"]],
  [{ type: "command", argv: ["t | head -1"], shell: true }, ["--allow-run=/bin/sh"]],
  [{ type: "file", path: "/run/t", scale: 1 }, ["--allow-read=/run/t"]],
  [{ type: "file", path: "/sys/class/thermal/thermal_zone0/temp", scale: 1 }, [LIBC]],
  [{ type: "http", url: "http://localhost/t", scale: 1 }, ["--allow-net=localhost:80"]],
  [{ type: "http", url: "https://localhost/t", scale: 1 }, ["--allow-net=localhost:443"]],
  [{ type: "http", url: "http://localhost:8123/t", scale: 1 }, ["--allow-net=localhost:8123"]],
  [{ type: "pushed", maxTtlMs: 60_000 }, []],
  [{ type: "board", board: "b", input: 0 }, []],
  [{ type: "simulated", plant: "p", source: "s" }, []],
  [{ type: "missing", reason: "" }, []],
];

for (const [source, wanted] of sources) {
  Deno.test(`what a sensor needs is as narrow as it can be: ${JSON.stringify(source)}`, () => {
    deepStrictEqual(flags(source), wanted);
  });
}
