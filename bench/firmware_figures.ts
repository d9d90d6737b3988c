/**
 * The firmware's figures, for both images on the simulated chip: PWM jitter, interrupts, load,
 * latency, error of the tachometers, and the speed loop's step.
 * `deno run bench/firmware_figures.ts [PERIODS]`, a million periods by default.
 *
 * @module
 */
import { encodeFrame } from "../src/board/protocol/frame.ts";
import { CommandType, encodeSet } from "../src/board/protocol/messages.ts";
import { FirmwareBoard, US_CYCLES } from "../tests/support/firmware_board.ts";
import { FIRMWARE_IMAGES, type FirmwareImage } from "../tests/support/firmware_images.ts";
import { StressedBoard } from "../tests/support/stressed_board.ts";

const TTL_MS = 10_000;
const THROUGHPUT_MS = 1000;
/** At 250 000 baud. */
const LINE_BYTES_A_MS = 25;

const periodsWanted = Number(Deno.args[0] ?? 1_000_000);
const say = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
const us = (cycles: number) => `${cycles} cycles = ${(cycles / US_CYCLES).toFixed(1)} us`;

function jitter(firmware: FirmwareImage): void {
  const stress = new StressedBoard(firmware, "full", true);
  const { machine } = stress.board;
  const rose: (number | undefined)[] = [];
  const periods = new Map<number, number>();
  const highs = new Map<number, number>();
  let count = 0;
  stress.run(50);
  machine.onEdge = (channel, drive, cycle) => {
    const before = rose[channel];
    if (drive === 1000) {
      if (before !== undefined) {
        periods.set(cycle - before, (periods.get(cycle - before) ?? 0) + 1);
        count++;
      }
      rose[channel] = cycle;
    } else if (before !== undefined) {
      highs.set(cycle - before, (highs.get(cycle - before) ?? 0) + 1);
    }
  };
  while (count < periodsWanted) stress.run(1);
  const { counters } = stress.board.status();
  say(
    `  PWM: ${count} periods, lengths ${[...periods.keys()].join()} cycles, ` +
      `high for ${
        [...highs.keys()].join()
      } cycles; bytes lost meanwhile: ${counters.overrun} times`,
  );
}

function load(firmware: FirmwareImage, flooded: boolean): void {
  const stress = new StressedBoard(firmware, "registers", flooded);
  stress.run(300);
  const { percent, longestOffCycles } = stress.load(200);
  say(
    `  ${flooded ? "flooded" : "telemetry 20 Hz"}: load ${percent.toFixed(1)} %, longest with ` +
      `interrupts off, interrupts included: ${us(longestOffCycles)}`,
  );
}

function latencyOf(what: string, ask: (round: number) => { first: number; last: number }): void {
  const found = Array.from({ length: 400 }, (_, round) => ask(round));
  const firsts = found.map(({ first }) => first);
  const lasts = found.map(({ last }) => last);
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
  say(
    `  set complete to compare register, ${what}: first ${us(median(firsts))}, last ` +
      `${us(median(lasts))} (median); at most ${us(Math.max(...firsts))} and ` +
      `${us(Math.max(...lasts))}`,
  );
}

function latency(firmware: FirmwareImage): void {
  const board = new FirmwareBoard("registers", firmware);
  const { bootId } = board.hello();
  latencyOf("nothing else to do", (round) => {
    board.machine.advance(1 + (round * 0.037) % 7);
    const writes: number[] = [];
    board.machine.onCompare = (_channel, _value, cycle) => writes.push(cycle);
    const permille = 300 + 20 * (round % 10);
    const command = firmware.part.outputs.map(() => ({ permille, ttlMs: TTL_MS }));
    board.ask(encodeSet((round + 2) & 0xff, bootId, command));
    const since = (cycle = NaN) => cycle - board.machine.lastArrivalCycle;
    return { first: since(writes[0]), last: since(writes.at(-1)) };
  });
  const stress = new StressedBoard(firmware, "registers", false);
  latencyOf("every tachometer at 10 000 rpm, telemetry 20 Hz", (round) => {
    stress.run(50 + (round * 0.337) % 29);
    return stress.setLatency(300 + 20 * (round % 10));
  });
}

/** Both ways at once: a status is asked for without end, and answered as fast as the line goes. */
function throughput(firmware: FirmwareImage): void {
  const board = new FirmwareBoard("registers", firmware);
  board.hello();
  const { machine } = board;
  const ask = encodeFrame(CommandType.STATUS, 2, new Uint8Array(20).fill(7));
  let [asked, answered] = [0, 0];
  machine.onTransmit = () => answered++;
  const startMs = machine.timeMs;
  while (machine.timeMs < startMs + THROUGHPUT_MS) {
    while (machine.bytesToBoard < 100) {
      machine.send(ask);
      asked += ask.length;
    }
    machine.advance(0.5);
  }
  const share = (bytes: number) =>
    `${(100 * bytes / LINE_BYTES_A_MS / THROUGHPUT_MS).toFixed(1)} %`;
  say(
    `  of what the line can: commands ${share(asked - machine.bytesToBoard)}, ` +
      `answers ${share(answered)}`,
  );
}

function tachError(firmware: FirmwareImage): void {
  let worst = 0;
  for (const rpm of [150, 300, 777, 1500, 3000, 6000, 9999]) {
    const board = new FirmwareBoard("registers", firmware);
    board.hello();
    const { machine } = board;
    const { tachs } = machine.chip.part;
    for (const channel of firmware.part.outputs.keys()) machine.setFault(channel, "disconnected");
    const halfMs = 60_000 / rpm / 4;
    let high = true;
    for (let dueMs = machine.timeMs; machine.timeMs < 2500; dueMs += halfMs) {
      machine.advance(Math.max(0.001, dueMs - machine.timeMs));
      high = !high;
      for (const pin of tachs) machine.chip.port(pin.port).setPin(pin.bit, high);
    }
    for (const { rpm: found } of board.status().channels.slice(0, tachs.length)) {
      worst = Math.max(worst, Math.abs((found ?? 0) / rpm - 1));
    }
  }
  say(`  tachometer, 150 to 9999 rpm: at most ${(worst * 100).toFixed(3)} % off`);
}

function speedStep(firmware: FirmwareImage): void {
  const board = new FirmwareBoard("registers", firmware);
  board.hello();
  board.machine.advance(8000);
  const command = (rpm: number) =>
    firmware.part.outputs.map((_, channel) =>
      channel < firmware.part.tachs.length
        ? { rpm, ttlMs: TTL_MS }
        : { permille: 400, ttlMs: TTL_MS }
    );
  board.command(command(400));
  board.machine.advance(9000);
  board.command(command(1400));
  const startMs = board.machine.timeMs;
  let peak = 0;
  let settledMs = 0;
  while (board.machine.timeMs < startMs + 8000) {
    board.machine.advance(20);
    const rpm = board.machine.fans[0]?.rpm ?? 0;
    peak = Math.max(peak, rpm);
    if (Math.abs(rpm - 1400) > 28) settledMs = board.machine.timeMs - startMs;
  }
  say(
    `  400 to 1400 rpm: within 2 % after ${settledMs.toFixed(0)} ms, ` +
      `overshoot ${((peak - 1400) / 10).toFixed(1)} % of the step`,
  );
}

for (const firmware of FIRMWARE_IMAGES) {
  say(firmware.part.name);
  load(firmware, false);
  load(firmware, true);
  latency(firmware);
  throughput(firmware);
  tachError(firmware);
  speedStep(firmware);
  jitter(firmware);
}
