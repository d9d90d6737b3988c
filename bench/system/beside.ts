/**
 * The server beside a bare Deno echo and CPython's asyncio, on the same requests: one connection,
 * fifty and a thousand, one request in flight each or a hundred. `deno task bench:beside`
 *
 * Clients, servers and everything else share the machine, and each figure is of one run after the
 * other, so the ratios are what counts.
 *
 * @module
 */

import { encodeMessage } from "../../src/wire/message.ts";
import { Request } from "../../src/wire/request.ts";
import {
  runProcess,
  startDeno,
  startProcess,
  type TestProcess,
} from "../../tests/support/process.ts";
import { connectAll, crowd } from "./crowd.ts";
import { open } from "./load.ts";

const PING = encodeMessage(Request.PING, []);
const ACK = encodeMessage(Request.ACK, []);
const IN_FLIGHT = 100;
/** Connections of which the memory is measured. */
const MANY = 9000;

const encoder = new TextEncoder();
const say = (cells: readonly string[]): void => {
  const [first = "", ...rest] = cells;
  const line = first.padEnd(30) + rest.map((cell) => cell.padStart(12)).join("");
  Deno.stdout.writeSync(encoder.encode(`${line}\n`));
};
const whole = (value: number): string => Math.round(value).toLocaleString("en");

/** A server to measure. */
interface Rival {
  readonly name: string;
  readonly process: TestProcess;
  readonly port: number;
  /** Of one reply. */
  readonly replyBytes: number;
}

async function rival(name: string, process: TestProcess, replyBytes: number): Promise<Rival> {
  const line = await process.line("listening on");
  return { name, process, replyBytes, port: Number(/:(\d+)/.exec(line)?.[1]) };
}

async function residentKiB(pid: number): Promise<number> {
  return Number((await runProcess("ps", ["-o", "rss=", "-p", `${pid}`])).stdout);
}

/** What so many connections cost that have asked once. */
async function memory({ port, process, replyBytes }: Rival): Promise<number> {
  const before = await residentKiB(process.pid);
  const all = await connectAll(() => open(port), MANY);
  const buffer = new Uint8Array(64);
  for (const connection of all) {
    await connection.write(PING);
    for (let left = replyBytes; left > 0;) left -= await connection.read(buffer) ?? left;
  }
  const after = await residentKiB(process.pid);
  for (const connection of all) connection.close();
  return (after - before) / MANY;
}

await using fand = startDeno([
  ...["run", "--no-prompt", "--allow-all", "server.ts", "-c", "bench/system/many.toml"],
  ...["-p", "0"],
]);
await using echo = startDeno(["run", "--allow-net=127.0.0.1", "bench/system/echo.ts"]);
await using python = startProcess("python3", ["bench/system/asyncio_server.py"]);
const rivals = [
  await rival("bare Deno echo", echo, PING.length),
  await rival("fand", fand, ACK.length),
  await rival("CPython asyncio", python, ACK.length),
];
// First, while none of them holds what another measurement has left.
const eachKiB: string[] = [];
for (const each of rivals) eachKiB.push(`${each.name} ${(await memory(each)).toFixed(1)}`);
say([`memory a connection, KiB, of ${MANY}: ${eachKiB.join(", ")}`]);
say(["", "requests/s", "of the echo", "p50 µs", "p99 µs", "CPU µs each"]);
for (const batch of [1, IN_FLIGHT]) {
  for (const connections of [1, 50, 1000]) {
    say([`${connections} connections, ${batch} in flight`]);
    let bare = NaN;
    for (const each of rivals) {
      const { process: { pid }, port, replyBytes } = each;
      const asked = { pid, replyBytes, connect: () => open(port) };
      const found = await crowd(asked, connections, batch);
      if (each === rivals[0]) bare = found.perSecond;
      say([
        `  ${each.name}`,
        whole(found.perSecond),
        `${(found.perSecond / bare * 100).toFixed(0)} %`,
        whole(found.p50Us),
        whole(found.p99Us),
        found.cpuUs.toFixed(1),
      ]);
    }
  }
}
