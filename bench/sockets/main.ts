/**
 * Measures `Socket` beside bare connections of Deno, in one run and in turn, against the same bare
 * echo in another process. Machines differ and are noisy, so the ratios are what counts.
 *
 * @module
 */

import { Socket, SocketTimeout } from "../../mod.ts";
import { startDeno, type TestProcess } from "../../tests/support/process.ts";

const ROUNDS = 15;
const GOAL = "goal: 85 %";
const IDLE = 1000;
const DATAGRAM_ROUNDS = 5;
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

/** Gives bytes of their own for every read, as `recv` does. */
async function freshClient(port: number, bytes: Uint8Array): Promise<RoundTrip> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const buffer = new Uint8Array(65536);
  const read = async (): Promise<Uint8Array> => buffer.slice(0, await conn.read(buffer) ?? NaN);
  return async () => {
    for (let sent = 0; sent < bytes.length;) sent += await conn.write(bytes.subarray(sent));
    for (let got = 0; got < bytes.length;) got += (await read()).length || NaN;
  };
}

async function recvClient(port: number, bytes: Uint8Array): Promise<RoundTrip> {
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
  const kinds = [bareClient, readintoClient, freshClient, recvClient];
  const clients = await Promise.all(kinds.map(several));
  const count = Math.ceil((size > 1000 ? 2000 : 4000) / connections);
  const found: number[][] = kinds.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, each] of clients.entries()) {
      found[index]?.push(await perSecond(each, count));
    }
  }
  const [bare = [], readinto = [], fresh = [], recv = []] = found;
  row(
    `${connections} connections, ${size} bytes there and back`,
    `readinto ${share(readinto, bare)} of a bare ${Math.round(median(bare))}/s`,
    GOAL,
  );
  const same = `of a bare ${Math.round(median(fresh))}/s that gives fresh bytes`;
  row("", `recv ${share(recv, fresh)} ${same}, ${share(recv, bare)} of one that does not`, GOAL);
}

/** Of what was measured one right after the other, for a machine that has other things to do. */
function share(rates: readonly number[], ofThose: readonly number[]): string {
  return `${(100 * median(rates.map((rate, at) => rate / (ofThose[at] ?? NaN)))).toFixed(1)} %`;
}

const folder = new URL(".", import.meta.url).pathname;

function startIdle(kind: string, port: number, count: number): TestProcess {
  const flags = ["--allow-net=127.0.0.1", "--v8-flags=--expose-gc"];
  return startDeno(["run", ...flags, `${folder}idle.ts`, kind, `${port}`, `${count}`]);
}

async function idleMemory(port: number): Promise<void> {
  for (const kind of ["socket", "bare"]) {
    const sizes: number[][] = [];
    for (const count of [1, IDLE]) {
      await using idle = startIdle(kind, port, count);
      sizes.push((await idle.line(/^idle/)).split(" ").slice(1).map(Number));
    }
    const [one = [], many = []] = sizes;
    const [resident = NaN, heap = NaN] = many.map((size, at) =>
      (size - (one[at] ?? NaN)) / IDLE / 1024
    );
    const measured = `${resident.toFixed(1)} KiB each, ${heap.toFixed(1)} of them on the heap`;
    row(`${IDLE} idle, a read waiting: ${kind}`, measured);
  }
}

function startDatagrams(...args: string[]): TestProcess {
  const flags = ["--allow-net=127.0.0.1", "--unstable-net"];
  return startDeno(["run", ...flags, `${folder}datagrams.ts`, ...args]);
}

async function datagrams(): Promise<void> {
  await using echo = startDatagrams("echo");
  const port = /:(\d+)/.exec(await echo.line("listening on"))?.[1] ?? "";
  const found = { bare: [] as number[][], socket: [] as number[][] };
  for (let round = 0; round < DATAGRAM_ROUNDS; round++) {
    for (const kind of ["bare", "socket"] as const) {
      await using client = startDatagrams(kind, port);
      found[kind].push((await client.line(/^measured/)).split(" ").slice(1).map(Number));
    }
  }
  const [rates, bareRates, p99s, bareP99s] = [0, 1].flatMap((at) => [
    found.socket.map((each) => each[at] ?? NaN),
    found.bare.map((each) => each[at] ?? NaN),
  ]) as [number[], number[], number[], number[]];
  row(
    "datagrams, 40 bytes there and back",
    `${share(rates, bareRates)} of a bare ${Math.round(median(bareRates))}/s; ` +
      `p99 ${median(p99s).toFixed(3)} ms, of the bare one ${median(bareP99s).toFixed(3)} ms`,
  );
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
await datagrams();
await timeouts(port);
Deno.exit(0);
