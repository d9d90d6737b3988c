/**
 * A microcontroller that runs a firmware image: core, ports, timers, serial port, EEPROM and
 * watchdog, put together from a {@link Part}. Sleep is skipped to the next event. What is outside
 * of the chip's pins is not here.
 *
 * Against the simulator's own loop this one runs every event at its exact cycle, also in the
 * middle of an instruction; holds interrupts back for one instruction after `sei` and `reti`;
 * counts the cycles that interrupts and waking take on silicon; and rebuilds the chip at a reset,
 * because the simulator's peripherals do not reset themselves.
 *
 * @module
 */
import { avr, type Cpu, type InterruptConfig, type IoPort } from "./avr.ts";
import type { Part } from "./parts.ts";
import { seededRandom } from "../../seeded_random.ts";
import { addTimer } from "./timer.ts";
import { Usart } from "./usart.ts";

/** What makes a chip start over; the value is its bit in MCUSR. */
export const ResetCause = { POWER_ON: 1, EXTERNAL: 2, BROWN_OUT: 4, WATCHDOG: 8 } as const;
/** One of the reasons in the value of the same name. */
export type ResetCause = typeof ResetCause[keyof typeof ResetCause];

/** How a chip is made. */
export interface ChipOptions {
  /** Timers, by number, that are left out: their registers are plain memory then. */
  readonly withoutTimers: readonly number[];
  /** What the RAM holds at power-on. */
  readonly seed: number;
  /** Called after each reset, when {@link Chip.cpu} and its peripherals are new ones. */
  readonly onReset: () => void;
}

interface ClockEvent {
  cycles: number;
  callback: () => void;
  next: ClockEvent | null;
}

/** The parts of the simulator's core that its types hide. */
interface CpuInternals {
  nextClockEvent: ClockEvent | null;
  readonly clockEventPool: ClockEvent[];
  readonly pendingInterrupts: (InterruptConfig | null)[];
}

const OPCODE_SLEEP = 0x9588;
const OPCODE_SEI = 0x9478;
const OPCODE_RETI = 0x9518;
const SREG = 0x5f;
const INTERRUPTS_ON = 0x80;
const SLEEP_ENABLED = 0x01;
const WATCHDOG_ON = 0x08;
const WATCHDOG_CHANGE = 0x10;
/** Interrupt entry takes four cycles; the simulator counts two. */
const ENTRY_CYCLES = 2;
/** And five on a part whose return addresses have three bytes. */
const WIDE_ENTRY_CYCLES = 3;
const WAKE_CYCLES = 4;
const POOL_SIZE = 10;
const SUPPLY_VOLTS = 5;

/** A chip under power. */
export class Chip {
  readonly part: Part;
  /** What the EEPROM holds; survives every reset. */
  readonly eeprom: Uint8Array;
  /** The voltages on the analog inputs, by number; outlive every reset. */
  readonly analogVolts: number[];
  readonly #flash: Uint16Array<ArrayBuffer>;
  readonly #options: ChipOptions;
  readonly #eepromBackend: InstanceType<typeof avr.EEPROMMemoryBackend>;
  #cpu!: Cpu;
  #internals!: CpuInternals;
  #usart!: Usart;
  #ports: Record<string, IoPort> = {};
  #asleep = false;
  #resetDue: ResetCause | null = null;

