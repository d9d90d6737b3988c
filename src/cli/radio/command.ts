/**
 * What `fanctl radio` asks for, as data.
 *
 * @module
 */
import type { Binding } from "../command.ts";

/** A temperature of this machine, for a shelf. */
export interface TemperatureChoice {
  readonly shelf: string;
  /** The processor's, or a file with a number of degrees, or of thousandths under /sys. */
  readonly source: "cpu" | { readonly path: string };
}

/** A device of the network, and its shelves in the order of its agent's command line. */
export interface DeviceBinding {
  /** Its DevEUI in capitals. */
  readonly device: string;
  readonly shelves: readonly string[];
}

/** What is wanted by radio. */
export type RadioCommand =
  | {
    action: "radio-agent";
    bindings: readonly Binding[];
    /** As `openLine` takes it. */
    board: string;
    /** As `openLorawanModem` takes it. */
    modem: string;
    everyMs: number;
    /** What a channel gets without an order. */
    safePercent: number;
    /** Null for the region's own. */
    dataRate: number | null;
    temperatures: readonly TemperatureChoice[];
  }
  | {
    action: "radio-bridge";
    devices: readonly DeviceBinding[];
    /** How long a reading is good. */
    ttlMs: number;
  };
