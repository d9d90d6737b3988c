/**
 * The microcontrollers that the simulated board can be, each as one table: memories, registers
 * and which pin does what on a fan board.
 *
 * @module
 */
import { type AdcConfig, avr, type PortConfig, type TimerConfig } from "./avr.ts";

/** Which compare unit of a timer. */
export type CompareUnit = "A" | "B" | "C";

/** A fan's PWM output: a pin that a timer's compare unit can take over. */
export interface OutputPin {
  readonly name: string;
  readonly port: string;
  readonly bit: number;
  readonly timer: number;
  readonly unit: CompareUnit;
}

/** A tachometer input. */
export interface TachPin {
  readonly name: string;
  readonly port: string;
  readonly bit: number;
}

/** Where the registers of a serial port are, and its interrupt vectors (word addresses). */
export interface UsartConfig {
  readonly UCSRA: number;
  readonly UCSRB: number;
  readonly UCSRC: number;
  readonly UBRRL: number;
  readonly UBRRH: number;
  readonly UDR: number;
  readonly rxCompleteInterrupt: number;
  readonly dataRegisterEmptyInterrupt: number;
  readonly txCompleteInterrupt: number;
}

/** One microcontroller as a fan board uses it. */
export interface Part {
  readonly name: string;
  readonly clockHz: number;
  readonly flashBytes: number;
  /** First address of the RAM; registers lie below. */
  readonly ramStart: number;
  readonly ramBytes: number;
  readonly eepromBytes: number;
  readonly mcusr: number;
  readonly smcr: number;
  readonly ports: Readonly<Record<string, PortConfig>>;
  readonly timers: readonly TimerConfig[];
  readonly usart: UsartConfig;
  readonly adc: AdcConfig;
  /** Word address of the watchdog's interrupt. */
  readonly watchdogInterrupt: number;
  /** The fan channels in order; tach `n` belongs to output `n`. */
  readonly outputs: readonly OutputPin[];
  readonly tachs: readonly TachPin[];
}

/** The part of the Arduino Uno and Nano. */
export const ATMEGA328P: Part = {
  name: "ATmega328P",
  clockHz: 16_000_000,
  flashBytes: 32_768,
  ramStart: 0x100,
  ramBytes: 2048,
  eepromBytes: 1024,
  mcusr: 0x54,
  smcr: 0x53,
  ports: { B: avr.portBConfig, C: avr.portCConfig, D: avr.portDConfig },
  timers: [avr.timer0Config, avr.timer1Config, avr.timer2Config],
  usart: avr.usart0Config,
  adc: avr.adcConfig,
  watchdogInterrupt: 0x0c,
  outputs: [
    { name: "D9", port: "B", bit: 1, timer: 1, unit: "A" },
    { name: "D10", port: "B", bit: 2, timer: 1, unit: "B" },
    { name: "D3", port: "D", bit: 3, timer: 2, unit: "B" },
  ],
  tachs: [
    { name: "D2", port: "D", bit: 2 },
    { name: "D4", port: "D", bit: 4 },
    { name: "D5", port: "D", bit: 5 },
  ],
};

/** A 16-bit timer of the ATmega2560: its registers lie alike, its vectors follow each other. */
function timer16(
  at: { first: number; TIMSK: number; TIFR: number; vector: number },
  port: PortConfig,
  pins: readonly [a: number, b: number, c: number],
): TimerConfig {
  const { first, TIMSK, TIFR, vector } = at;
  return {
    ...avr.timer1Config,
    captureInterrupt: vector,
    compAInterrupt: vector + 2,
    compBInterrupt: vector + 4,
    compCInterrupt: vector + 6,
    ovfInterrupt: vector + 8,
    TIFR,
    TIMSK,
    TCCRA: first,
    TCCRB: first + 1,
    TCCRC: first + 2,
    TCNT: first + 4,
    ICR: first + 6,
    OCRA: first + 8,
    OCRB: first + 10,
    OCRC: first + 12,
    OCFC: 8,
    OCIEC: 8,
    compPortA: port.PORT,
    compPinA: pins[0],
    compPortB: port.PORT,
    compPinB: pins[1],
    compPortC: port.PORT,
    compPinC: pins[2],
    externalClockPort: 0,
    externalClockPin: 0,
  };
}

