/**
 * Measures confirmed messages of a rig beside a bare echo of Deno's own datagrams, which need a
 * flag that no program may count on, and of `node:dgram`, which is what rigs have: in one run and
 * in turn, each end in a process of its own, one message after the other. Machines differ and are
 * noisy, so the ratios are what counts.
 *
 * @module
 */

import { EchoCommunicator } from "../../mod.ts";
import { startDeno } from "../../tests/support/process.ts";

const ROUNDS = 7;
const MESSAGES = 4000;
const WARM_UP = 2000;
const GOAL = "goal: half of node:dgram";

/** What a rig sends when an experiment begins. */
const TEXT = '[2, "2030-01-31_1_subject", null]';

/** Sends one message and waits until it has come back. */
type Exchange = () => Promise<void>;

/** The two ends of one way to do it. */
interface Way {
  readonly name: string;
  readonly exchange: Exchange;
  readonly rates: number[];
  readonly tails: number[];
}

function row(what: string, measured: string, goal = ""): void {
  Deno.stdout.writeSync(
    new TextEncoder().encode(`${what.padEnd(30)} ${measured.padEnd(44)} ${goal}\n`.trimStart()),
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

async function bareClient(port: number): Promise<Exchange> {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  const bytes = new TextEncoder().encode(TEXT);
  const to = { transport: "udp", hostname: "127.0.0.1", port } as const;
  const buffer = new Uint8Array(65_536);
  await Promise.resolve();
  return async () => {
    await socket.send(bytes, to);
    await socket.receive(buffer);
  };
}

async function dgramClient(port: number): Promise<Exchange> {
  const { createSocket } = await import("node:dgram");
  const socket = createSocket("udp4");
  const bound = Promise.withResolvers<void>();
  socket.bind(0, "127.0.0.1", bound.resolve);
  await bound.promise;
  const bytes = new TextEncoder().encode(TEXT);
  return () =>
    new Promise((resolve) => {
      socket.once("message", () => resolve());
      socket.send(bytes, port, "127.0.0.1");
    });
}

async function rigClient(proto: string, port: number): Promise<Exchange> {
  const rig = await EchoCommunicator.client(`${proto}://127.0.0.1:${port}`);
  return () => rig.start("2030-01-31_1_subject");
}

/** Messages a second and the 99th percentile of their times in microseconds. */
async function measure(exchange: Exchange, count: number): Promise<[rate: number, p99: number]> {
  const times: number[] = [];
  const start = performance.now();
  let before = start;
  for (let turn = 0; turn < count; turn++) {
    await exchange();
    const now = performance.now();
    times.push(now - before);
    before = now;
  }
  const rate = count * 1000 / (performance.now() - start);
  const tail = times.toSorted((a, b) => a - b)[Math.floor(count * 0.99)] ?? NaN;
  return [rate, tail * 1000];
}

/** Starts the other end and gives its port. */
async function echo(stack: AsyncDisposableStack, kind: string): Promise<number> {
  const args = ["run", "--unstable-net", "--allow-net=127.0.0.1", "bench/rig/echo.ts", kind];
  const child = stack.use(startDeno(args));
  return Number(await child.line(/^\d+$/));
}

await using ends = new AsyncDisposableStack();
const bare = await echo(ends, "bare");
const ways: Way[] = [
  { name: "bare datagrams", exchange: await bareClient(bare) },
  { name: "bare node:dgram", exchange: await dgramClient(await echo(ends, "dgram")) },
  { name: "a rig, echo bare", exchange: await rigClient("udp", bare) },
  { name: "rigs over udp", exchange: await rigClient("udp", await echo(ends, "udp")) },
  { name: "rigs over tcp", exchange: await rigClient("tcp", await echo(ends, "tcp")) },
  { name: "rigs over ws", exchange: await rigClient("ws", await echo(ends, "ws")) },
].map((way) => ({ ...way, rates: [], tails: [] }));

for (const { exchange } of ways) await measure(exchange, WARM_UP);
for (let round = 0; round < ROUNDS; round++) {
  for (const { exchange, rates, tails } of ways) {
    const [rate, tail] = await measure(exchange, MESSAGES);
    rates.push(rate);
    tails.push(tail);
  }
}
const most = median(ways[0]?.rates ?? []);
for (const { name, rates, tails } of ways) {
  const rate = median(rates);
  const share = `${Math.round(100 * rate / most)} %`;
  const goal = name === "rigs over udp" ? GOAL : "";
  row(name, `${Math.round(rate)}/s  ${share}  p99 ${Math.round(median(tails))} µs`, goal);
}
await ends.disposeAsync();
Deno.exit(0);
