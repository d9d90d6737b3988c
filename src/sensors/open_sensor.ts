/**
 * From a configured source to a sensor.
 *
 * @module
 */
import { DrivetempSensor } from "./drive/drivetemp.ts";
import { SmartSensor } from "./drive/smart.ts";
import { FileSensor } from "./file.ts";
import { AmdgpuSensor } from "./gpu/amdgpu.ts";
import { NvidiaSensor } from "./gpu/nvidia.ts";
import { CpuSensor } from "./hwmon/cpu.ts";
import { HwmonSensor } from "./hwmon/hwmon.ts";
import { IpmiSensor } from "./ipmi/ipmi.ts";
import { MissingSensor } from "./missing.ts";
import { HttpSensor } from "./network/http.ts";
import { boardInputSensor, pushedSensor } from "./reported/reported_sensor.ts";
import type { Sensor } from "./sensor.ts";
import type { SensorSource } from "./sensor_source.ts";
import type { SensorTools } from "./sensor_tools.ts";
import { SimulatedSensor } from "./simulated/simulated_sensor.ts";
import { CommandSensor } from "./tools/command.ts";

/** The part of a sensor's configuration that says where it is read. */
export interface SensorPlace {
  name: string;
  source: SensorSource;
}

/** The sensor for `place`. Nothing is opened or looked for before the first reading. */
export function openSensor({ name, source }: SensorPlace, tools: SensorTools): Sensor {
  switch (source.type) {
    case "hwmon":
      return new HwmonSensor(name, source, tools);
    case "cpu":
      return new CpuSensor(name, tools);
    case "file":
      return new FileSensor(name, source.path, source.scale, tools.libc, source.maxAgeMs);
    case "command":
      return new CommandSensor(name, source.argv, tools.libc, source.shell);
    case "smart":
      return new SmartSensor(name, source, tools);
    case "drivetemp":
      return new DrivetempSensor(name, source, tools);
    case "nvidia":
      return new NvidiaSensor(name, source, tools);
    case "amdgpu":
      return new AmdgpuSensor(name, source, tools);
    case "ipmi":
      return new IpmiSensor(name, source, tools.ipmi);
    case "http":
      return new HttpSensor(name, source);
    case "pushed":
      return pushedSensor(name, source.maxTtlMs, tools);
    case "board":
      return boardInputSensor(name, source, tools);
    case "simulated":
      return new SimulatedSensor(name, source.plant, source.source, tools.plants);
    case "missing":
      return new MissingSensor(name, source.reason);
  }
}
