/**
 * The AVR simulator, loaded once for the modules of the simulated board. It is loaded lazily
 * because only they need it: nothing else may import them statically.
 *
 * @module
 */
import { loadAvr8js } from "../../../deps.ts";

/** The simulator's module. */
export const avr: Awaited<ReturnType<typeof loadAvr8js>> = await loadAvr8js();

/** A simulated core with its memory. */
export type Cpu = InstanceType<typeof avr.CPU>;
/** A simulated port. */
export type IoPort = InstanceType<typeof avr.AVRIOPort>;
/** Where a timer's registers are. */
export type TimerConfig = typeof avr.timer1Config;
/** Where a port's registers are. */
export type PortConfig = typeof avr.portBConfig;
/** Where the registers of the analog-to-digital converter are. */
export type AdcConfig = typeof avr.adcConfig;
/** An interrupt: its vector and its bits. */
export type InterruptConfig = Parameters<Cpu["setInterruptFlag"]>[0];
