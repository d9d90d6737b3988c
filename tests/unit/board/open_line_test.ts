import assert from "node:assert/strict";
import { BoardError } from "../../../src/errors.ts";
import { openLine } from "../../../src/board/open_line.ts";
import { RecordedLog } from "../../support/recorded_log.ts";

Deno.test.each(["", "sim", "foo:", "ttyUSB0", "tty:", "toString:", "SIM:", "tcp://nas"])(
  "openLine names the kinds that it knows instead of %j",
  async (spec: string) => {
    await assert.rejects(openLine(spec), (error) => {
      assert.ok(error instanceof BoardError);
      assert.equal(
        error.message,
        `Cannot open the board line "${spec}": this is no known kind of line; ` +
          'use "sim:" or "sim:SEED", "tty:usb-VID:PID:SERIAL", "tty:/dev/…" or "/dev/…", ' +
          '"tcp://HOST:PORT", "hwmon:CHIP"',
      );
      return true;
    });
  },
);

Deno.test.each(["x", "-1", "1.5", "1e3", "1234567890", " 1", "1:2"])(
  "openLine refuses %j as a seed",
  async (seed: string) => {
    await assert.rejects(openLine(`sim:${seed}`), /is not a seed; use an integer from 0 to/);
  },
);

Deno.test.each([["sim:", "sim:1"], ["sim:0", "sim:0"], ["sim:42", "sim:42"]] as const)(
  "openLine opens %j as %j and says that it is simulated",
  async (spec: string, name: string) => {
    const log = new RecordedLog();
    const line = await openLine(spec, { log });
    assert.equal(line.name, name);
    await log.line(new RegExp(`"${name}" is a simulated board`));
    await line.close();
  },
);
