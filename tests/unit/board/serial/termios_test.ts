/** What a serial line is set up with, against this machine's own C headers. */

import assert from "node:assert/strict";
import { LINUX } from "../../../../src/board/serial/linux.ts";
import { MACOS } from "../../../../src/board/serial/macos.ts";
import { inputSignals, linesAt, MODEM } from "../../../../src/board/serial/modem_lines.ts";
import { type Platform, POLL } from "../../../../src/board/serial/platform.ts";
import { type SerialOptions, serialSettings } from "../../../../src/board/serial/serial_options.ts";
import { runProcess } from "../../../support/process.ts";
import { tempDir } from "../../../support/temp_dir.ts";
import { testNeeding } from "../../../support/test_with.ts";

const OPTIONS: readonly SerialOptions[] = [
  { baudRate: 250_000 },
  { baudRate: 9600, dataBits: 7, parity: "even" },
  { baudRate: 1, stopBits: 2, parity: "odd" },
  { baudRate: 4_000_000, flowControl: "hardware" },
  { baudRate: 0xffff_ffff, dataBits: 7, stopBits: 2, parity: "odd", flowControl: "hardware" },
];

const encode = (platform: Platform, options: SerialOptions): Uint8Array => {
  const [request] = platform.configure(serialSettings(options));
  assert.ok(request?.argument instanceof Uint8Array);
  return request.argument;
};

for (const [name, platform] of [["Linux", LINUX], ["macOS", MACOS]] as const) {
  Deno.test(`${name}: what is encoded is decoded as it was`, () => {
    for (const options of OPTIONS) {
      const mode = platform.decodeMode(encode(platform, options));
      assert.equal(mode.dataBits, options.dataBits ?? 8);
      assert.equal(mode.parity, options.parity ?? "none");
      if (mode.baudRate !== null) assert.equal(mode.baudRate, options.baudRate);
    }
  });
}

Deno.test("Linux: 250 000 baud 8N1 is these bytes", () => {
  const bytes = encode(LINUX, { baudRate: 250_000 });
  const words = new Uint32Array(bytes.buffer);
  // CREAD, CLOCAL, CS8 and BOTHER; not HUPCL.
  assert.deepEqual([...words.subarray(0, 4)], [0, 0, 0x1000 | 0x800 | 0x80 | 0x30, 0]);
  assert.deepEqual([...words.subarray(9)], [250_000, 250_000]);
  assert.deepEqual(bytes.subarray(16, 36).reduce((sum, byte) => sum + byte, 0), 1, "VMIN alone");
});

Deno.test("macOS: the speed is told apart from the rest, which has a speed with a name", () => {
  const [mode, speed] = MACOS.configure(serialSettings({ baudRate: 250_000 }));
  assert.ok(mode?.argument instanceof Uint8Array && speed?.argument instanceof Uint8Array);
  const view = new DataView(mode.argument.buffer);
  assert.deepEqual([view.getBigUint64(56, true), view.getBigUint64(64, true)], [9600n, 9600n]);
  assert.equal(view.getBigUint64(16, true), 0x8000n | 0x800n | 0x300n);
  assert.equal(new DataView(speed.argument.buffer).getBigUint64(0, true), 250_000n);
});

/** `_IOC` of the BSDs: direction, length of the argument, group, number. */
Deno.test("macOS: the requests say how long their arguments are", () => {
  const lengthOf = (code: bigint): number => Number((code >> 16n) & 0x1fffn);
  const [mode, speed] = MACOS.configure(serialSettings({ baudRate: 1 }));
  assert.equal(lengthOf(mode?.code ?? 0n), MACOS.getMode.bytes);
  assert.equal(lengthOf(MACOS.getMode.code), MACOS.getMode.bytes);
  assert.equal(lengthOf(speed?.code ?? 0n), 8);
  for (
    const name of ["getModemLines", "raiseModemLines", "dropModemLines", "countOutput"] as const
  ) {
    assert.equal(lengthOf(MACOS.request[name]), 4, name);
  }
  const flush = MACOS.flush(true, true);
  assert.equal(lengthOf(flush.code), 4);
  assert.deepEqual(flush.argument, Uint8Array.of(3, 0, 0, 0));
});

Deno.test("flushing means input, output or both", () => {
  const argument = (input: boolean, output: boolean) => LINUX.flush(input, output).argument;
  assert.deepEqual([argument(true, false), argument(false, true), argument(true, true)], [
    0n,
    1n,
    2n,
  ]);
});

