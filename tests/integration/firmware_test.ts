import assert from "node:assert/strict";
import { ResetCause } from "../../src/board/sim/chip.ts";
import { encodeSet } from "../../src/board/protocol/messages.ts";
import { FIRMWARE_IMAGES, UNO } from "../support/firmware_images.ts";
import { StressedBoard } from "../support/stressed_board.ts";
import {
  type Edge,
  FirmwareBoard,
  MS_CYCLES,
  PERIOD_CYCLES,
  US_CYCLES,
} from "../support/firmware_board.ts";

const TCCR0B = 0x45;
const DDRB = 0x24;

const RETI = 0x9518;
const ENTRY_CYCLES = 4;

/** As many as a board has channels. */
function each<T>(board: FirmwareBoard, value: T): T[] {
  return board.machine.chip.part.outputs.map(() => value);
}

/** How long a channel's line was high, and how long a period took, by its rising edges. */
function periods(edges: readonly Edge[], channel: number): { high: number; whole: number }[] {
  const own = edges.filter((edge) => edge.channel === channel);
  const found: { high: number; whole: number }[] = [];
  for (let at = own.findIndex(({ drive }) => drive === 1000); at + 2 < own.length; at += 2) {
    const [rise, fall, next] = own.slice(at, at + 3);
    assert.ok(rise && fall && next);
    found.push({ high: fall.cycle - rise.cycle, whole: next.cycle - rise.cycle });
  }
  return found;
}

