/**
 * The microcontrollers that the simulated board can be, each as one table: memories, registers
 * and which pin does what on a fan board.
 *
 * @module
 */
import { avr, type PortConfig, type TimerConfig } from "./avr.ts";

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
