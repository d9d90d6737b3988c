import { strictEqual } from "node:assert/strict";
import { pciAddress } from "../../../src/sensors/gpu/pci.ts";
import { powerOf } from "../../../src/libc/drive_power.ts";

for (
  const [text, address] of [
    ["00000000:09:00.0", "0000:09:00.0"],
    ["0000:0A:00.1", "0000:0a:00.1"],
    ["2d:00.0", "0000:2d:00.0"],
    ["00010000:3D:00.0", "10000:3d:00.0"],
    ["card0", null],
    ["0000:09:00", null],
    ["0000:09:00.8", null],
    ["[GPU is lost]", null],
  ] as const
) {
  Deno.test(`the PCI address ${JSON.stringify(text)} is ${address}`, () => {
    strictEqual(pciAddress(text), address);
  });
}

for (
  const [count, power] of [
    [0x00, "asleep"],
    [0x01, "asleep"],
    [0x40, "asleep"],
    [0x41, "awake"],
    [0x80, "awake"],
    [0x83, "awake"],
    [0xff, "awake"],
  ] as const
) {
  Deno.test(`a drive whose power mode is 0x${count.toString(16)} is ${power}`, () => {
    strictEqual(powerOf(count), power);
  });
}
