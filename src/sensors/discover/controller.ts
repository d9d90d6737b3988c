/**
 * The management controller of this machine.
 *
 * @module
 */
import type { SensorTools } from "../sensor_tools.ts";
import type { Discovered } from "./machine.ts";

/** Every temperature of the controller that has a reading. */
export async function findIpmi(tools: SensorTools, signal: AbortSignal): Promise<Discovered[]> {
  const all = await tools.ipmi.list({}, signal);
  return all.filter(({ tempC }) => tempC !== null).map(({ name, entity }) => {
    const isOnly = all.filter((other) => other.name === name).length === 1;
    return {
      name: `bmc ${name}`,
      kind: "other",
      source: {
        type: "ipmi",
        sensor: name,
        ...isOnly || entity === null ? {} : { entity },
      },
      text: `IPMI sensor "${name}"${entity === null ? "" : ` of entity ${entity}`}`,
    };
  });
}
