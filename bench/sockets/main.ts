/**
 * Measures `Socket` beside bare connections of Deno, in one run and in turn, against the same bare
 * echo in another process. Machines differ and are noisy, so the ratios are what counts.
 *
 * @module
 */

import { Socket, SocketTimeout } from "../../mod.ts";
import { runProcess, startDeno, type TestProcess } from "../../tests/support/process.ts";

const ROUNDS = 7;
const GOAL = "goal: 85 %";
const IDLE = 1000;
const TIMEOUTS = 3000;

const encoder = new TextEncoder();

function row(what: string, measured: string, goal = ""): void {
  Deno.stdout.writeSync(encoder.encode(`${what.padEnd(34)} ${measured.padEnd(56)} ${goal}\n`));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

/** Sends so many bytes and waits until as many have come back. */
type RoundTrip = () => Promise<void>;

async function bareClient(port: number, bytes: Uint8Array): Promise<RoundTrip> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const buffer = new Uint8Array(65536);
  return async () => {
    for (let sent = 0; sent < bytes.length;) sent += await conn.write(bytes.subarray(sent));
    for (let got = 0; got < bytes.length;) got += await conn.read(buffer) ?? NaN;
  };
}

async function socketClient(port: number, bytes: Uint8Array): Promise<RoundTrip> {
  const socket = new Socket();
  await socket.connect(["127.0.0.1", port]);
  return async () => {
    await socket.sendall(bytes);
    for (let got = 0; got < bytes.length;) got += (await socket.recv(65536)).length || NaN;
  };
}

/** Reads into a buffer of its own, as a bare connection does. */
async function readintoClient(port: number, bytes: Uint8Array): Promise<RoundTrip> {
  const socket = new Socket();
  await socket.connect(["127.0.0.1", port]);
  const buffer = new Uint8Array(bytes.length);
  return async () => {
    await socket.sendall(bytes);
    await socket.readinto(buffer);
  };
}

async function perSecond(clients: readonly RoundTrip[], count: number): Promise<number> {
  const start = performance.now();
  await Promise.all(clients.map(async (trip) => {
    for (let turn = 0; turn < count; turn++) await trip();
  }));
  return clients.length * count * 1000 / (performance.now() - start);
}

async function roundTrips(port: number, connections: number, size: number): Promise<void> {
  const bytes = new Uint8Array(size);
  const several = (open: typeof bareClient): Promise<RoundTrip[]> =>
    Promise.all(Array.from({ length: connections }, () => open(port, bytes)));
  const kinds = [bareClient, socketClient, readintoClient];
  const clients = await Promise.all(kinds.map(several));
  const count = Math.ceil((size > 1000 ? 4000 : 8000) / connections);
  const found: number[][] = kinds.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, each] of clients.entries()) {
      found[index]?.push(await perSecond(each, count));
    }
  }
  const [bare = NaN, recv = NaN, readinto = NaN] = found.map(median);
  const share = (rate: number): string => `${(100 * rate / bare).toFixed(1)} %`;
  row(
    `${connections} connections, ${size} bytes there and back`,
    `recv ${share(recv)}, readinto ${share(readinto)} of a bare ${Math.round(bare)}/s`,
    GOAL,
  );
}

async function residentKiB(pid: number): Promise<number> {
  return Number((await runProcess("ps", ["-o", "rss=", "-p", `${pid}`])).stdout);
}

function startIdle(kind: string, port: number, count: number): TestProcess {
  const file = new URL("./idle.ts", import.meta.url).pathname;
  return startDeno(["run", "--allow-net=127.0.0.1", file, kind, `${port}`, `${count}`]);
}

async function idleMemory(port: number): Promise<void> {
  const each: string[] = [];
  for (const kind of ["socket", "bare"]) {
    const sizes: number[] = [];
    for (const count of [1, IDLE]) {
      await using idle = startIdle(kind, port, count);
      await idle.line("idle");
      sizes.push(await residentKiB(idle.pid));
    }
    const [one = NaN, many = NaN] = sizes;
    each.push(`${kind} ${((many - one) / IDLE).toFixed(1)} KiB each`);
  }
  row(`${IDLE} idle, a read waiting on each`, each.join(", "));
}

/** Gives up again and again, and then counts what has come. */
async function timeouts(port: number): Promise<void> {
  await using socket = new Socket();
  await socket.connect(["127.0.0.1", port]);
  socket.settimeout(0.001);
  let late = 0;
  while (late < TIMEOUTS) {
    await socket.read(TIMEOUTS * 2).catch((error) => {
      if (!(error instanceof SocketTimeout)) throw error;
      late++;
    });
    if (late % 10 === 0) await socket.sendall(Uint8Array.of(late / 10));
  }
  socket.settimeout(5);
  const bytes = await socket.read(TIMEOUTS / 10);
  const intact = bytes.every((byte, index) => byte === ((index + 1) & 0xff));
  row(`${TIMEOUTS} timeouts, then ${bytes.length} bytes`, intact ? "all intact" : "DAMAGED");
}

await using echo = startDeno([
  "run",
  "--allow-net=127.0.0.1",
  new URL("../system/echo.ts", import.meta.url).pathname,
]);
const port = Number(/:(\d+)/.exec(await echo.line("listening on"))?.[1]);
for (const [connections, size] of [[1, 40], [1, 65536], [50, 40], [50, 65536]] as const) {
  await roundTrips(port, connections, size);
}
await idleMemory(port);
await timeouts(port);
Deno.exit(0);
