/** The timer that sleeps between events against the simulator's own, which counts every tick. */
import assert from "node:assert/strict";
import { avr, type Cpu, type TimerConfig } from "../../src/board/sim/avr.ts";
import { addTimer } from "../../src/board/sim/timer.ts";
import { fc } from "../deps.ts";

/** Fast PWM is left out: there this timer is like silicon and the simulator's own is early. */
const STEADY_MODES_8 = [0, 1, 2, 5];
const STEADY_MODES_16 = [0, 1, 4, 8, 9, 10, 11, 12];

interface Setup {
  readonly config: TimerConfig;
  readonly mode: number;
  readonly clock: number;
}

interface Write {
  readonly afterCycles: number;
  readonly register: "OCRA" | "OCRB" | "ICR" | "TCNT";
  readonly value: number;
}

/** A core that runs nothing, whose events happen at their cycle. */
class Bench {
  readonly cpu: Cpu = new avr.CPU(new Uint16Array(16));
  readonly #config: TimerConfig;
  readonly pins: string[] = [];

  constructor({ config, mode, clock }: Setup, add: (cpu: Cpu, config: TimerConfig) => void) {
    this.#config = config;
    for (const at of [avr.portBConfig, avr.portDConfig]) {
      const port = new avr.AVRIOPort(this.cpu, at);
      this.cpu.writeData(at.DDR, 0xff);
      port.addListener((now) => this.pins.push(`${this.cpu.cycles} ${at.PORT} ${now}`));
    }
    add(this.cpu, config);
    this.cpu.writeData(config.TCCRA, 0xa0 | (mode & 3));
    this.cpu.writeData(config.TCCRB, ((mode & 0xc) << 1) | clock);
    this.cpu.tick();
  }

  write({ register, value }: Write): void {
    const at = this.#config[register];
    if (at === 0) return;
    if (this.#config.bits === 16) this.cpu.writeData(at + 1, value >> 8);
    this.cpu.writeData(at, value & 0xff);
  }

  run(cycles: number): void {
    for (let cycle = 0; cycle < cycles; cycle++) {
      this.cpu.cycles++;
      for (let event = 0; event < 4; event++) this.cpu.tick();
    }
  }

  get state(): number[] {
    const { TCNT, TIFR } = this.#config;
    return [this.cpu.readData(TCNT), this.cpu.readData(TCNT + 1), this.cpu.readData(TIFR)];
  }
}

const value = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 400 }));
const write: fc.Arbitrary<Write> = fc.record({
  afterCycles: fc.integer({ min: 1, max: 300 }),
  register: fc.constantFrom("OCRA", "OCRB", "ICR", "TCNT"),
  value,
});
const setup: fc.Arbitrary<Setup> = fc.oneof(
  fc.record({
    config: fc.constantFrom(avr.timer0Config, avr.timer2Config),
    mode: fc.constantFrom(...STEADY_MODES_8),
    clock: fc.constantFrom(1, 2),
  }),
  fc.record({
    config: fc.constant(avr.timer1Config),
    mode: fc.constantFrom(...STEADY_MODES_16),
    clock: fc.constantFrom(1, 2),
  }),
);

Deno.test("a timer that sleeps between events counts, flags and moves its pins as one that does not", () => {
  fc.assert(
    fc.property(setup, fc.array(write, { minLength: 1, maxLength: 12 }), (made, writes) => {
      const stepping = new Bench(made, (cpu, config) => new avr.AVRTimer(cpu, config));
      const sleeping = new Bench(made, addTimer);
      for (const step of writes) {
        for (const bench of [stepping, sleeping]) {
          bench.write(step);
          bench.run(step.afterCycles);
        }
        assert.deepEqual(sleeping.state, stepping.state);
      }
      assert.deepEqual(sleeping.pins, stepping.pins);
    }),
    { numRuns: 300 },
  );
});
