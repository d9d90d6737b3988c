/**
 * What the kernel shows under /sys/class/hwmon on machines of several kinds: names, places, labels
 * and values as their owners published them, in the form that the kernel's documentation gives.
 *
 * @module
 */
import type { FixtureChip } from "../../support/hwmon.ts";

/** A machine and what its inputs read. */
export interface HwmonMachine {
  readonly name: string;
  readonly chips: readonly FixtureChip[];
  /** °C by chip and number or label, of every input that can be read. */
  readonly reads: readonly (readonly [what: string, tempC: number])[];
}

const inputs = (...values: (string | readonly [label: string, value: string])[]) =>
  Object.fromEntries(values.map((value, index) => [
    index + 1,
    typeof value === "string"
      ? { value: `${value}\n` }
      : { label: value[0], value: `${value[1]}\n` },
  ]));

/** The machines. */
export const HWMON_MACHINES: readonly HwmonMachine[] = [
  {
    name: "a desktop with a Ryzen, a Radeon and two NVMe drives",
    chips: [
      {
        chip: "acpitz",
        device: "devices/virtual/thermal/thermal_zone0",
        number: 0,
        direct: true,
        inputs: inputs("16800"),
      },
      {
        chip: "nvme",
        device: "devices/pci0000:00/0000:00:01.1/0000:01:00.0/nvme/nvme0",
        number: 1,
        direct: true,
        inputs: inputs(["Composite", "36850"], ["Sensor 1", "36850"], ["Sensor 2", "41850"]),
      },
      {
        chip: "nvme",
        device: "devices/pci0000:00/0000:00:01.2/0000:02:00.2/0000:03:04.0/0000:06:00.0/nvme/nvme1",
        number: 2,
        direct: true,
        inputs: inputs(["Composite", "44850"], ["Sensor 1", "44850"], ["Sensor 2", "61850"]),
      },
      {
        chip: "k10temp",
        device: "devices/pci0000:00/0000:00:18.3",
        number: 3,
        inputs: {
          1: { label: "Tctl", value: "51625\n" },
          3: { label: "Tccd1", value: "48750\n" },
          4: { label: "Tccd2", value: "45000\n" },
        },
      },
      {
        chip: "amdgpu",
        device: "devices/pci0000:00/0000:00:03.1/0000:08:00.0",
        number: 4,
        inputs: inputs(["edge", "40000"], ["junction", "43000"], ["mem", "42000"]),
      },
      {
        chip: "it8686",
        device: "devices/platform/it87.2624",
        number: 6,
        inputs: inputs("31000", "-55000", "52000"),
      },
    ],
    reads: [
      ["acpitz 1", 16.8],
      ["nvme Composite", 36.85],
      ["nvme Sensor 1", 36.85],
      ["nvme Sensor 2", 41.85],
      ["nvme Composite", 44.85],
      ["nvme Sensor 1", 44.85],
      ["nvme Sensor 2", 61.85],
      ["k10temp Tctl", 51.625],
      ["k10temp Tccd1", 48.75],
      ["k10temp Tccd2", 45],
      ["amdgpu edge", 40],
      ["amdgpu junction", 43],
      ["amdgpu mem", 42],
      ["it8686 1", 31],
      ["it8686 2", -55],
      ["it8686 3", 52],
    ],
  },
  {
    name: "a server with two Xeons, memory sensors, a PCH and disks on SATA",
    chips: [
      {
        chip: "pch_lewisburg",
        device: "devices/virtual/thermal/thermal_zone0",
        number: 0,
        direct: true,
        inputs: inputs("58000"),
      },
      {
        chip: "coretemp",
        device: "devices/platform/coretemp.0",
        number: 1,
        inputs: inputs(["Package id 0", "47000"], ["Core 0", "44000"], ["Core 1", "45000"]),
      },
      {
        chip: "coretemp",
        device: "devices/platform/coretemp.1",
        number: 2,
        inputs: inputs(["Package id 1", "49000"], ["Core 0", "46000"], ["Core 1", "48000"]),
      },
      {
        chip: "jc42",
        device: "devices/pci0000:00/0000:00:1f.4/i2c-0/0-0018",
        number: 3,
        inputs: inputs("36250"),
      },
      {
        chip: "jc42",
        device: "devices/pci0000:00/0000:00:1f.4/i2c-0/0-001a",
        number: 4,
        inputs: inputs("37500"),
      },
      {
        chip: "drivetemp",
        device: "devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0",
        number: 5,
        inputs: inputs("34000"),
      },
      {
        chip: "drivetemp",
        device: "devices/pci0000:00/0000:00:17.0/ata3/host2/target2:0:0/2:0:0:0",
        number: 6,
        inputs: inputs("36000"),
      },
    ],
    reads: [
      ["pch_lewisburg 1", 58],
      ["coretemp Package id 0", 47],
      ["coretemp Core 0", 44],
      ["coretemp Core 1", 45],
      ["coretemp Package id 1", 49],
      ["coretemp Core 0", 46],
      ["coretemp Core 1", 48],
      ["jc42 1", 36.25],
      ["jc42 1", 37.5],
      ["drivetemp 1", 34],
      ["drivetemp 1", 36],
    ],
  },
  {
    name: "a workstation with zenpower, a Super I/O chip with idle inputs and a WLAN card",
    chips: [
      {
        chip: "zenpower",
        device: "devices/pci0000:00/0000:00:18.3",
        number: 0,
        inputs: inputs(["Tdie", "45125"], ["Tctl", "45125"], ["Tccd1", "39500"]),
      },
      {
        chip: "nct6798",
        device: "devices/platform/nct6775.656",
        number: 1,
        inputs: inputs(
          ["SYSTIN", "38000"],
          ["CPUTIN", "41500"],
          ["AUXTIN0", "127500"],
          ["AUXTIN1", "-62000"],
          ["PECI Agent 0 Calibration", "44000"],
          ["PCH_CHIP_CPU_MAX_TEMP", "0"],
        ),
      },
      {
        chip: "iwlwifi_1",
        device: "devices/virtual/thermal/thermal_zone1",
        number: 2,
        direct: true,
        // Its card is switched off: the driver refuses.
        inputs: { 1: { value: "" } },
      },
    ],
    reads: [
      ["zenpower Tdie", 45.125],
      ["zenpower Tctl", 45.125],
      ["zenpower Tccd1", 39.5],
      ["nct6798 SYSTIN", 38],
      ["nct6798 CPUTIN", 41.5],
      ["nct6798 AUXTIN0", 127.5],
      ["nct6798 AUXTIN1", -62],
      ["nct6798 PECI Agent 0 Calibration", 44],
      ["nct6798 PCH_CHIP_CPU_MAX_TEMP", 0],
    ],
  },
  {
    name: "a single-board computer and its converter",
    chips: [
      {
        chip: "cpu_thermal",
        device: "devices/virtual/thermal/thermal_zone0",
        number: 0,
        direct: true,
        inputs: inputs("64450"),
      },
      {
        chip: "rp1_adc",
        device: "devices/platform/axi/1000120000.pcie/1f000c8000.adc",
        number: 1,
        inputs: inputs("55472"),
      },
      {
        chip: "rpi_volt",
        device: "devices/platform/soc@107c000000/raspberrypi-hwmon",
        number: 2,
        inputs: {},
      },
    ],
    reads: [["cpu_thermal 1", 64.45], ["rp1_adc 1", 55.472]],
  },
  {
    name: "a laptop whose embedded controller has names, and a driver of the old kind",
    chips: [
      {
        chip: "thinkpad",
        device: "devices/platform/thinkpad_hwmon",
        number: 0,
        inputs: {
          1: { label: "CPU", value: "52000\n" },
          2: { label: "GPU", value: "" },
          3: { value: "0\n" },
        },
      },
      {
        chip: "BAT0",
        device: "devices/LNXSYSTM:00/LNXSYBUS:00/PNP0C0A:00/power_supply/BAT0",
        number: 1,
        direct: true,
        inputs: {},
      },
      {
        chip: "w83627ehf",
        device: "devices/platform/w83627ehf.656",
        number: 2,
        old: true,
        inputs: inputs(["SYSTIN", "33000"], ["CPUTIN", "36500"]),
      },
    ],
    reads: [
      ["thinkpad CPU", 52],
      ["thinkpad 3", 0],
      ["w83627ehf SYSTIN", 33],
      ["w83627ehf CPUTIN", 36.5],
    ],
  },
];
