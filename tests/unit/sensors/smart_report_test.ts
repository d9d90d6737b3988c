import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { SensorError } from "../../../src/errors.ts";
import { parseSmartReport, parseSmartScan } from "../../../src/sensors/drive/smart_report.ts";
import {
  ataDisk,
  ataSsd,
  goneDisk,
  nvmeDrive,
  sasDisk,
  scan,
  sleepingDisk,
} from "../../support/smart_reports.ts";

for (
  const [what, json, kind, tempC] of [
    ["an ATA disk", ataDisk("S1", 38), "hdd", 38],
    ["an ATA SSD", ataSsd("S1", 41), "ssd", 41],
    ["an NVMe drive", nvmeDrive("S1", 45), "ssd", 45],
    ["a SAS disk", sasDisk("S1", 33), "hdd", 33],
    ["an ATA disk with attributes alone", ataDisk("S1", 38, { temperature: {} }), "hdd", 38],
    ["an NVMe drive with its log alone", nvmeDrive("S1", 45, { temperature: {} }), "ssd", 45],
    [
      "an ATA disk with attribute 190 alone",
      ataDisk("S1", 38, {
        temperature: undefined,
        rotation_rate: undefined,
        ata_smart_attributes: { table: [{ id: 190, raw: { value: 0x1e_00_1d } }] },
      }),
      "hdd",
      29,
    ],
  ] as const
) {
  Deno.test(`the report of ${what} gives its temperature, serial number and kind`, () => {
    deepStrictEqual(parseSmartReport(JSON.stringify(json), 0), {
      asleep: false,
      tempC,
      sensorsC: what.includes("NVMe") ? [45, 54] : [],
      serial: "S1",
      kind,
      messages: "",
    });
  });
}

for (const code of [0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xfc]) {
  Deno.test(`exit status ${code} tells of an ill drive, which has a temperature`, () => {
    strictEqual(parseSmartReport(JSON.stringify(ataDisk("S1", 38)), code).tempC, 38);
  });
}

Deno.test("a drive in standby is asleep", () => {
  const report = parseSmartReport(JSON.stringify(sleepingDisk()), 2);
  strictEqual(report.asleep, true);
  strictEqual(report.tempC, null);
  strictEqual(report.kind, null);
});

Deno.test("a drive that cannot be opened is not asleep, though the status is the same", () => {
  throws(() => parseSmartReport(JSON.stringify(goneDisk()), 2), {
    message: "Cannot read the drive: smartctl ended with 2 and said " +
      '"Smartctl open device: /dev/sda failed: No such device"; run it by hand',
  });
  throws(() => parseSmartReport("{}", 2), SensorError);
  throws(() => parseSmartReport("{}", 1), SensorError);
});

Deno.test("a drive without a temperature has none", () => {
  const json = ataDisk("S1", 38, { temperature: undefined, ata_smart_attributes: undefined });
  strictEqual(parseSmartReport(JSON.stringify(json), 0).tempC, null);
});

for (
  const text of ["", "smartctl 6.6\nUNRECOGNIZED OPTION: json\n", '{"smartctl":', "\0\0"]
) {
  Deno.test(`output that is no JSON is an error: ${JSON.stringify(text)}`, () => {
    throws(() => parseSmartReport(text, 0), /version 7.0 or later is needed/);
    throws(() => parseSmartScan(text, 0), /version 7.0 or later is needed/);
  });
}

for (
  const text of [
    "null",
    "[]",
    "3",
    '{"temperature":38,"serial_number":7,"device":[]}',
    '{"temperature":{"current":"38"}}',
    '{"smartctl":{"messages":[null,{"string":4}]},"ata_smart_attributes":{"table":[null,{}]}}',
  ]
) {
  Deno.test(`JSON that is no report has no temperature: ${text}`, () => {
    strictEqual(parseSmartReport(text, 0).tempC, null);
  });
}

Deno.test("a scan lists the drives that could be opened, with their types", () => {
  const json = scan(["sda", "sat"], ["bus/0", "megaraid,3"], ["nvme0", "nvme"]);
  const devices = [
    ...(json["devices"] as unknown[]),
    {
      name: "/dev/sdx",
      type: "scsi",
      open_error: "/dev/sdx: No medium",
    },
    { name: 4, type: "sat" },
    null,
  ];
  deepStrictEqual(parseSmartScan(JSON.stringify({ ...json, devices }), 0), [
    { name: "/dev/sda", type: "sat" },
    { name: "/dev/bus/0", type: "megaraid,3" },
    { name: "/dev/nvme0", type: "nvme" },
  ]);
});

Deno.test("a scan of a machine without drives is empty", () => {
  deepStrictEqual(parseSmartScan('{"smartctl":{}}', 0), []);
});
