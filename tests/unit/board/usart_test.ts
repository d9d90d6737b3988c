import assert from "node:assert/strict";
import { avr, type Cpu } from "../../../src/board/sim/avr.ts";
import { ATMEGA328P } from "../../../src/board/sim/parts.ts";
import { Usart } from "../../../src/board/sim/usart.ts";

const AT = ATMEGA328P.usart;
const RX_ON = 0x10;
const TX_ON = 0x08;
const RX_INTERRUPT = 0x80;
const EMPTY_INTERRUPT = 0x20;
const RXC = 0x80;
const TXC = 0x40;
const UDRE = 0x20;
const OVERRUN = 0x08;
const FRAME_ERROR = 0x10;
const BYTE_CYCLES = 640;

function port(): { cpu: Cpu; usart: Usart; sent: number[] } {
  const cpu = new avr.CPU(new Uint16Array(16));
  const usart = new Usart(cpu, AT);
  const sent: number[] = [];
  usart.onTransmit = (byte) => sent.push(byte);
  cpu.writeData(AT.UBRRL, 3);
  cpu.writeData(AT.UCSRB, RX_ON | TX_ON);
  return { cpu, usart, sent };
}

function pass(cpu: Cpu, cycles: number): void {
  cpu.cycles += cycles;
  cpu.tick();
}

Deno.test("a USART's rate and format follow its registers", () => {
  const { cpu, usart } = port();
  assert.equal(usart.baud(16_000_000), 250_000);
  assert.equal(usart.cyclesPerByte, BYTE_CYCLES);
  cpu.writeData(AT.UCSRA, 0x02);
  assert.equal(usart.baud(16_000_000), 500_000);
  cpu.writeData(AT.UCSRC, 0x2e);
  assert.equal(usart.cyclesPerByte, 12 * 32);
});

Deno.test("a USART keeps two bytes and one in its shift register; a fourth costs the third", () => {
  const { cpu, usart } = port();
  for (const byte of [1, 2, 3, 4]) {
    usart.startBit();
    usart.receive(byte);
  }
  const reads = Array.from({ length: 3 }, () => {
    const status = cpu.readData(AT.UCSRA);
    return [cpu.readData(AT.UDR), status & (OVERRUN | RXC)];
  });
  assert.deepEqual(reads, [[1, RXC], [2, RXC], [4, RXC | OVERRUN]]);
  assert.equal(cpu.readData(AT.UCSRA) & (RXC | OVERRUN), 0);
});

Deno.test("writing a USART's control register loses no received byte", () => {
  const { cpu, usart } = port();
  usart.receive(7);
  cpu.writeData(AT.UCSRB, RX_ON | TX_ON | EMPTY_INTERRUPT);
  assert.equal(cpu.readData(AT.UCSRA) & RXC, RXC);
  assert.equal(cpu.readData(AT.UDR), 7);
});

Deno.test("a USART whose receiver is off takes nothing, and forgets what it had", () => {
  const { cpu, usart } = port();
  usart.receive(7);
  cpu.writeData(AT.UCSRB, TX_ON);
  usart.receive(8);
  assert.equal(cpu.readData(AT.UCSRA) & RXC, 0);
  assert.equal(cpu.readData(AT.UDR), 0);
});

Deno.test("a frame error is shown with its byte", () => {
  const { cpu, usart } = port();
  usart.receive(1);
  usart.receive(0, true);
  assert.equal(cpu.readData(AT.UCSRA) & FRAME_ERROR, 0);
  cpu.readData(AT.UDR);
  assert.equal(cpu.readData(AT.UCSRA) & FRAME_ERROR, FRAME_ERROR);
});

Deno.test("a USART sends one byte after the other from two buffers, at its rate", () => {
  const { cpu, usart, sent } = port();
  cpu.writeData(AT.UDR, 1);
  assert.equal(cpu.readData(AT.UCSRA) & UDRE, UDRE);
  cpu.writeData(AT.UDR, 2);
  assert.equal(cpu.readData(AT.UCSRA) & UDRE, 0);
  cpu.writeData(AT.UDR, 3);
  pass(cpu, BYTE_CYCLES - 1);
  assert.deepEqual(sent, []);
  pass(cpu, 1);
  assert.deepEqual(sent, [1]);
  assert.equal(cpu.readData(AT.UCSRA) & (UDRE | TXC), UDRE);
  assert.equal(usart.sending, true);
  pass(cpu, BYTE_CYCLES);
  assert.deepEqual(sent, [1, 2]);
  assert.equal(cpu.readData(AT.UCSRA) & TXC, TXC);
  assert.equal(usart.sending, false);
  cpu.writeData(AT.UCSRA, TXC);
  assert.equal(cpu.readData(AT.UCSRA) & TXC, 0);
});

Deno.test("the receive interrupt stands until everything is read", () => {
  const { cpu, usart } = port();
  cpu.writeData(AT.UCSRB, RX_ON | RX_INTERRUPT);
  usart.receive(1);
  usart.receive(2);
  assert.equal(cpu.nextInterrupt, AT.rxCompleteInterrupt);
  cpu.readData(AT.UDR);
  assert.equal(cpu.nextInterrupt, AT.rxCompleteInterrupt);
  cpu.readData(AT.UDR);
  assert.equal(cpu.nextInterrupt, -1);
});

Deno.test("a USART that may not send sends nothing", () => {
  const { cpu, usart, sent } = port();
  cpu.writeData(AT.UCSRB, RX_ON);
  cpu.writeData(AT.UDR, 1);
  pass(cpu, BYTE_CYCLES);
  assert.deepEqual(sent, []);
  assert.equal(usart.sending, false);
});