  constructor(part: Part, flash: Uint8Array, options: ChipOptions) {
    this.part = part;
    this.#options = options;
    this.#flash = new Uint16Array(part.flashBytes / 2);
    new Uint8Array(this.#flash.buffer).set(flash);
    this.#eepromBackend = new avr.EEPROMMemoryBackend(part.eepromBytes);
    this.eeprom = this.#eepromBackend.memory;
    this.analogVolts = new Array<number>(part.adc.numChannels).fill(SUPPLY_VOLTS);
    this.#build(ResetCause.POWER_ON, null);
  }

  /** The core; another one after each reset. */
  get cpu(): Cpu {
    return this.#cpu;
  }

  /** The serial port; another one after each reset. */
  get usart(): Usart {
    return this.#usart;
  }

  /** Cycles since the first power-on; goes on through resets. */
  get cycles(): number {
    return this.#cpu.cycles;
  }

  /** Whether the core sleeps. */
  get asleep(): boolean {
    return this.#asleep;
  }

  /** A port by its letter. */
  port(letter: string): IoPort {
    const port = this.#ports[letter];
    if (!port) throw new RangeError(`${this.part.name} has no port "${letter}"`);
    return port;
  }

  /** Starts over, as the pin, the supply or the watchdog would make it. */
  reset(cause: ResetCause): void {
    this.#build(cause, this.#cpu);
    this.#options.onReset();
  }

  /** Runs until the cycle counter is at `moment` or, by the length of an instruction, past it. */
  runUntil(moment: number): void {
    const cycle = Math.ceil(moment);
    while (this.#cpu.cycles < cycle) {
      if (this.#asleep) this.#sleep(cycle);
      else this.#run(cycle);
      if (this.#resetDue !== null) {
        const cause = this.#resetDue;
        this.#resetDue = null;
        this.reset(cause);
      }
    }
  }

  #build(cause: ResetCause, before: Cpu | null): void {
    const { part } = this;
    const cpu = new avr.CPU(this.#flash, part.ramStart + part.ramBytes - 0x100);
    if (before) {
      cpu.cycles = before.cycles;
      cpu.data.set(before.data.subarray(part.ramStart), part.ramStart);
      cpu.data[part.mcusr] = before.data[part.mcusr] ?? 0;
    }
    if (cause === ResetCause.POWER_ON) {
      const random = seededRandom(this.#options.seed);
      for (let at = part.ramStart; at < cpu.data.length; at++) cpu.data[at] = random() * 256;
      cpu.data[part.mcusr] = 0;
    }
    cpu.data[part.mcusr] = (cpu.data[part.mcusr] ?? 0) | cause;
    this.#cpu = cpu;
    this.#internals = cpu as unknown as CpuInternals;
    this.#asleep = false;
    this.#ports = Object.fromEntries(
      Object.entries(part.ports).map(([letter, at]) => [letter, new avr.AVRIOPort(cpu, at)]),
    );
    for (const [number, at] of part.timers.entries()) {
      if (!this.#options.withoutTimers.includes(number)) addTimer(cpu, at);
    }
    this.#usart = new Usart(cpu, part.usart);
    new avr.AVREEPROM(cpu, this.#eepromBackend);
    Object.assign(new avr.AVRADC(cpu, part.adc), { channelValues: this.analogVolts });
    this.#addWatchdog(cpu, cause);
  }

  /** After a watchdog reset the watchdog stays on, at its shortest time, until told otherwise. */
  #addWatchdog(cpu: Cpu, cause: ResetCause): void {
    const clock = new avr.AVRClock(cpu, this.part.clockHz);
    const { watchdogInterrupt } = this.part;
    new avr.AVRWatchdog(cpu, { ...avr.watchdogConfig, watchdogInterrupt }, clock);
    cpu.reset = () => {
      this.#resetDue = ResetCause.WATCHDOG;
    };
    if (cause !== ResetCause.WATCHDOG) return;
    const { WDTCSR } = avr.watchdogConfig;
    cpu.writeData(WDTCSR, WATCHDOG_CHANGE | WATCHDOG_ON);
    cpu.writeData(WDTCSR, WATCHDOG_ON);
  }

  #run(cycle: number): void {
    const cpu = this.#cpu;
    const internals = this.#internals;
    const { data, progMem } = cpu;
    while (cpu.cycles < cycle) {
      const opcode = progMem[cpu.pc];
      avr.avrInstruction(cpu);
      const event = internals.nextClockEvent;
      if (event !== null && event.cycles <= cpu.cycles) this.#runEvents();
      if (this.#resetDue !== null) return;
      if (opcode === OPCODE_SLEEP && ((data[this.part.smcr] ?? 0) & SLEEP_ENABLED)) {
        this.#asleep = true;
        return;
      }
      if (
        cpu.nextInterrupt >= 0 && ((data[SREG] ?? 0) & INTERRUPTS_ON) &&
        opcode !== OPCODE_SEI && opcode !== OPCODE_RETI
      ) this.#interrupt();
    }
  }

  #sleep(cycle: number): void {
    const cpu = this.#cpu;
    while (!this.#interruptDue()) {
      const dueCycle = this.#internals.nextClockEvent?.cycles ?? Infinity;
      if (dueCycle >= cycle) {
        cpu.cycles = cycle;
        return;
      }
      cpu.cycles = Math.max(cpu.cycles, dueCycle);
      this.#runEvents();
      if (this.#resetDue !== null) return;
    }
    this.#asleep = false;
    cpu.cycles += WAKE_CYCLES;
    this.#interrupt();
  }

  #interruptDue(): boolean {
    return this.#cpu.nextInterrupt >= 0 && this.#cpu.interruptsEnabled;
  }

  #interrupt(): void {
    const cpu = this.#cpu;
    const interrupt = this.#internals.pendingInterrupts[cpu.nextInterrupt];
    if (!interrupt) return;
    avr.avrInterrupt(cpu, interrupt.address);
    cpu.cycles += cpu.pc22Bits ? WIDE_ENTRY_CYCLES : ENTRY_CYCLES;
    if (!interrupt.constant) cpu.clearInterrupt(interrupt);
  }

  /** Runs what is due by now, each event with the counter at the event's own cycle. */
  #runEvents(): void {
    const cpu = this.#cpu;
    const internals = this.#internals;
    const nowCycle = cpu.cycles;
    for (
      let event = internals.nextClockEvent;
      event !== null && event.cycles <= nowCycle;
      event = internals.nextClockEvent
    ) {
      internals.nextClockEvent = event.next;
      cpu.cycles = event.cycles;
      event.callback();
      if (internals.clockEventPool.length < POOL_SIZE) internals.clockEventPool.push(event);
    }
    cpu.cycles = nowCycle;
  }
}
