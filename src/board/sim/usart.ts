/**
 * A serial port of the simulated chip, timed by its own baud registers: a receiver with two
 * buffered characters and overrun detection, and a double-buffered transmitter. (The simulator's
 * own drops a received byte when UCSRnB is written, and knows no overrun.)
 *
 * @module
 */
import type { Cpu, InterruptConfig } from "./avr.ts";
import type { UsartConfig } from "./parts.ts";

const RXC = 0x80;
const TXC = 0x40;
const UDRE = 0x20;
const FRAME_ERROR = 0x10;
const OVERRUN = 0x08;
const DOUBLE_SPEED = 0x02;
const MULTI_PROCESSOR = 0x01;
const RECEIVER_ON = 0x10;
const TRANSMITTER_ON = 0x08;
const TWO_STOP_BITS = 0x08;
const PARITY = 0x20;
const RX_BUFFERS = 2;

interface Received {
  readonly byte: number;
  readonly errors: number;
}

/** One serial port; the other end of its two wires is the caller. */
export class Usart {
  /** Called at the end of the stop bit of every byte that the chip sends. */
  onTransmit: (byte: number) => void = () => {};
  readonly #cpu: Cpu;
  readonly #at: UsartConfig;
  readonly #rxc: InterruptConfig;
  readonly #txc: InterruptConfig;
  readonly #udre: InterruptConfig;
  readonly #received: Received[] = [];
  /** A byte that is complete but finds both buffers full. */
  #waiting: Received | null = null;
  #lost = false;
  #sending: number | null = null;
  #toSend: number | null = null;

  constructor(cpu: Cpu, config: UsartConfig) {
    this.#cpu = cpu;
    this.#at = config;
    const interrupt = (address: number, mask: number): InterruptConfig => ({
      address,
      flagRegister: config.UCSRA,
      flagMask: mask,
      enableRegister: config.UCSRB,
      enableMask: mask,
    });
    this.#rxc = { ...interrupt(config.rxCompleteInterrupt, RXC), constant: true };
    this.#udre = { ...interrupt(config.dataRegisterEmptyInterrupt, UDRE), constant: true };
    this.#txc = interrupt(config.txCompleteInterrupt, TXC);
    cpu.data[config.UCSRA] = UDRE;
    cpu.data[config.UCSRC] = 0x06;
    cpu.writeHooks[config.UCSRA] = (value) => this.#writeStatus(value);
    cpu.writeHooks[config.UCSRB] = (value) => this.#writeControl(value);
    cpu.writeHooks[config.UDR] = (value) => this.#write(value);
    cpu.readHooks[config.UDR] = () => this.#read();
  }

  /** Bits a second by the registers. */
  baud(clockHz: number): number {
    return clockHz / this.#cyclesPerBit;
  }

  /** Cycles of one character with its start and stop bits, by the registers. */
  get cyclesPerByte(): number {
    const format = this.#cpu.data[this.#at.UCSRC] ?? 0;
    const bits = 10 + (format & TWO_STOP_BITS ? 1 : 0) + (format & PARITY ? 1 : 0);
    return bits * this.#cyclesPerBit;
  }

  /** Whether a byte is on its way out. */
  get sending(): boolean {
    return this.#sending !== null;
  }

  /** A start bit falls on the RX pin: what still waits in the shift register is lost. */
  startBit(): void {
    if (!this.#waiting) return;
    this.#waiting = null;
    this.#lost = true;
  }

  /** The stop bit of a byte is over. */
  receive(byte: number, frameError = false): void {
    if (!(this.#control & RECEIVER_ON)) return;
    const errors = (this.#lost ? OVERRUN : 0) | (frameError ? FRAME_ERROR : 0);
    this.#lost = false;
    const received = { byte, errors };
    if (this.#received.length === RX_BUFFERS) this.#waiting = received;
    else this.#buffer(received);
  }

  get #control(): number {
    return this.#cpu.data[this.#at.UCSRB] ?? 0;
  }

  get #cyclesPerBit(): number {
    const data = this.#cpu.data;
    const divider = (((data[this.#at.UBRRH] ?? 0) & 0x0f) << 8) | (data[this.#at.UBRRL] ?? 0);
    return (divider + 1) * ((data[this.#at.UCSRA] ?? 0) & DOUBLE_SPEED ? 8 : 16);
  }

  #buffer(received: Received): void {
    this.#received.push(received);
    this.#showErrors();
    this.#cpu.setInterruptFlag(this.#rxc);
  }

  /** The error bits are those of the byte that is read next. */
  #showErrors(): void {
    const status = (this.#cpu.data[this.#at.UCSRA] ?? 0) & ~(FRAME_ERROR | OVERRUN);
    this.#cpu.data[this.#at.UCSRA] = status | (this.#received[0]?.errors ?? 0);
  }

  #read(): number {
    const byte = this.#received.shift()?.byte ?? 0;
    if (this.#waiting) {
      this.#received.push(this.#waiting);
      this.#waiting = null;
    }
    this.#showErrors();
    if (this.#received.length === 0) this.#cpu.clearInterrupt(this.#rxc);
    return byte;
  }

  #write(byte: number): boolean {
    if (!(this.#control & TRANSMITTER_ON)) return true;
    if (this.#sending === null) {
      this.#send(byte);
    } else if (this.#toSend === null) {
      this.#toSend = byte;
      this.#cpu.clearInterrupt(this.#udre);
    }
    return true;
  }

  #send(byte: number): void {
    this.#sending = byte;
    this.#cpu.clearInterrupt(this.#txc);
    this.#cpu.addClockEvent(this.#sent, this.cyclesPerByte);
  }

  readonly #sent = (): void => {
    const byte = this.#sending;
    this.#sending = null;
    if (this.#toSend !== null) {
      this.#send(this.#toSend);
      this.#toSend = null;
      this.#cpu.setInterruptFlag(this.#udre);
    } else {
      this.#cpu.setInterruptFlag(this.#txc);
    }
    if (byte !== null) this.onTransmit(byte);
  };

  #writeStatus(value: number): boolean {
    const kept = (this.#cpu.data[this.#at.UCSRA] ?? 0) & ~(DOUBLE_SPEED | MULTI_PROCESSOR);
    this.#cpu.data[this.#at.UCSRA] = kept | (value & (DOUBLE_SPEED | MULTI_PROCESSOR));
    this.#cpu.clearInterruptByFlag(this.#txc, value);
    return true;
  }

  #writeControl(value: number): boolean {
    this.#cpu.data[this.#at.UCSRB] = value;
    if (!(value & RECEIVER_ON)) {
      this.#received.length = 0;
      this.#waiting = null;
      this.#lost = false;
      this.#showErrors();
      this.#cpu.clearInterrupt(this.#rxc);
    }
    for (const interrupt of [this.#rxc, this.#udre, this.#txc]) {
      this.#cpu.updateInterruptEnable(interrupt, value);
    }
    return true;
  }
}
