/**
 * The firmware's figures, for both images on the simulated chip: PWM jitter, interrupts, load,
 * latency, error of the tachometers, and the speed loop's step.
 * `deno run bench/firmware_figures.ts [PERIODS]`, a million periods by default.
 *
 * @module
 */
import { encodeFrame } from "../src/board/protocol/frame.ts";
import { CommandType, encodeSet, encodeTelemetry } from "../src/board/protocol/messages.ts";
import { FirmwareBoard, MS_CYCLES, US_CYCLES } from "../tests/support/firmware_board.ts";
import { FIRMWARE_IMAGES, type FirmwareImage } from "../tests/support/firmware_images.ts";

const RPM = 10_000;
const HALF_PULSE_MS = 60_000 / RPM / 4;
const SREG = 0x5f;
const INTERRUPTS_ON = 0x80;
const TTL_MS = 10_000;

const periodsWanted = Number(Deno.args[0] ?? 1_000_000);
const say = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
const us = (cycles: number) => `${cycles} cycles = ${(cycles / US_CYCLES).toFixed(1)} us`;

/** A board under the worst: every tachometer at 10 000 rpm, telemetry at 20 Hz, a flooded line. */
class Stress {
  readonly board: FirmwareBoard;
  readonly #flood: Uint8Array | null;
  readonly #bootId: number;
  readonly #dueMs: number[];
  readonly #high: boolean[];
  #renewMs = 0;
  #seq = 3;

  constructor(firmware: FirmwareImage, mode: "full" | "registers", flooded: boolean) {
    this.board = new FirmwareBoard(mode, firmware);
    const { machine } = this.board;
    this.#bootId = this.board.hello().bootId;
    for (const channel of firmware.part.outputs.keys()) machine.setFault(channel, "disconnected");
    machine.send(encodeTelemetry(2, 50));
    machine.advance(20);
    /* One command without end: each is taken, and answered as fast as the line goes. */
    this.#flood = flooded ? encodeFrame(CommandType.STATUS, 250, new Uint8Array(20).fill(7)) : null;
    this.#high = firmware.part.tachs.map(() => true);
    this.#dueMs = firmware.part.tachs.map((_, at) => machine.timeMs + at * 0.11);
  }

  /** Lets time pass until just before or at the next thing that happens outside; feeds it. */
  step(): void {
    const { machine } = this.board;
    const { part } = machine.chip;
    const nowMs = machine.timeMs;
    if (nowMs >= this.#renewMs) {
      this.#renewMs = nowMs + 1000;
      const command = part.outputs.map(() => ({ permille: 400, ttlMs: TTL_MS }));
      machine.send(Uint8Array.of(0));
      machine.send(encodeSet(this.#seq++ & 0xff, this.#bootId, command));
    }
    if (this.#flood && machine.bytesToBoard < 50) machine.send(this.#flood);
    for (const [tach, pin] of part.tachs.entries()) {
      if ((this.#dueMs[tach] ?? Infinity) > nowMs) continue;
      this.#high[tach] = !this.#high[tach];
      this.#dueMs[tach] = (this.#dueMs[tach] ?? 0) + HALF_PULSE_MS;
      machine.chip.port(pin.port).setPin(pin.bit, this.#high[tach] ?? true);
    }
  }

  /** When the next edge of a tachometer is due. */
  get nextMs(): number {
    return Math.min(...this.#dueMs);
  }
}

function jitter(firmware: FirmwareImage): void {
  const stress = new Stress(firmware, "full", true);
  const { machine } = stress.board;
  const rose: (number | undefined)[] = [];
  const periods = new Map<number, number>();
  const highs = new Map<number, number>();
  let count = 0;
  const settledMs = machine.timeMs + 50;
  machine.onEdge = (channel, drive, cycle) => {
    if (machine.timeMs < settledMs) return;
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
  while (count < periodsWanted) {
    stress.step();
    machine.advance(Math.max(0.001, stress.nextMs - machine.timeMs));
  }
  const { counters } = stress.board.status();
  say(
    `  PWM: ${count} periods, lengths ${[...periods.keys()].join()} cycles, ` +
      `high for ${
        [...highs.keys()].join()
      } cycles; bytes lost meanwhile: ${counters.overrun} times`,
  );
}

function interrupts(firmware: FirmwareImage, flooded: boolean): void {
  const stress = new Stress(firmware, "registers", flooded);
  const { chip } = stress.board.machine;
  const warmMs = stress.board.machine.timeMs + 300;
  while (stress.board.machine.timeMs < warmMs) {
    stress.step();
    stress.board.machine.advance(Math.max(0.001, stress.nextMs - stress.board.machine.timeMs));
  }
  const startCycle = chip.cycles;
  let asleepCycles = 0;
  let offSince = -1;
  let longestOff = 0;
  while (chip.cycles < startCycle + 200 * MS_CYCLES) {
    stress.step();
    const before = chip.cycles;
    const slept = chip.asleep;
    stress.board.machine.advance(1 / MS_CYCLES);
    if (slept) asleepCycles += chip.cycles - before;
    const off = ((chip.cpu.data[SREG] ?? 0) & INTERRUPTS_ON) === 0;
    if (off && offSince < 0) offSince = before;
    if (!off && offSince >= 0) {
      longestOff = Math.max(longestOff, chip.cycles - offSince);
      offSince = -1;
    }
  }
  const load = 100 * (1 - asleepCycles / (chip.cycles - startCycle));
  say(
    `  ${flooded ? "flooded" : "telemetry 20 Hz"}: load ${load.toFixed(1)} %, longest with ` +
      `interrupts off, interrupts included: ${us(longestOff)}`,
  );
}

function latency(firmware: FirmwareImage): void {
  const board = new FirmwareBoard("registers", firmware);
  const { bootId } = board.hello();
  const first: number[] = [];
  const last: number[] = [];
  for (let round = 0; round < 200; round++) {
    board.machine.advance(1 + round * 0.037);
    const writes: number[] = [];
    board.machine.onCompare = (_channel, _value, cycle) => writes.push(cycle);
    const permille = 300 + 20 * (round % 10);
    const command = firmware.part.outputs.map(() => ({ permille, ttlMs: TTL_MS }));
    board.ask(encodeSet((round + 2) & 0xff, bootId, command));
    first.push((writes[0] ?? NaN) - board.machine.lastArrivalCycle);
    last.push((writes.at(-1) ?? NaN) - board.machine.lastArrivalCycle);
  }
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
  say(
    `  set complete to compare register: first ${us(median(first))}, last ${us(median(last))} ` +
      `(median); at most ${us(Math.max(...first))} and ${us(Math.max(...last))}`,
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
  interrupts(firmware, false);
  interrupts(firmware, true);
  latency(firmware);
  tachError(firmware);
  speedStep(firmware);
  jitter(firmware);
}
