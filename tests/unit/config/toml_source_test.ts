import { deepEqual, equal, ok } from "node:assert/strict";
import { ConfigError } from "../../../src/errors.ts";
import { DEFAULT_TOOL_PATHS } from "../../../src/sensors/tool_paths.ts";
import { parseToml } from "../../../src/config/toml/toml.ts";

const SHELF = `
[[shelf]]
name = "shelf1"
[[shelf.cause]]
name = "all"
sensors = ["x"]
curve = [[40, 25]]
`;

const sensor = (keys: string): string => `[[sensor]]\nname = "x"\n${keys}${SHELF}`;

for (
  const [keys, source] of [
    [
      'type = "drivetemp"\nkind = "hdd"\ndevice = "/dev/sda"',
      { type: "drivetemp", device: "/dev/sda" },
    ],
    [
      'type = "smart"\nkind = "ssd"\nserial = "S1"\nsensor = 2',
      { type: "smart", serial: "S1", sensor: 2 },
    ],
    ['type = "nvidia"\nindex = 0', { type: "nvidia", reads: "gpu", index: 0 }],
    [
      'type = "nvidia"\npci = "00000000:0A:00.0"\nreads = "memory"',
      { type: "nvidia", reads: "memory", pci: "0000:0a:00.0" },
    ],
    ['type = "amdgpu"', { type: "amdgpu", reads: "edge" }],
    [
      'type = "amdgpu"\npci = "2d:00.0"\nreads = "junction"',
      { type: "amdgpu", reads: "junction", pci: "0000:2d:00.0" },
    ],
    ['type = "ipmi"\nsensor = "CPU Temp"', { type: "ipmi", sensor: "CPU Temp" }],
    [
      'type = "ipmi"\nsensor = "Temp"\nentity = "3.1"\nhost = "bmc"\nuser = "u"\n' +
      'password_file = "/etc/fand/bmc"',
      {
        type: "ipmi",
        sensor: "Temp",
        entity: "3.1",
        host: "bmc",
        port: 623,
        user: "u",
        passwordFile: "/etc/fand/bmc",
      },
    ],
    [
      'type = "command"\nargv = ["cat x | head -1"]\nshell = true',
      { type: "command", argv: ["cat x | head -1"], shell: true },
    ],
    [
      'type = "http"\nurl = "http://localhost/t"\npointer = "/path/0"\nscale = 0.1',
      { type: "http", url: "http://localhost/t", pointer: "/path/0", scale: 0.1 },
    ],
    [
      `type = "http"\nurl = "https://${"[::1]"}:8443/t"`,
      { type: "http", url: `https://${"[::1]"}:8443/t`, scale: 1 },
    ],
    ['type = "pushed"', { type: "pushed", maxTtlMs: 60_000 }],
    ['type = "board"\nboard = "b"\ninput = 1', { type: "board", board: "b", input: 1 }],
  ] as const
) {
  Deno.test(`parseToml reads where a sensor is: ${JSON.stringify(source)}`, () => {
    deepEqual(parseToml(sensor(keys), "x.toml").sensors[0]?.source, source);
  });
}

for (
  const [what, keys, problem] of [
    [
      "a drive without a kind",
      'type = "drivetemp"\nserial = "S1"',
      'sensor[0].kind: found nothing, allowed "hdd", "ssd"',
    ],
    [
      "a drive that is nowhere",
      'type = "drivetemp"\nkind = "hdd"',
      "sensor[0]: found none of serial, device, allowed one of them or more",
    ],
    [
      "a graphics card that is nowhere",
      'type = "nvidia"',
      "sensor[0]: found none of uuid, pci, index, allowed one of them or more",
    ],
    [
      "a place on no bus",
      'type = "amdgpu"\npci = "card0"',
      'sensor[0].pci: found "card0", allowed a PCI address such as "0000:09:00.0"',
    ],
    [
      "a password for no host",
      'type = "ipmi"\nsensor = "a"\npassword_file = "p"',
      "sensor[0].password_file: found no host beside it, allowed with host only",
    ],
    [
      "a shell with arguments",
      'type = "command"\nargv = ["a", "b"]\nshell = true',
      "sensor[0].argv: found 2 texts, allowed one text for the shell",
    ],
    [
      "a password in an address",
      `type = "http"\nurl = "http://${"me:secret"}@localhost/"`,
      `sensor[0].url: found "http://${"me:secret"}@localhost/", allowed an http or https address ` +
      "without a user",
    ],
    [
      "an address of a file",
      'type = "http"\nurl = "file:///etc/passwd"',
      'sensor[0].url: found "file:///etc/passwd", allowed an http or https address without a user',
    ],
    [
      "a pointer that is none",
      'type = "http"\nurl = "http://localhost/"\npointer = "a.b"',
      'sensor[0].pointer: found "a.b", allowed a JSON pointer such as "/temperature"',
    ],
    [
      "a sensor of a drive that no drive has",
      'type = "smart"\nkind = "ssd"\nserial = "S1"\nsensor = 9',
      "sensor[0].sensor: found 9, allowed a whole number from 1 to 8",
    ],
  ] as const
) {
  Deno.test(`parseToml refuses ${what}`, () => {
    try {
      parseToml(sensor(keys), "x.toml");
    } catch (error) {
      ok(error instanceof ConfigError);
      equal(error.problems.length, 1);
      deepEqual(error.problems.map((text) => text.replace(/^x\.toml:\d+: /, "")), [problem]);
      return;
    }
    ok(false, "accepted");
  });
}

Deno.test("parseToml takes the places of the tools, each on its own", () => {
  const { tools } = parseToml(
    `[tools]\nsmartctl = "/opt/smartctl"\nsysfs = "/run/sys"\n${sensor('type = "cpu"')}`,
    "x.toml",
  );
  deepEqual(tools, { ...DEFAULT_TOOL_PATHS, smartctl: "/opt/smartctl", sysfsRoot: "/run/sys" });
});
