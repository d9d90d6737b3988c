/**
 * Measures whole processes side by side in one run: `deno task bench`. Machines differ and are
 * noisy, so the ratios are what counts; each stands beside its goal.
 *
 * @module
 */

import { inTurn, open, pipelined, together } from "./load.ts";
import { encodeMessage } from "../../src/wire/message.ts";
import { Request } from "../../src/wire/request.ts";
import { runDeno, runProcess, startDeno, type TestProcess } from "../../tests/support/process.ts";

const ROUNDS = 7;
const PING = encodeMessage(Request.PING, []);
const ACK = encodeMessage(Request.ACK, []);

const encoder = new TextEncoder();

function row(what: string, measured: string, goal = ""): void {
  Deno.stdout.writeSync(encoder.encode(`${what.padEnd(44)} ${measured.padEnd(42)} ${goal}\n`));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

const whole = (value: number): string => Math.round(value).toLocaleString("en");

async function portOf(process: TestProcess): Promise<number> {
  return Number(/:(\d+)/.exec(await process.line("listening on"))?.[1]);
}

function startServer(): TestProcess {
  return startDeno(["run", "--no-prompt", "--allow-all", "server.ts", "-p", "0"]);
}

async function residentKiB(pid: number): Promise<number> {
  return Number((await runProcess("ps", ["-o", "rss=", "-p", `${pid}`])).stdout);
}

/** One request in flight, against a bare echo of as many bytes, in turn. */
async function requestAfterRequest(serverPort: number, echoPort: number): Promise<void> {
  using server = await open(serverPort);
  using echo = await open(echoPort);
  const ours: number[] = [];
  const bare: number[] = [];
  const p99: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push((await inTurn(echo, PING, PING.length, 10_000)).requestsPerSecond);
    const measured = await inTurn(server, PING, ACK.length, 10_000);
    ours.push(measured.requestsPerSecond);
    p99.push(measured.p99Us);
  }
  const share = median(ours) / median(bare);
  row(
    "one connection, request after request",
    `${whole(median(ours))}/s, ${(share * 100).toFixed(1)} % of a bare echo's ${
      whole(median(bare))
    }/s`,
    "goal: 90 %",
  );
  row("  its p99", `${whole(median(p99))} µs`);
}

async function manyInFlight(port: number): Promise<void> {
  using connection = await open(port);
  const ask = encodeMessage(Request.GET_PWM, ["shelf1"]);
  const answer = encodeMessage(Request.SET_PWM, ["shelf1", 90]);
  using setting = await open(port);
  await inTurn(setting, encodeMessage(Request.SET_PWM_OVERRIDE, ["shelf1", 90]), ACK.length, 1);
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rates.push(await pipelined(connection, ask, answer.length, 200_000));
  }
  await inTurn(setting, encodeMessage(Request.SET_PWM_OVERRIDE, ["shelf1", null]), ACK.length, 1);
  row("one connection, pipelined get_pwm", `${whole(median(rates))}/s`, "goal: 500,000/s");
}

async function fifty(port: number): Promise<void> {
  const measured = await together(port, PING, ACK.length, 50, 3000);
  row(
    "50 connections at once",
    `${measured.served} served, ${whole(measured.requestsPerSecond)}/s, p50 ${
      whole(measured.p50Us)
    } µs, p99 ${whole(measured.p99Us)} µs`,
    "goal: 50 served",
  );
}

async function descriptors(pid: number): Promise<number> {
  return (await runProcess("ls", [`/proc/${pid}/fd`])).stdout.trim().split("\n").length;
}

async function churn(port: number, pid: number): Promise<void> {
  const held = await descriptors(pid);
  const before = await residentKiB(pid);
  const marks: number[] = [];
  const startMs = performance.now();
  for (let count = 0; count < 20_000; count++) {
    using connection = await open(port);
    await inTurn(connection, PING, ACK.length, 1);
    if (count % 5000 === 4999) marks.push(await residentKiB(pid));
  }
  const rate = 20_000 / (performance.now() - startMs) * 1000;
  row("resident memory before", `${(before / 1024).toFixed(1)} MiB`);
  row(
    "  after 5, 10, 15, 20 thousand connections",
    `${marks.map((mark) => (mark / 1024).toFixed(1)).join(", ")} MiB, ${whole(rate)} a second`,
    "goal: flat",
  );
  row("  descriptors before and after", `${held}, ${await descriptors(pid)}`, "goal: the same");
}

async function starts(port: number): Promise<void> {
  const listening: number[] = [];
  const pings: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startMs = performance.now();
    await using server = startServer();
    await server.line("listening on");
    listening.push(performance.now() - startMs);
    const pingMs = performance.now();
    await runDeno(["run", "--allow-all", "client.ts", "ping", "-p", `${port}`]);
    pings.push(performance.now() - pingMs);
  }
  row("server: start to listening", `${whole(median(listening))} ms`, "goal: 200 ms");
  row("fanctl ping, whole process", `${whole(median(pings))} ms`, "goal: 120 ms");
}

await using server = startServer();
await using echo = startDeno(["run", "--allow-net=127.0.0.1", "bench/system/echo.ts"]);
const port = await portOf(server);
await starts(port);
await requestAfterRequest(port, await portOf(echo));
await manyInFlight(port);
await fifty(port);
await churn(port, server.pid);
