/**
 * The simulated board: how fast it runs against real time, what it costs when held to real time,
 * and how many cycles a duty takes from the line to the compare register.
 *
 * @module
 */
import { cpuUsage } from "node:process";
import { Board } from "../src/board/board.ts";
import { encodeSet } from "../src/board/protocol/messages.ts";
import { SimLine } from "../src/board/sim/sim_line.ts";
import { systemClock } from "../src/clock.ts";
import { MachineHost } from "../tests/support/machine_host.ts";

const CYCLES_PER_US = 16;
const SPAN_MS = 100;
const SETS = 200;
const HELD_MS = 3000;
/** Until the worker's code is compiled as well as it will be. */
const WARM_UP_MS = 6000;

const channels = (permille: number) => [1, 2, 3].map(() => ({ permille, ttlMs: 10_000 }));

function turning(mode: "registers" | "full"): MachineHost {
  const host = new MachineHost(mode);
  host.hello();
  host.setAll(600);
  host.machine.advance(mode === "full" ? 100 : 5000);
  return host;
}

const idle = turning("registers");
const busy = turning("registers");
const full = turning("full");
const group = `${SPAN_MS} ms of a board with three turning fans (real time: ${SPAN_MS} ms)`;

Deno.bench("registers, host silent", { group, baseline: true }, () => {
  idle.machine.advance(SPAN_MS);
});
Deno.bench("registers, a set every 5 ms", { group }, () => {
  const endMs = busy.machine.timeMs + SPAN_MS;
  for (let dueMs = busy.machine.timeMs; dueMs < endMs; dueMs += 5) {
    busy.machine.advance(Math.max(0, dueMs - busy.machine.timeMs));
    busy.setAll(600);
  }
});
Deno.bench("full timers, host silent", { group }, () => {
  full.machine.advance(SPAN_MS);
});

/** Cycles from the last stop bit of a `set` to the write of each compare register. */
function latencies(): number[][] {
  const { machine } = idle;
  const { bootId } = idle.hello();
  const cycles: number[][] = [[], [], []];
  machine.onCompare = (channel, _, cycle) => {
    cycles[channel]?.push(cycle - machine.lastArrivalCycle);
  };
  for (let count = 1; count <= SETS; count++) {
    machine.send(encodeSet(count & 0xff, bootId, channels(300 + count)));
    machine.advance(10 + count / 100);
  }
  machine.onCompare = () => {};
  return cycles;
}

/** Processor time of this process for each second, in percent of one core, while boards run. */
async function heldPercent(line: SimLine, setEveryMs: number | null): Promise<number> {
  const board = await Board.open(line, { clock: systemClock });
  await board.set(channels(600));
  const live = async (ms: number) => {
    const endMs = systemClock.monotonicMs() + ms;
    while (systemClock.monotonicMs() < endMs) {
      await new Promise<void>((next) => systemClock.after(setEveryMs ?? ms, next));
      if (setEveryMs !== null) await board.set(channels(600));
    }
  };
  await live(WARM_UP_MS);
  const before = cpuUsage();
  const startMs = systemClock.monotonicMs();
  await live(HELD_MS);
  const used = cpuUsage(before);
  await board.close();
  return (used.user + used.system) / 10 / (systemClock.monotonicMs() - startMs);
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

for (const [channel, cycles] of latencies().entries()) {
  const us = (value: number) => `${value} cycles (${(value / CYCLES_PER_US).toFixed(1)} µs)`;
  const sorted = cycles.toSorted((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? NaN;
  say(
    `set complete to compare register, channel ${channel}: median ${us(median)}, ` +
      `worst of ${sorted.length} ${us(sorted.at(-1) ?? NaN)}`,
  );
}
for (const [what, setEveryMs] of [["host silent", null], ["2 sets a second", 500]] as const) {
  const percent = await heldPercent(await SimLine.open({ seed: 1 }), setEveryMs);
  say(`held to real time, ${what}: ${percent.toFixed(1)} % of a core`);
}
