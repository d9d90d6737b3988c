/**
 * The sensors of this machine, for the built-in default configuration.
 *
 * @module
 */

import { systemClock } from "../../clock.ts";
import { FandError } from "../../errors.ts";
import { discoverInputs, type FoundSensor } from "../../sensors/discover/hwmon_inputs.ts";
import { SensorTools } from "../../sensors/sensor_tools.ts";

/**
 * Every temperature that the kernel tells. A machine that has none, or on which they may not be
 * read, has none to offer: the thermal plant then takes their place.
 */
export async function discovered(): Promise<FoundSensor[]> {
  await using tools = new SensorTools({ clock: systemClock });
  try {
    return await discoverInputs(tools);
  } catch (error) {
    if (error instanceof FandError) return [];
    throw error;
  }
}
