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
  /** One of the sensors of an NVMe drive, from 1; without it, the temperature of the whole. */
  sensor?: number;
}

/** A drive that the kernel measures: by serial number, by device, or both. */
export interface DrivetempSource {
  type: "drivetemp";
  serial?: string;
  /** `/dev/sda`, or a link to it. */
  device?: string;
}

/** A graphics processor of NVIDIA: by what stays with the card, its slot, or its number. */
export interface NvidiaSource {
  type: "nvidia";
  uuid?: string;
  /** As the kernel writes it: `0000:09:00.0`. */
  pci?: string;
  /** Counted from 0 as nvidia-smi does. */
  index?: number;
  reads: "gpu" | "memory";
}

/** A graphics processor of AMD. */
export interface AmdgpuSource {
  type: "amdgpu";
  /** As the kernel writes it; may be left out where there is one card. */
  pci?: string;
  reads: "edge" | "junction" | "mem";
}

/** A management controller: this machine's, or one on the network. */
export interface IpmiController {
  /** Its name or address; this machine's own without it. */
  host?: string;
  port?: number;
  user?: string;
  /** A file whose first line is the password; ipmitool reads it. */
  passwordFile?: string;
}

/** A sensor of a management controller, by its name in the listing of ipmitool. */
export interface IpmiSource extends IpmiController {
  type: "ipmi";
  sensor: string;
  /** Tells sensors of one name apart: `3.1`. */
  entity?: string;
}

/** A number on a web server. */
export interface HttpSource {
  type: "http";
  url: string;
  /** Where in a JSON document it stands (RFC 6901); without it the whole body is the number. */
  pointer?: string;
  /** °C for each unit. */
  scale: number;
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
    /** The program and its arguments, or with `shell` one text for `/bin/sh`. */
    argv: string[];
    shell?: boolean;
  }
  | SmartSource
  | DrivetempSource
  | NvidiaSource
  | AmdgpuSource
  | IpmiSource
  | HttpSource
  | {
    /** What clients send with `push_reading`. */
    type: "pushed";
    /** No reading is good for longer than this, whatever its sender says. */
    maxTtlMs: number;
  }
  | {
    /** A thermistor of a fan board, as its agent reports it. */
    type: "board";
    board: string;
    /** Counted from 0. */
    input: number;
  }
  | { type: "simulated"; plant: string; source: string }
  | {
    type: "missing";
    /** Why there is nothing to read. */
    reason: string;
  };
