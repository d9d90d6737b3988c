/**
 * The serial driver on a pseudo terminal, against Python's `os.read` and `os.write` on the same
 * kind: round trips in turn, and what an open port costs that nothing happens on. Part of
 * `deno task bench`; needs socat and python3.
 *
 * @module
 */

import process from "node:process";
import { listPorts, SerialPort } from "../../mod.ts";
import { openLibc } from "../../src/libc/open_libc.ts";
import { runProcess, startProcess } from "../../tests/support/process.ts";
import { Pty } from "../../tests/support/pty.ts";

const ROUNDS = 5;
const TRIPS = 2000;
const MESSAGE_BYTES = 8;
/** At 250 000 baud. */
const LINE_US_A_BYTE = 40;
const BULK_BYTES = 20_000_000;
const IDLE_MS = 5000;
const POLL_MS = 100;
const POLLIN = 1;
const O_RDWR_NOCTTY_NONBLOCK = 0x902;

/** What a driver needs at least; the numbers are those of Linux. */
const LIBC = openLibc({
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  write: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  poll: { parameters: ["buffer", "usize", "i32"], result: "i32", nonblocking: true },
});

/**
 * Prints the median and the 99th percentile of a round trip in microseconds: with a read that
 * waits in the kernel, or with select before it as pyserial does, so that it can be called off.
 */
const PYTHON = `
import os, select, sys, time, tty
fd = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
tty.setraw(fd)
took = []
for _ in range(${TRIPS}):
    start = time.perf_counter()
    os.write(fd, bytes(${MESSAGE_BYTES}))
    got = 0
    while got < ${MESSAGE_BYTES}:
        if sys.argv[2] == "select":
            select.select([fd], [], [], 0.1)
        got += len(os.read(fd, 65536))
    took.append(time.perf_counter() - start)
took.sort()
print(took[len(took) // 2] * 1e6, took[len(took) * 99 // 100] * 1e6)`;

/** Sends everything back after the time that it would take on the line, both ways. */
const LINE = `
import os, sys, time, tty
fd = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
tty.setraw(fd)
print("up", flush=True)
while True:
    text = os.read(fd, 65536)
    end = time.perf_counter() + len(text) * 2 * ${LINE_US_A_BYTE} / 1e6
    while time.perf_counter() < end:
        pass
    os.write(fd, text)`;

interface Trips {
  readonly p50Us: number;
  readonly p99Us: number;
}

const encoder = new TextEncoder();