Deno.test("modem lines go up, go down, or stay", () => {
  const up = (signals: Parameters<typeof linesAt>[1]) => linesAt(true, signals);
  const down = (signals: Parameters<typeof linesAt>[1]) => linesAt(false, signals);
  assert.deepEqual([up({}), down({})], [0, 0]);
  assert.deepEqual([up({ dataTerminalReady: true }), down({ dataTerminalReady: true })], [2, 0]);
  assert.deepEqual([up({ requestToSend: false }), down({ requestToSend: false })], [0, 4]);
  const both = { dataTerminalReady: false, requestToSend: true, break: true };
  assert.deepEqual([up(both), down(both)], [4, 2]);
});

Deno.test("each line that the other side drives has its bit", () => {
  const bits = {
    clearToSend: 0x20,
    dataCarrierDetect: 0x40,
    ringIndicator: 0x80,
    dataSetReady: 0x100,
  };
  for (const [name, bit] of Object.entries(bits)) {
    const up = Object.entries(inputSignals(bit)).filter(([, level]) => level);
    assert.deepEqual(up, [[name, true]]);
    assert.ok(
      !Object.entries(inputSignals(~bit)).some(([other, level]) => level === (other === name)),
    );
  }
});

/** Prints what the headers say, in the order of {@link numbers}. */
const PROGRAM = `
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <asm/termbits.h>
#include <asm/ioctls.h>
#include <asm/termios.h>
#define SAY(x) printf("%llu\\n", (unsigned long long)(unsigned int)(x))
int main(void) {
  SAY(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC); SAY(EAGAIN); SAY(ENOTTY);
  SAY(TIOCEXCL); SAY(TIOCNXCL); SAY(TIOCGEXCL); SAY(TIOCSBRK); SAY(TIOCCBRK);
  SAY(TIOCMGET); SAY(TIOCMBIS); SAY(TIOCMBIC); SAY(TIOCOUTQ); SAY(TIOCSERGETLSR);
  SAY(TCFLSH); SAY(TCIFLUSH); SAY(TCOFLUSH); SAY(TCIOFLUSH);
  SAY(TCGETS2); SAY(TCSETS2); SAY(sizeof(struct termios2));
  SAY(TIOCM_DTR); SAY(TIOCM_RTS); SAY(TIOCM_CTS); SAY(TIOCM_CAR); SAY(TIOCM_RNG); SAY(TIOCM_DSR);
  SAY(POLLIN); SAY(POLLOUT); SAY(POLLERR); SAY(POLLHUP); SAY(POLLNVAL);
  struct termios2 t = { .c_iflag = IGNPAR | INPCK, .c_ispeed = 4294967295u, .c_ospeed = 4294967295u,
    .c_cflag = CREAD | CLOCAL | BOTHER | CS7 | CSTOPB | PARENB | PARODD | CRTSCTS };
  t.c_cc[VMIN] = 1;
  for (unsigned i = 0; i < sizeof t; i++) SAY(((unsigned char *)&t)[i]);
  return 0;
}
`;

function numbers(): number[] {
  const { request: r, flush } = LINUX;
  const [set] = LINUX.configure(serialSettings(OPTIONS.at(-1) ?? { baudRate: 1 }));
  return [
    ...[LINUX.openFlags, LINUX.errno.again, LINUX.errno.notSerial],
    ...[r.exclusive, r.notExclusive, LINUX.getExclusive, r.startBreak, r.stopBreak],
    ...[r.getModemLines, r.raiseModemLines, r.dropModemLines, r.countOutput, LINUX.getLineStatus],
    flush(true, false).code,
    ...[flush(true, false), flush(false, true), flush(true, true)].map(({ argument }) => argument),
    ...[LINUX.getMode.code, set?.code, LINUX.getMode.bytes],
    ...[MODEM.dtr, MODEM.rts, MODEM.cts, MODEM.dcd, MODEM.ri, MODEM.dsr],
    ...[POLL.in, POLL.out, POLL.error, POLL.hangUp, POLL.invalid],
    ...set?.argument as Uint8Array,
  ].map(Number);
}

testNeeding(["gcc"], "Linux: every number is the one of this machine's headers", async () => {
  await using folder = await tempDir();
  const source = await folder.write("numbers.c", PROGRAM);
  const built = await runProcess("gcc", ["-Wall", "-o", folder.join("numbers"), source]);
  assert.equal(built.code, 0, built.stderr);
  const { stdout } = await runProcess(folder.join("numbers"), []);
  assert.deepEqual(numbers(), stdout.trim().split("\n").map(Number));
});
