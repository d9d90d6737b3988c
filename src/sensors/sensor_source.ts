/**
 * Where temperatures come from, as a configuration says it.
 *
 * @module
 */

/** One temperature input of the kernel, by what stays the same over a restart. */
export interface HwmonSource {
  type: "hwmon";
  /** The chip's name: `nct6775`. */
  chip?: string;
  /** The input's label: `Composite`. */
  label?: string;
  /** The device, or some directories of its path in a row: `0000:01:00.0`. */
  device?: string;
  /** The input's number: 1 for `temp1_input`. */
  input?: number;
}

/** A drive, by serial number or by device. */
export interface SmartSource {
  type: "smart";
  /** As `smartctl -i` prints it. */
  serial?: string;
  /** `/dev/sda`; with a serial number, the drive there must have that one. */
  device?: string;
}

/** Where a sensor's temperature comes from. */
export type SensorSource =
  | HwmonSource
  | { type: "cpu" }
  | {
    type: "file";
    path: string;
    /** °C for each unit of the file: 0.001 when it holds thousandths. */
    scale: number;
    /** How long after its last change the file may be believed; 60 000 when not given. */
    maxAgeMs?: number;
  }
  | {
    type: "command";
    /** The program and its arguments; no shell reads them. */
    argv: string[];
  }
  | SmartSource
  | { type: "simulated"; plant: string; source: string }
  | {
    type: "missing";
    /** Why there is nothing to read. */
    reason: string;
  };
