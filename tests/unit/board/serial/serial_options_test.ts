import assert from "node:assert/strict";
import { SerialError } from "../../../../src/board/serial/serial_error.ts";
import { type SerialOptions, serialSettings } from "../../../../src/board/serial/serial_options.ts";
import { currentPlatform } from "../../../../src/board/serial/platform.ts";
import { LINUX } from "../../../../src/board/serial/linux.ts";
import { MACOS } from "../../../../src/board/serial/macos.ts";

Deno.test("serial options have Web Serial's defaults for a line, and never reset", () => {
  assert.deepEqual(serialSettings({ baudRate: 9600 }), {
    baudRate: 9600,
    dataBits: 8,
    stopBits: 1,
    parity: "none",
    flowControl: "none",
    bufferSize: 4096,
    resetOnOpen: "never",
  });
});

Deno.test("an option that is undefined is one that is left out", () => {
  const options = { baudRate: 9600, parity: undefined } as unknown as SerialOptions;
  assert.equal(serialSettings(options).parity, "none");
});

Deno.test.each(
  [
    [{ baudRate: 0 }, "baudRate is 0; give a whole number from 1 to 4294967295"],
    [{ baudRate: -9600 }, "baudRate is -9600"],
    [{ baudRate: 9600.5 }, "baudRate is 9600.5"],
    [{ baudRate: NaN }, "baudRate is NaN"],
    [{ baudRate: 2 ** 32 }, "baudRate is 4294967296"],
    [{}, "baudRate is undefined"],
    [{ baudRate: 1, dataBits: 9 }, "dataBits is 9; give one of 7, 8"],
    [{ baudRate: 1, stopBits: 1.5 }, "stopBits is 1.5; give one of 1, 2"],
    [{ baudRate: 1, parity: "mark" }, "parity is mark; give one of none, even, odd"],
    [{ baudRate: 1, flowControl: true }, "flowControl is true; give one of none, hardware"],
    [{ baudRate: 1, bufferSize: 0 }, "bufferSize is 0"],
    [
      { baudRate: 1, resetOnOpen: "maybe" },
      "resetOnOpen is maybe; give one of never, always, wait",
    ],
  ] as [unknown, string][],
)("serial options refuse %j", (options: unknown, found: string) => {
  assert.throws(() => serialSettings(options as SerialOptions), (error) => {
    assert.ok(error instanceof SerialError);
    assert.equal(error.reason, "bad_option");
    assert.equal(error.code, "serial");
    assert.ok(error.message.startsWith(`Cannot open a serial port: ${found}`), error.message);
    return true;
  });
});

Deno.test("each system has its numbers, and one without is refused with a sentence", () => {
  assert.equal(currentPlatform("linux"), LINUX);
  assert.equal(currentPlatform("darwin"), MACOS);
  for (const [os, name] of [["windows", "Windows"], ["freebsd", "freebsd"]]) {
    assert.throws(() => currentPlatform(os), (error) => {
      assert.ok(error instanceof SerialError);
      assert.equal(error.reason, "unsupported");
      assert.match(error.message, new RegExp(`^Cannot use serial ports: this is ${name}, `));
      return true;
    });
  }
});
