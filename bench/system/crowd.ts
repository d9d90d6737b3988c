/**
 * Many connections to one server, each with a batch of pings in flight: how fast, how late, and
 * what the server works for it.
 *
 * @module
 */

import { encodeMessage } from "../../src/wire/message.ts";
import { Request } from "../../src/wire/request.ts";
import { runProcess } from "../../tests/support/process.ts";
import { summary } from "./load.ts";

const FOR_MS = 3000;
const PING = encodeMessage(Request.PING, []);
/** Of the kernel's clock in /proc. */
const TICK_MS = 10;
/** So many connections are made at one time. */
const AT_ONCE = 100;

/** Whom the crowd asks. */
export interface Asked {
  /** Of its process. */
  readonly pid: number;
  /** Of one reply. */
  readonly replyBytes: number;
  connect(): Promise<Deno.Conn>;
}

/** What was found. */
export interface CrowdFigures {
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** Work of all the server's threads for a request. */
  readonly cpuUs: number;
}

/** Makes so many connections. */
export async function connectAll(
  connect: () => Promise<Deno.Conn>,
  count: number,
): Promise<Deno.Conn[]> {
  const all: Deno.Conn[] = [];
  while (all.length < count) {
    const some = Math.min(AT_ONCE, count - all.length);
    all.push(...await Promise.all(Array.from({ length: some }, connect)));
  }
  return all;
}

/** Every connection sends a batch and waits for its answers, again and again. */
export async function crowd(
  { pid, replyBytes, connect }: Asked,
  connections: number,
  batch: number,
): Promise<CrowdFigures> {
  const all = await connectAll(connect, connections);
  const request = new Uint8Array(PING.length * batch);
  for (let index = 0; index < batch; index++) request.set(PING, index * PING.length);
  const tookMs: number[] = [];
  const beforeMs = await workedMs(pid);
  const startMs = performance.now();
  await Promise.all(all.map(async (connection) => {
    const buffer = new Uint8Array(16_384);
    while (performance.now() - startMs < FOR_MS) {
      const sentMs = performance.now();
      await connection.write(request);
      for (let left = replyBytes * batch; left > 0;) {
        const length = await connection.read(buffer);
        if (length === null) throw new Error("The server has closed the connection");
        left -= length;
      }
      tookMs.push(performance.now() - sentMs);
    }
  }));
  const totalMs = performance.now() - startMs;
  const cpuMs = await workedMs(pid) - beforeMs;
  for (const connection of all) connection.close();
  const { p50Us, p99Us } = summary(Float64Array.from(tookMs), totalMs);
  const requests = tookMs.length * batch;
  return { perSecond: requests / totalMs * 1000, p50Us, p99Us, cpuUs: cpuMs * 1000 / requests };
}

/** What all threads of a process have worked so far. */
async function workedMs(pid: number): Promise<number> {
  const { stdout } = await runProcess("cat", [`/proc/${pid}/stat`]);
  const fields = stdout.slice(stdout.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