/** The ATmega2560's pin changes of port K; those of its other ports are not used here. */
const PORT_K: PortConfig = {
  ...avr.portKConfig,
  pinChange: { ...avr.PCINT2, pinChangeInterrupt: 22 },
};

/** The part of the Arduino Mega. */
export const ATMEGA2560: Part = {
  name: "ATmega2560",
  clockHz: 16_000_000,
  flashBytes: 262_144,
  ramStart: 0x200,
  ramBytes: 8192,
  eepromBytes: 4096,
  mcusr: 0x54,
  smcr: 0x53,
  ports: {
    A: avr.portAConfig,
    B: { PIN: 0x23, DDR: 0x24, PORT: 0x25, externalInterrupts: [] },
    C: { PIN: 0x26, DDR: 0x27, PORT: 0x28, externalInterrupts: [] },
    D: { PIN: 0x29, DDR: 0x2a, PORT: 0x2b, externalInterrupts: [] },
    E: avr.portEConfig,
    F: avr.portFConfig,
    G: avr.portGConfig,
    H: avr.portHConfig,
    J: avr.portJConfig,
    K: PORT_K,
    L: avr.portLConfig,
  },
  timers: [
    { ...avr.timer0Config, compAInterrupt: 42, compBInterrupt: 44, ovfInterrupt: 46 },
    timer16({ first: 0x80, TIMSK: 0x6f, TIFR: 0x36, vector: 32 }, avr.portBConfig, [5, 6, 7]),
    { ...avr.timer2Config, compAInterrupt: 26, compBInterrupt: 28, ovfInterrupt: 30 },
    timer16({ first: 0x90, TIMSK: 0x71, TIFR: 0x38, vector: 62 }, avr.portEConfig, [3, 4, 5]),
    timer16({ first: 0xa0, TIMSK: 0x72, TIFR: 0x39, vector: 82 }, avr.portHConfig, [3, 4, 5]),
    timer16({ first: 0x120, TIMSK: 0x73, TIFR: 0x3a, vector: 92 }, avr.portLConfig, [3, 4, 5]),
  ],
  usart: {
    ...avr.usart0Config,
    rxCompleteInterrupt: 50,
    dataRegisterEmptyInterrupt: 52,
    txCompleteInterrupt: 54,
  },
  adc: { ...avr.adcConfig, adcInterrupt: 58 },
  watchdogInterrupt: 24,
  outputs: [
    { name: "D2", port: "E", bit: 4, timer: 3, unit: "B" },
    { name: "D3", port: "E", bit: 5, timer: 3, unit: "C" },
    { name: "D5", port: "E", bit: 3, timer: 3, unit: "A" },
    { name: "D6", port: "H", bit: 3, timer: 4, unit: "A" },
    { name: "D7", port: "H", bit: 4, timer: 4, unit: "B" },
    { name: "D8", port: "H", bit: 5, timer: 4, unit: "C" },
    { name: "D11", port: "B", bit: 5, timer: 1, unit: "A" },
    { name: "D12", port: "B", bit: 6, timer: 1, unit: "B" },
    { name: "D44", port: "L", bit: 5, timer: 5, unit: "C" },
    { name: "D45", port: "L", bit: 4, timer: 5, unit: "B" },
    { name: "D46", port: "L", bit: 3, timer: 5, unit: "A" },
  ],
  tachs: [0, 1, 2, 3, 4, 5, 6, 7].map((bit) => ({ name: `A${8 + bit}`, port: "K", bit })),
};
