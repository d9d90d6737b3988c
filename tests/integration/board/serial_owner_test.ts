/** Who may open a serial port, what it is set up with, and what a port cannot do. */

import assert from "node:assert/strict";
import { SerialPort } from "../../../src/board/serial/serial_port.ts";
import { LIBC } from "../../support/permissions_page.ts";
import { REPOSITORY } from "../../support/paths.ts";
import { BAUD, failure, OpenPort } from "../../support/open_port.ts";
import { runDeno, runProcess, startDeno, startProcess } from "../../support/process.ts";
import { Pty, testOnPty } from "../../support/pty.ts";

/** A program that opens a port with this driver and keeps it. */
const KEEP = `
  import { SerialPort } from "${new URL("../../../mod.ts", import.meta.url)}";
  await new SerialPort(Deno.args[0]).open({ baudRate: 250_000 });
  console.log("open");`;

/** Another program's claim, without the lock that this driver looks for first. */
const CLAIM = `
import fcntl, os, sys, termios, time
fd = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
fcntl.ioctl(fd, termios.TIOCEXCL)
print("claimed", flush=True)
time.sleep(3600)`;

/** Linux' own view of a terminal: its flags and speeds. */
const LOOK = `
import fcntl, os, struct, sys
fd = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
t = struct.unpack("4I20B2I", fcntl.ioctl(fd, 0x802C542A, bytes(44)))
print(t[0], t[1], hex(t[2]), t[3], t[-2], t[-1])`;

const opening = (path: string): Promise<void> => new SerialPort(path).open(BAUD);

testOnPty("a port that this process has open is refused, and says so", async () => {
  await using pty = await Pty.echo();
  await using _one = await OpenPort.on(pty.path);
  await assert.rejects(
    opening(pty.path),
    failure("busy", /^Cannot open "\/dev\/pts\/\d+": this process itself holds it; end that/),
  );
});

testOnPty("a port that another process of this driver has is refused with its name", async () => {
  await using pty = await Pty.echo();
  const flags = [`--allow-ffi=${LIBC}`, "--no-prompt", "--ext=ts", "-"];
  await using other = startDeno(["run", ...flags, pty.path], { stdin: KEEP });
  await other.line("open");
  await assert.rejects(
    opening(pty.path),
    failure("busy", new RegExp(`: process ${other.pid} \\(deno run --allow-ffi.*\\) holds it`)),
  );
  // Its lock dies with it, whatever it dies of.
  other.kill("SIGKILL");
  await other.ended;
  await using port = new SerialPort(pty.path);
  await port.open(BAUD);
});

testOnPty("a port that another program has locked is refused with its name", async () => {
  await using pty = await Pty.echo();
  await using other = startProcess("flock", [pty.path, "sh", "-c", "echo locked; sleep 3600"], {
    group: true,
  });
  await other.line("locked");
  await assert.rejects(
    opening(pty.path),
    failure("busy", new RegExp(`: process ${other.pid} \\(flock /dev/pts/`)),
  );
}, ["flock"]);

testOnPty("a port that another program has claimed is refused with its name", async () => {
  await using pty = await Pty.echo();
  await using other = startProcess("python3", ["-c", CLAIM, pty.path]);
  await other.line("claimed");
  const named = new RegExp(`process ${other.pid} \\(python3 -c [^]*…\\) have it open; end that`);
  await assert.rejects(opening(pty.path), failure("busy", named));
}, ["python3"]);

testOnPty("nobody else gets a port that is open", async () => {
  await using pty = await Pty.echo();
  await using _one = await OpenPort.on(pty.path);
  const { code } = await runProcess("flock", ["-n", pty.path, "true"]);
  assert.equal(code, 1);
}, ["flock"]);

testOnPty("an open port is raw, has the speed it was given, and keeps DTR up", async () => {
  await using pty = await Pty.echo();
  await using port = new SerialPort(pty.path);
  for (const baudRate of [250_000, 9600, 1_234_567]) {
    await port.open({ baudRate, stopBits: 2, flowControl: "hardware" });
    const { stdout } = await runProcess("python3", ["-c", LOOK, pty.path]);
    // CRTSCTS, BOTHER, CLOCAL, CREAD, CSTOPB and CS8, without HUPCL.
    const flags = `0x${(0x80000000 + 0x1000 + 0x800 + 0x80 + 0x40 + 0x30).toString(16)}`;
    assert.equal(stdout.trim(), `0 0 ${flags} 0 ${baudRate} ${baudRate}`);
    await port.close();
  }
}, ["python3"]);

testOnPty("what a port cannot do is said, and the port is free again", async () => {
  await using pty = await Pty.echo();
  await using port = new SerialPort(pty.path);
  const refused = (options: object, message: RegExp): Promise<void> =>
    assert.rejects(port.open({ ...BAUD, ...options }), failure("unsupported", message));
  await refused({ dataBits: 7 }, /with 7 data bits: its driver makes that 8 data bits; choose/);
  await refused({ parity: "odd" }, /with parity odd: its driver makes that parity none/);
  await refused(
    { resetOnOpen: "always" },
    /Cannot drive the modem lines of .*has none; do without/,
  );
  await refused({ resetOnOpen: "wait" }, /Cannot drive the modem lines of/);
  await port.open(BAUD);
  await assert.rejects(port.getSignals(), failure("unsupported", /Cannot read the modem lines/));
  await assert.rejects(port.setSignals({ dataTerminalReady: true }), failure("unsupported"));
  await port.setSignals({ break: true });
  await port.setSignals({ break: false });
  await port.setSignals({});
  await port.drain();
});

Deno.test("what is no serial port is not opened", async () => {
  await assert.rejects(opening("/dev/null"), failure("not_serial", /name a serial port$/));
  await assert.rejects(opening("/dev/nothing"), failure("absent", /"\/dev\/nothing": No such/));
  await assert.rejects(opening("/dev"), failure("failed"));
  await assert.rejects(
    opening("usb-dead:beef:1"),
    failure("absent", /Cannot find the serial port/),
  );
  await assert.rejects(opening("/dev/nu\0ll"), failure("absent", /holds a NUL character/));
});

Deno.test("without its permission the driver names the flag, and asks nobody", async () => {
  const program = `
    import { SerialPort } from "${new URL("../../../mod.ts", import.meta.url)}";
    await new SerialPort("/dev/null").open({ baudRate: 9600 }).catch((error) => console.log(error.message));`;
  const { stdout } = await runDeno(["run", "--ext=ts", "-"], { stdin: program, cwd: REPOSITORY });
  assert.match(
    stdout,
    /^Cannot open the C library: it is not permitted; run with --allow-ffi=\/\S+/,
  );
});