for (const firmware of FIRMWARE_IMAGES) {
  const { name, outputs, tachs } = firmware.part;
  Deno.test(`${name}: no fan's line moves before the first set`, () => {
    const board = new FirmwareBoard("full", firmware);
    board.hello();
    board.machine.advance(300);
    assert.deepEqual(board.takeEdges(), []);
    assert.deepEqual(board.levels, each(board, "released"));
    const status = board.status();
    assert.deepEqual(status.resetCauses, ["power-on"]);
    for (const channel of status.channels) {
      assert.equal(channel.permille, 1000);
      assert.deepEqual(channel.flags, {
        failsafe: true,
        latched: false,
        released: true,
        spinning: channel.flags.spinning,
      });
    }
  });

  Deno.test(`${name}: every period is 640 cycles and the line is high for just its steps`, () => {
    const board = new FirmwareBoard("full", firmware);
    const hello = board.hello();
    const duties = outputs.map((_, channel) => [500, 250, 330][channel % 3] ?? 0);
    board.set(duties, 1000);
    board.machine.advance(1);
    board.takeEdges();
    board.machine.advance(100);
    const edges = board.takeEdges();
    for (const [channel, { steps }] of hello.channels.entries()) {
      const found = periods(edges, channel);
      assert.ok(found.length > 2490);
      const high = Math.ceil((duties[channel] ?? 0) * steps / 1000) * PERIOD_CYCLES / steps;
      for (const period of found) assert.deepEqual(period, { high, whole: PERIOD_CYCLES });
    }
  });

  Deno.test(`${name}: 0 and 100 % are levels without an edge`, () => {
    const board = new FirmwareBoard("full", firmware);
    board.hello();
    board.setAll(0, 1000);
    board.machine.advance(1);
    board.takeEdges();
    board.machine.advance(20);
    assert.deepEqual(board.takeEdges(), []);
    assert.deepEqual(board.levels, each(board, 0));
    const full = board.setAll(1000, 1000);
    assert.ok(full.channels.every(({ flags }) => flags.released));
    board.machine.advance(1);
    board.takeEdges();
    board.machine.advance(20);
    assert.deepEqual(board.takeEdges(), []);
    assert.deepEqual(board.levels, each(board, "released"));
  });

  Deno.test(`${name}: a duty that changes makes no pulse that is neither the old nor the new`, () => {
    const board = new FirmwareBoard("full", firmware);
    const hello = board.hello();
    board.setAll(100, 10_000);
    board.machine.advance(1);
    board.takeEdges();
    const duties = [900, 100, 12, 980, 500];
    for (let round = 0; round < 20; round++) {
      const duty = duties[round % duties.length] ?? 0;
      board.setAll(duty, 10_000);
      board.machine.advance(0.1 + round * 0.007);
    }
    const edges = board.takeEdges();
    for (const [channel, { steps }] of hello.channels.entries()) {
      const cycles = PERIOD_CYCLES / steps;
      const allowed = new Set(duties.map((duty) => Math.ceil(duty * steps / 1000) * cycles));
      const found = new Set(periods(edges, channel).map(({ high }) => high));
      assert.deepEqual([...found].sort(), [...allowed].sort());
    }
  });

  Deno.test(`${name}: from released to driven, the line stays high until a whole period begins`, () => {
    for (let offset = 0; offset < 40; offset++) {
      const board = new FirmwareBoard("full", firmware);
      const hello = board.hello();
      board.machine.advance(1 + offset * 0.001);
      board.setAll(500, 1000);
      board.machine.advance(1);
      const edges = board.takeEdges();
      for (const [channel, { steps }] of hello.channels.entries()) {
        if (steps !== 320) continue;
        const [opened, fell, rose] = edges.filter((edge) => edge.channel === channel);
        assert.equal(opened?.drive, 1000);
        assert.equal(fell?.drive, 0);
        assert.equal((rose?.cycle ?? 0) - (fell?.cycle ?? 0), 320);
      }
    }
  });

  Deno.test(`${name}: a set reaches the last output in time`, () => {
    const board = new FirmwareBoard("registers", firmware);
    const { bootId } = board.hello();
    const worst = { first: 0, last: 0 };
    for (let round = 0; round < 50; round++) {
      board.machine.advance(1 + round * 0.037);
      const writes: number[] = [];
      board.machine.onCompare = (_channel, _value, cycle) => writes.push(cycle);
      const permille = 400 + 20 * (round % 10);
      board.ask(encodeSet(round + 2, bootId, outputs.map(() => ({ permille, ttlMs: 1000 }))));
      assert.equal(writes.length, outputs.length);
      const us = writes.map((cycle) => (cycle - board.machine.lastArrivalCycle) / US_CYCLES);
      worst.first = Math.max(worst.first, us[0] ?? Infinity);
      worst.last = Math.max(worst.last, us.at(-1) ?? Infinity);
    }
    assert.ok(worst.first < 250, `first after ${worst.first} us`);
    assert.ok(worst.last < (firmware === UNO ? 300 : 500), `last after ${worst.last} us`);
  });

  Deno.test(`${name}: with every tachometer at 10 000 rpm and telemetry, three quarters are left`, () => {
    const stress = new StressedBoard(firmware, "registers", false);
    stress.run(300);
    const { percent, longestOffCycles } = stress.load(100);
    assert.ok(percent < 25, `${percent} %`);
    assert.ok(longestOffCycles < 20 * US_CYCLES, `${longestOffCycles} cycles`);
    for (let round = 0; round < 60; round++) {
      stress.run(50 + (round * 0.337) % 29);
      const { last } = stress.setLatency(410 + 20 * (round % 10));
      assert.ok(last < 500 * US_CYCLES, `a set took ${last} cycles`);
    }
  });

  Deno.test(`${name}: no interrupt takes 20 us, with an edge on every tachometer at once`, () => {
    const board = new FirmwareBoard("registers", firmware);
    const { bootId } = board.hello();
    for (const channel of outputs.keys()) board.machine.setFault(channel, "disconnected");
    const { chip } = board.machine;
    const set = encodeSet(2, bootId, outputs.map(() => ({ permille: 400, ttlMs: 1000 })));
    const longest = new Map<number, number>();
    const vectorsEnd = chip.part === UNO.part ? 26 * 2 : 57 * 2;
    let entered: { vector: number; cycle: number } | null = null;
    for (let half = 0; half < 16; half++) {
      for (const pin of chip.part.tachs) chip.port(pin.port).setPin(pin.bit, half % 2 === 0);
      if (half % 8 === 0) board.machine.send(set);
      const endCycle = chip.cycles + 1.5 * MS_CYCLES;
      while (chip.cycles < endCycle) {
        const { pc } = chip.cpu;
        const isReturn = chip.cpu.progMem[pc] === RETI;
        board.machine.advance(1 / MS_CYCLES);
        if (entered && isReturn && chip.cpu.pc !== pc) {
          const cycles = chip.cycles - entered.cycle + ENTRY_CYCLES;
          longest.set(entered.vector, Math.max(longest.get(entered.vector) ?? 0, cycles));
          entered = null;
        }
        if (chip.cpu.pc > 0 && chip.cpu.pc < vectorsEnd) {
          entered = { vector: chip.cpu.pc / 2, cycle: chip.cycles };
        }
      }
    }
    const { usart, timers } = chip.part;
    assert.deepEqual(
      [...longest.keys()].sort((a, b) => a - b),
      [
        chip.part.ports[tachs[0]?.port ?? ""]?.pinChange?.pinChangeInterrupt ?? 0,
        timers[0]?.compAInterrupt ?? 0,
        timers[0]?.ovfInterrupt ?? 0,
        usart.rxCompleteInterrupt,
        usart.dataRegisterEmptyInterrupt,
      ].map((address) => address / 2),
    );
    for (const cycles of longest.values()) assert.ok(cycles < 20 * US_CYCLES, `${cycles} cycles`);
  });

  Deno.test(`${name}: a channel is released within 2 ms of its TTL's end`, () => {
    const board = new FirmwareBoard("full", firmware);
    board.hello();
    board.set(outputs.map((_, channel) => channel % 3 === 2 ? 0 : 300), 100);
    const startCycle = board.machine.lastArrivalCycle;
    board.takeEdges();
    board.machine.advance(150);
    const edges = board.takeEdges();
    for (const channel of outputs.keys()) {
      const last = edges.findLast((edge) => edge.channel === channel);
      assert.equal(last?.drive, "released");
      const us = (last.cycle - startCycle) / US_CYCLES;
      assert.ok(us > 98_000 && us < 102_000, `${us} us`);
    }
    const latched = () => board.status().channels.map(({ flags }) => flags.latched);
    assert.deepEqual(latched(), each(board, true));
    assert.equal(board.clear(0b101).counters.ttlExpired, outputs.length);
    assert.deepEqual(latched(), each(board, true).with(0, false).with(2, false));
  });

  Deno.test(`${name}: a speed from 150 to 10 000 rpm is measured within 0.2 %`, () => {
    const board = new FirmwareBoard("registers", firmware);
    board.hello();
    for (const channel of outputs.keys()) board.machine.setFault(channel, "disconnected");
    const { chip } = board.machine;
    const speeds = [[150, 1000, 10_000], [10_000, 10_000, 10_000], [2203, 333, 4999]];
    for (const three of speeds) {
      const rpms = tachs.map((_, channel) => three[channel % 3] ?? 0);
      const toggles = rpms.map((rpm) => 60_000 / rpm / 4);
      const due = toggles.map((ms) => board.machine.timeMs + ms);
      const high = tachs.map(() => true);
      const endMs = board.machine.timeMs + 1600;
      while (board.machine.timeMs < endMs) {
        const next = Math.min(...due);
        board.machine.advance(Math.max(0.001, next - board.machine.timeMs));
        for (const [channel, pin] of chip.part.tachs.entries()) {
          if ((due[channel] ?? Infinity) > board.machine.timeMs) continue;
          high[channel] = !high[channel];
          chip.port(pin.port).setPin(pin.bit, high[channel] ?? true);
          due[channel] = (due[channel] ?? 0) + (toggles[channel] ?? 0);
        }
      }
      const { channels } = board.status();
      for (const [channel, wanted] of rpms.entries()) {
        const rpm = channels[channel]?.rpm ?? 0;
        assert.ok(Math.abs(rpm - wanted) < wanted * 0.002, `${rpm} for ${wanted}`);
      }
    }
  });

  Deno.test(`${name}: the watchdog resets a board whose clock stands still`, () => {
    const board = new FirmwareBoard("full", firmware);
    const { bootId } = board.hello();
    board.setAll(300, 10_000);
    const { cpu } = board.machine.chip;
    cpu.writeData(TCCR0B, 0);
    const startMs = board.machine.timeMs;
    while (board.machine.observe().resets === 0) board.machine.advance(1);
    assert.ok(board.machine.timeMs - startMs < 600);
    assert.deepEqual(board.levels, each(board, "released"));
    board.awaitStart();
    assert.deepEqual(board.levels, each(board, "released"));
    assert.notEqual(board.hello().bootId, bootId);
    const status = board.status();
    assert.deepEqual(status.resetCauses, ["watchdog"]);
    assert.ok(status.channels.every(({ flags }) => flags.failsafe));
  });
}

Deno.test("firmware: the watchdog resets a board whose output is not what it was told", () => {
  const board = new FirmwareBoard("registers");
  board.hello();
  board.set([300, 300, 300], 10_000);
  board.machine.advance(1000);
  assert.equal(board.machine.observe().resets, 0);
  board.machine.chip.cpu.writeData(DDRB, 0x02);
  board.machine.advance(600);
  assert.equal(board.machine.observe().resets, 1);
  assert.deepEqual(board.levels, ["released", "released", "released"]);
});

Deno.test("firmware: the boot id differs after every reset, and only power-on wears the EEPROM", () => {
  const board = new FirmwareBoard("registers");
  const seen = new Set([board.hello().bootId]);
  const stored = board.machine.chip.eeprom.slice();
  for (const cause of [ResetCause.EXTERNAL, ResetCause.WATCHDOG, ResetCause.BROWN_OUT]) {
    board.reset(cause);
    seen.add(board.hello().bootId);
  }
  assert.deepEqual(board.machine.chip.eeprom, stored);
  board.reset(ResetCause.POWER_ON);
  seen.add(board.hello().bootId);
  assert.equal(seen.size, 5);
  assert.notDeepEqual(board.machine.chip.eeprom, stored);
});
