/**
 * What `smartctl --json -n standby -A -i` prints about drives of several kinds, as smartmontools'
 * source and the collections of its users have it; cut down to what surrounds the temperature.
 *
 * @module
 */

/** A report, its exit status, and what it means here. */
export interface SmartctlReport {
  readonly name: string;
  readonly code: number;
  readonly report: unknown;
  /** °C, `asleep`, or part of what is told when there is none. */
  readonly means: number | "asleep" | RegExp;
}

const smartctl = (code: number, ...messages: string[]) => ({
  version: [7, 4],
  svn_revision: "5530",
  exit_status: code,
  ...messages.length === 0
    ? {}
    : { messages: messages.map((string) => ({ string, severity: "information" })) },
});

const sat = { name: "/dev/sdb", info_name: "/dev/sdb [SAT]", type: "sat", protocol: "ATA" };
const scsi = { name: "/dev/sda", info_name: "/dev/sda", type: "scsi", protocol: "SCSI" };
const nvme = { name: "/dev/nvme0", info_name: "/dev/nvme0", type: "nvme", protocol: "NVMe" };

const attribute = (id: number, name: string, value: number, string: string) => ({
  id,
  name,
  value: 117,
  worst: 102,
  thresh: 0,
  when_failed: "",
  flags: { value: 34, string: "-O---K ", prefailure: false, updated_online: true },
  raw: { value, string },
});

/** The reports. */
export const SMARTCTL_REPORTS: readonly SmartctlReport[] = [
  {
    name: "a disk of HP on SATA, with both attributes",
    code: 0,
    report: {
      smartctl: smartctl(0),
      device: sat,
      model_name: "MB0500EBNCR",
      serial_number: "WMAYP0000000",
      rotation_rate: 7200,
      power_mode: { ata_value: 255, name: "ACTIVE or IDLE" },
      ata_smart_attributes: {
        revision: 16,
        table: [
          attribute(190, "Airflow_Temperature_Cel", 26, "26"),
          attribute(194, "Temperature_Celsius", 26, "26"),
        ],
      },
      temperature: { current: 26 },
    },
    means: 26,
  },
  {
    name: "a disk of Seagate whose raw value packs the minimum and the maximum",
    code: 0,
    report: {
      smartctl: smartctl(0),
      device: sat,
      serial_number: "ZA100000",
      rotation_rate: 7200,
      ata_smart_attributes: {
        table: [attribute(190, "Airflow_Temperature_Cel", 589_561_891, "35 (Min/Max 24/35)")],
      },
    },
    means: 35,
  },
  {
    name: "an SSD of Intel on SATA that is failing, and has a temperature all the same",
    code: 24,
    report: {
      smartctl: smartctl(24),
      device: sat,
      serial_number: "PHDV000000",
      rotation_rate: 0,
      smart_status: { passed: false },
      temperature: { current: 31 },
    },
    means: 31,
  },
  {
    name: "a disk of Hitachi on SAS",
    code: 0,
    report: {
      smartctl: smartctl(0),
      device: scsi,
      device_type: {
        scsi_terminology: "Peripheral Device Type [PDT]",
        scsi_value: 0,
        name: "disk",
      },
      scsi_vendor: "HITACHI",
      scsi_product: "H109060SESUN600G",
      scsi_transport_protocol: { name: "SAS (SPL-4)", value: 6 },
      serial_number: "001234ABCDEF",
      rotation_rate: 10_020,
      temperature_warning: { enabled: true },
      temperature: { current: 27, drive_trip: 85 },
    },
    means: 27,
  },
  {
    name: "a disk on parallel SCSI",
    code: 0,
    report: {
      smartctl: smartctl(0),
      device: scsi,
      scsi_vendor: "SEAGATE",
      scsi_product: "ST373453LC",
      serial_number: "3HW00000",
      rotation_rate: 15_015,
      temperature: { current: 33, drive_trip: 68 },
    },
    means: 33,
  },
  {
    name: "a disk on SAS that tells no temperature",
    code: 4,
    report: { smartctl: smartctl(4), device: scsi, serial_number: "X", rotation_rate: 7200 },
    means: /smartctl tells none; leave this drive out/,
  },
  {
    name: "a drive on NVMe without sensors of its own",
    code: 0,
    report: {
      smartctl: smartctl(0),
      device: nvme,
      model_name: "INTEL SSDPE2KX080T8",
      serial_number: "PHLJ000000",
      nvme_smart_health_information_log: {
        critical_warning: 0,
        temperature: 29,
        unsafe_shutdowns: 8,
      },
      temperature: { current: 29 },
    },
    means: 29,
  },
  {
    name: "a drive on NVMe whose first sensor is not fitted, with its limits",
    code: 0,
    report: {
      smartctl: smartctl(0),
      device: nvme,
      model_name: "SAMSUNG MZVL21T0HCLR-00B00",
      serial_number: "S676000000",
      nvme_smart_health_information_log: {
        critical_warning: 0,
        temperature: 42,
        temperature_sensors: [null, 51],
      },
      temperature: { op_limit_max: 81, critical_limit_max: 85, current: 42 },
    },
    means: 42,
  },
  {
    name: "a disk on SATA in standby",
    code: 2,
    report: {
      smartctl: smartctl(2, "Device is in STANDBY mode, exit(2)"),
      device: sat,
      power_mode: { ata_value: 0, name: "STANDBY" },
    },
    means: "asleep",
  },
  {
    name: "a disk on SATA in one of the deeper modes of standby",
    code: 2,
    report: { smartctl: smartctl(2, "Device is in STANDBY_Y mode, exit(2)"), device: sat },
    means: "asleep",
  },
  {
    name: "a disk on SAS that was told to stand by",
    code: 2,
    report: {
      smartctl: smartctl(2, "Device is in STANDBY BY COMMAND mode, exit(2)"),
      device: scsi,
    },
    means: "asleep",
  },
  {
    name: "a disk behind a USB bridge that nobody knows",
    code: 1,
    report: {
      smartctl: smartctl(
        1,
        "/dev/sdc: Unknown USB bridge [0x1234:0x5678 (0x100)]",
        "Please specify device type with the -d option.",
      ),
    },
    means: /smartctl ended with 1 and said "\/dev\/sdc: Unknown USB bridge/,
  },
  {
    name: "a disk that this user may not open",
    code: 2,
    report: { smartctl: smartctl(2, "Smartctl open device: /dev/sda failed: Permission denied") },
    means: /smartctl ended with 2 and said "Smartctl open device: \/dev\/sda failed: Permissi/,
  },
];
