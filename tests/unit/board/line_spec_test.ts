import assert from "node:assert/strict";
import { BoardError } from "../../../src/errors.ts";
import { isLineSpec, type LineSpec, parseLineSpec } from "../../../src/board/line_spec.ts";

const tty = (port: string, baudRate = 250_000): LineSpec => ({ kind: "tty", port, baudRate });
const tcp = (hostname: string, port: number): LineSpec => ({ kind: "tcp", hostname, port });

Deno.test.each(
  [
    ["sim:", { kind: "sim", seed: 1 }],
    ["sim:0", { kind: "sim", seed: 0 }],
    ["sim:999999999", { kind: "sim", seed: 999_999_999 }],
    ["/dev/ttyUSB0", tty("/dev/ttyUSB0")],
    ["tty:/dev/ttyUSB0", tty("/dev/ttyUSB0")],
    ["/dev/ttyUSB0@115200", tty("/dev/ttyUSB0", 115_200)],
    [
      "tty:/dev/serial/by-id/usb-1a86_USB-if00-port0",
      tty("/dev/serial/by-id/usb-1a86_USB-if00-port0"),
    ],
    [
      "/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0",
      tty("/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0"),
    ],
    ["/dev/a@b", tty("/dev/a@b")],
    ["tty:usb-2341:0043:75830303934351F0D1A2", tty("usb-2341:0043:75830303934351F0D1A2")],
    ["tty:usb-1A86:7523", tty("usb-1A86:7523")],
    ["tty:usb-0403:6001:A:B C@500000", tty("usb-0403:6001:A:B C", 500_000)],
    ["tcp://nas:3333", tcp("nas", 3333)],
    ["tcp://192.0.2.7:1", tcp("192.0.2.7", 1)],
    ["tcp://[2001:db8::1]:65535", tcp("2001:db8::1", 65_535)],
  ] satisfies [string, LineSpec][],
)("parseLineSpec takes %j apart", (spec: string, line: LineSpec) => {
  assert.deepEqual(parseLineSpec(spec), line);
  assert.ok(isLineSpec(spec));
});

Deno.test.each([
  "",
  "sim",
  "sim:x",
  "sim:1234567890",
  "tty:",
  "tty:ttyUSB0",
  "usb-2341:0043",
  "tty:usb-2341",
  "tty:usb-2341:43",
  "tty:usb-2341:0043:",
  "tty:usb-2341:0043@0",
  "/dev/x@0",
  "/dev/tty\0USB0",
  "tcp://nas",
  "tcp://nas:0",
  "tcp://nas:65536",
  "tcp://nas:1x",
  "tcp://[nas]:1",
  "tcp://2001:db8::1:1",
  "tcp://nas:1/",
])("parseLineSpec refuses %j", (spec: string) => {
  assert.throws(() => parseLineSpec(spec), BoardError);
  assert.ok(!isLineSpec(spec));
});
