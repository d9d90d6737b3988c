/**
 * One end of a measurement of datagrams; run by main.ts, with --unstable-net for bare ones of Deno.
 * `echo` sends everything back; `bare` and `socket` ask PORT, and print rates and latencies.
 */

import { AF_INET, SOCK_DGRAM, Socket } from "../../mod.ts";

const BYTES = 40;
const ROUND_TRIPS = 20_000;
const encoder = new TextEncoder();

/** Sends a datagram and waits for its echo. */
type RoundTrip = (bytes: Uint8Array) => Promise<unknown>;

function listen(): Deno.DatagramConn {
  return Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
}

async function echo(): Promise<void> {
  const near = listen();
  const { port } = near.addr as Deno.NetAddr;
  await Deno.stdout.write(encoder.encode(`listening on 127.0.0.1:${port}\n`));
  const buffer = new Uint8Array(65_536);
  for (;;) {
    const [bytes, from] = await near.receive(buffer);
    await near.send(bytes, from);
  }
}

function bare(port: number): RoundTrip {
  const near = listen();
  const to = { transport: "udp", hostname: "127.0.0.1", port } as const;
  const buffer = new Uint8Array(65_536);
  return async (bytes) => {
    await near.send(bytes, to);
    await near.receive(buffer);
  };
}

async function socket(port: number): Promise<RoundTrip> {
  const near = new Socket(AF_INET, SOCK_DGRAM);
  await near.connect(["127.0.0.1", port]);
  return async (bytes) => {
    await near.send(bytes);
    await near.recv(65_536);
  };
}

async function measure(trip: RoundTrip): Promise<void> {
  const bytes = new Uint8Array(BYTES);
  for (let turn = 0; turn < ROUND_TRIPS / 4; turn++) await trip(bytes);
  const latencies: number[] = [];
  const start = performance.now();
  for (let turn = 0; turn < ROUND_TRIPS; turn++) {
    const sent = performance.now();
    await trip(bytes);
    latencies.push(performance.now() - sent);
  }
  const rate = ROUND_TRIPS * 1000 / (performance.now() - start);
  const p99 = latencies.toSorted((a, b) => a - b)[Math.floor(ROUND_TRIPS * 0.99)] ?? NaN;
  await Deno.stdout.write(encoder.encode(`measured ${rate} ${p99}\n`));
}

const [kind, port = ""] = Deno.args;
if (kind === "echo") await echo();
else await measure(kind === "bare" ? bare(Number(port)) : await socket(Number(port)));
Deno.exit(0);