function row(what: string, measured: string, goal = ""): void {
  Deno.stdout.writeSync(encoder.encode(`${what.padEnd(44)} ${measured.padEnd(42)} ${goal}\n`));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

async function pythonTrips(path: string, how: "read" | "select"): Promise<Trips> {
  const { stdout } = await runProcess("python3", ["-c", PYTHON, path, how]);
  const [p50Us = NaN, p99Us = NaN] = stdout.split(" ").map(Number);
  return { p50Us, p99Us };
}

/** An open port, its reader and its writer. */
async function open(path: string) {
  const port = new SerialPort(path);
  await port.open({ baudRate: 250_000 });
  const { readable, writable } = port;
  if (!readable || !writable) throw new Error(`${path} did not stay open`);
  return { port, reader: readable.getReader(), writer: writable.getWriter() };
}

async function ourTrips(path: string): Promise<Trips> {
  const { port, reader, writer } = await open(path);
  const message = new Uint8Array(MESSAGE_BYTES);
  const took: number[] = [];
  for (let trip = 0; trip < TRIPS; trip++) {
    const startMs = performance.now();
    await writer.write(message);
    for (let got = 0; got < MESSAGE_BYTES;) got += (await reader.read()).value?.length ?? 0;
    took.push((performance.now() - startMs) * 1000);
  }
  await port.close();
  return tripsOf(took);
}

/** What every driver here pays that may not block: poll on another thread, then read. */
async function bareTrips(path: string): Promise<Trips> {
  const { open, close, read, write, poll } = LIBC.symbols;
  const fd = open(encoder.encode(`${path}\0`), O_RDWR_NOCTTY_NONBLOCK);
  const message = new Uint8Array(MESSAGE_BYTES);
  const input = new Uint8Array(65_536);
  const polled = new Int32Array(2);
  const took: number[] = [];
  for (let trip = 0; trip < TRIPS; trip++) {
    const startMs = performance.now();
    write(fd, message, BigInt(MESSAGE_BYTES));
    for (let got = 0; got < MESSAGE_BYTES;) {
      polled.set([fd, POLLIN]);
      await poll(polled, 1n, POLL_MS);
      got += Math.max(0, Number(read(fd, input, BigInt(input.length))));
    }
    took.push((performance.now() - startMs) * 1000);
  }
  close(fd);
  return tripsOf(took);
}

function tripsOf(took: number[]): Trips {
  took.sort((a, b) => a - b);
  return { p50Us: took[TRIPS >> 1] ?? NaN, p99Us: took[Math.floor(TRIPS * 0.99)] ?? NaN };
}

/** Round trips with what is at the other end of a terminal, in turn: ratios are of neighbours. */
async function roundTrips(what: string, path: string, goal: string): Promise<void> {
  const [ours, waiting]: [Trips[], Trips[]] = [[], []];
  const [selecting, bare]: [Trips[], Trips[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    waiting.push(await pythonTrips(path, "read"));
    ours.push(await ourTrips(path));
    selecting.push(await pythonTrips(path, "select"));
    bare.push(await bareTrips(path));
  }
  const p50 = (trips: readonly Trips[]): number => median(trips.map(({ p50Us }) => p50Us));
  const ratio = (trips: readonly Trips[]): number =>
    median(trips.map(({ p50Us }, round) => (ours[round]?.p50Us ?? NaN) / p50Us));
  const p99 = (trips: readonly Trips[]): number => median(trips.map(({ p99Us }) => p99Us));
  const against = (trips: readonly Trips[]): string =>
    `${p50(ours).toFixed(0)} µs, ${ratio(trips).toFixed(2)} of ${p50(trips).toFixed(0)} µs`;
  row(`${what}: Python's read`, against(waiting), goal);
  row("  its select and read", against(selecting));
  row("  poll on a thread and read, through FFI", against(bare));
  row(
    "  p99 of the three",
    `${p99(ours).toFixed(0)} µs, ${p99(waiting).toFixed(0)} µs, ${p99(selecting).toFixed(0)} µs`,
  );
}

async function bothRoundTrips(): Promise<void> {
  await using echo = await Pty.echo();
  await roundTrips(`${MESSAGE_BYTES} bytes to an echo`, echo.path, "goal: 1.5 at most");
  await using pair = await Pty.pair();
  await using line = startProcess("python3", ["-c", LINE, pair.otherPath]);
  await line.line("up");
  await roundTrips("the same at 250 000 baud", pair.path, "goal: 1.5 at most");
}

async function bulk(): Promise<void> {
  await using pty = await Pty.pair();
  const from = await open(pty.path);
  const to = await open(pty.otherPath);
  const startMs = performance.now();
  const writing = from.writer.write(new Uint8Array(BULK_BYTES));
  for (let got = 0; got < BULK_BYTES;) got += (await to.reader.read()).value?.length ?? 0;
  await writing;
  const rate = BULK_BYTES / 1000 / (performance.now() - startMs);
  row("one way, as fast as it goes", `${rate.toFixed(1)} MB/s`);
  await from.port.close();
  await to.port.close();
}

async function idle(): Promise<void> {
  await using pty = await Pty.echo();
  const { port } = await open(pty.path);
  const cpuMs = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const before = cpuMs();
  await new Promise<void>((resolve) => setTimeout(resolve, IDLE_MS));
  const share = (cpuMs() - before) / IDLE_MS;
  await port.close();
  row("an open port on which nothing happens", `${(share * 100).toFixed(2)} % of one CPU`);
}

async function opening(): Promise<void> {
  await using pty = await Pty.echo();
  const opens: number[] = [];
  const closes: number[] = [];
  for (let round = 0; round < 101; round++) {
    const startMs = performance.now();
    const { port } = await open(pty.path);
    const openMs = performance.now();
    await port.close();
    opens.push(openMs - startMs);
    closes.push(performance.now() - openMs);
  }
  row("open, close", `${median(opens).toFixed(2)} ms, ${median(closes).toFixed(2)} ms`);
  const startMs = performance.now();
  const { length } = await listPorts();
  row("listPorts", `${(performance.now() - startMs).toFixed(1)} ms for ${length} ports`);
}

await bothRoundTrips();
await bulk();
await idle();
await opening();
