/**
 * Reports in the form that `smartctl --json -A -i` gives them, cut down to what surrounds the
 * fields that are read.
 *
 * @module
 */

type Json = Record<string, unknown>;

function smartctl(exitStatus = 0, messages: string[] = []): Json {
  return {
    version: [7, 3],
    exit_status: exitStatus,
    ...(messages.length === 0 ? {} : {
      messages: messages.map((string) => ({ string, severity: "information" })),
    }),
  };
}

/** A hard disk on SATA, whose attribute 194 packs its minimum and maximum as well. */
export function ataDisk(serial: string, tempC: number, changes: Json = {}): Json {
  return {
    json_format_version: [1, 0],
    smartctl: smartctl(),
    device: { name: "/dev/sda", info_name: "/dev/sda [SAT]", type: "sat", protocol: "ATA" },
    model_name: "WDC WD40EFRX-68N32N0",
    serial_number: serial,
    rotation_rate: 5400,
    ata_smart_attributes: {
      revision: 16,
      table: [
        { id: 1, name: "Raw_Read_Error_Rate", raw: { value: 0, string: "0" } },
        {
          id: 194,
          name: "Temperature_Celsius",
          raw: {
            value: 0x2e_0013_0000 * 256 + tempC,
            string: `${tempC} (Min/Max 19/46)`,
          },
        },
      ],
    },
    temperature: { current: tempC },
    ...changes,
  };
}

export function ataSsd(serial: string, tempC: number): Json {
  return ataDisk(serial, tempC, { model_name: "Samsung SSD 860 EVO 500GB", rotation_rate: 0 });
}

export function nvmeDrive(serial: string, tempC: number, changes: Json = {}): Json {
  return {
    json_format_version: [1, 0],
    smartctl: smartctl(),
    device: { name: "/dev/nvme0", info_name: "/dev/nvme0", type: "nvme", protocol: "NVMe" },
    model_name: "Samsung SSD 970 EVO Plus 1TB",
    serial_number: serial,
    nvme_smart_health_information_log: {
      critical_warning: 0,
      temperature: tempC,
      temperature_sensors: [tempC, tempC + 9],
    },
    temperature: { current: tempC },
    ...changes,
  };
}

export function sasDisk(serial: string, tempC: number): Json {
  return {
    json_format_version: [1, 0],
    smartctl: smartctl(),
    device: { name: "/dev/sdb", info_name: "/dev/sdb", type: "scsi", protocol: "SCSI" },
    vendor: "SEAGATE",
    product: "ST4000NM0023",
    rotation_rate: 7200,
    serial_number: serial,
    temperature: { current: tempC, drive_trip: 60 },
  };
}

/** What a disk in standby gets, with exit status 2. */
export function sleepingDisk(): Json {
  return {
    json_format_version: [1, 0],
    smartctl: smartctl(2, ["Device is in STANDBY mode, exit(2)"]),
    device: { name: "/dev/sda", info_name: "/dev/sda [SAT]", type: "sat", protocol: "ATA" },
  };
}

/** What a device that is not there gets, with exit status 2. */
export function goneDisk(): Json {
  const text = "Smartctl open device: /dev/sda failed: No such device";
  return { json_format_version: [1, 0], smartctl: smartctl(2, [text]) };
}

/** What `--scan-open` prints for these drives. */
export function scan(...drives: [name: string, type: string][]): Json {
  return {
    json_format_version: [1, 0],
    smartctl: smartctl(),
    devices: drives.map(([name, type]) => ({
      name: `/dev/${name}`,
      info_name: `/dev/${name}`,
      type,
      protocol: "ATA",
    })),
  };
}
