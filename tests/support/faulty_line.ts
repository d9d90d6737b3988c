/**
 * What a bad line does to bytes, and what an observer outside of the board sees of its outputs:
 * for the fault tests. Every fault is drawn from a seed, so that a run can be repeated.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Machine } from "../../src/board/sim/machine.ts";
import { levelDrive } from "../../src/board/sim/output_stage.ts";

/** Numbers in 0..1, the same for the same seed. */
export type Random = () => number;

/** Finer than any time limit here. */
const LOOK_MS = 0.25;

/** The bytes with each bit flipped at this rate. */
export function flipBits(bytes: Uint8Array, rate: number, random: Random): Uint8Array {
  const damaged = bytes.slice();
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    if (random() >= rate) continue;
    const at = bit >> 3;
    damaged[at] = (damaged[at] ?? 0) ^ (1 << (bit & 7));
  }
  return damaged;
}

/** The bytes with some of them lost, and some twice. */
export function dropAndDouble(bytes: Uint8Array, rate: number, random: Random): Uint8Array {
  return Uint8Array.from([...bytes].flatMap((byte) => {
    const drawn = random();
    if (drawn < rate / 2) return [];
    return drawn < rate ? [byte, byte] : [byte];
  }));
}

/** Bytes without any meaning. */
export function noise(length: number, random: Random): Uint8Array {
  return Uint8Array.from({ length }, () => random() * 256);
}

/** Whether every fan's line is left alone at this moment: full speed. */
export function isReleased({ chip }: Machine): boolean {
  return chip.part.outputs.every((output) => levelDrive(chip, output) === "released");
}

/** What is in the compare registers at this moment. */
export function comparesOf(machine: Machine): number[] {
  return machine.observe().channels.map(({ compare }) => compare);
}

/** Runs the board until every fan is at full speed; when that was, in simulated milliseconds. */
export function releasedAtMs(machine: Machine, limitMs: number): number {
  const endMs = machine.timeMs + limitMs;
  while (!isReleased(machine)) {
    assert.ok(machine.timeMs < endMs, `the fans are not at full speed after ${limitMs} ms`);
    machine.advance(LOOK_MS);
  }
  return machine.timeMs;
}

/** Runs the board for so long, in which no fan's line may be left alone. */
export function assertDrivenFor(machine: Machine, ms: number): void {
  const endMs = machine.timeMs + ms;
  while (machine.timeMs < endMs) {
    machine.advance(LOOK_MS);
    assert.ok(!isReleased(machine), `released ${endMs - machine.timeMs} ms too early`);
  }
}

/** A figure that a test has measured, for the page that tells it. */
export function tell(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
}
