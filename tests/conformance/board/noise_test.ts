/** A line that damages what goes over it, at the committed image on the simulated chip. */
import assert from "node:assert/strict";
import { type Frame, FrameDecoder } from "../../../src/board/protocol/frame.ts";
import { seededRandom } from "../../../src/seeded_random.ts";
import {
  comparesOf,
  dropAndDouble,
  flipBits,
  isReleased,
  type Random,
  releasedAtMs,
  tell,
} from "../../support/faulty_line.ts";
import { MachineHost } from "../../support/machine_host.ts";

const SEED = 20_261_120;
const STEPS = [320, 320, 80];
const BIT_ERROR_RATE = 1e-3;
const BIT_ERROR_FRAMES = 20_000;
const FRAMES = 2_000;
const TTL_MS = 10_000;
const SHORT_TTL_MS = 1000;
const LATE_MS = 100;
/** Longer than a set and its answer are on the line. */
const EXCHANGE_MS = 10;
const DELAYED_FRAMES = 200;
/** Longer than the driver waits before it repeats. */
const MOST_DELAY_MS = 150;
/** A frame that pauses for so long is dropped. */
const SILENCE_MS = 50;
const CYCLES_A_MS = 16_000;

/** Any duty but the two ends, which are levels and leave the compare register alone. */
function drawDuties(random: Random): number[] {
  return STEPS.map(() => 20 + Math.floor(random() * 960));
}

/** What the data sheet's timers need for these duties: channel 2 is fast PWM, one less. */
function comparesFor(permilles: readonly number[]): number[] {
  return permilles.map((permille, channel) =>
    Math.ceil(permille * (STEPS[channel] ?? 0) / 1000) - (channel === 2 ? 1 : 0)
  );
}

const keyOf = ({ type, seq, body }: Frame): string => `${type} ${seq} ${body}`;

/** A host at a bad line, and a check on every write to an output. */
class NoisyBoard {
  readonly host = new MachineHost("registers");
  readonly random = seededRandom(SEED);
  acted = 0;
  readonly #allowed: (readonly number[])[] = [];

  constructor() {
    this.host.hello();
    const first = drawDuties(this.random);
    this.host.set(first.map((permille) => ({ permille, ttlMs: TTL_MS })));
    this.#allowed.push(comparesFor(first));
    this.host.machine.onCompare = (channel, value) => {
      const wanted = this.#allowed.map((compares) => compares[channel]);
      assert.ok(wanted.includes(value), `channel ${channel}: ${value}, not one of ${wanted}`);
    };
  }

  /** Puts a set on the line as `damage` leaves it. It must act whole, or not at all. */
  exchange(damage: (bytes: Uint8Array) => Uint8Array): void {
    const { machine } = this.host;
    const duties = drawDuties(this.random);
    const before = comparesOf(machine);
    this.#allowed.splice(0, this.#allowed.length, before, comparesFor(duties));
    const set = this.host.setBytes(duties.map((permille) => ({ permille, ttlMs: TTL_MS })));
    machine.send(damage(set));
    machine.advance(1.5);
    for (let waited = 0; machine.lineBusy && waited < EXCHANGE_MS; waited += 0.25) {
      machine.advance(0.25);
    }
    const after = comparesOf(machine).join();
    assert.ok(!isReleased(machine));
    assert.ok(after === before.join() || after === comparesFor(duties).join(), after);
    if (after !== before.join()) this.acted++;
  }
}

/** Damages what the board says as well: no answer may come out that the board did not give. */
function damageAnswers({ host, random }: NoisyBoard): () => number {
  const { machine } = host;
  const truth = new FrameDecoder();
  const heard = new FrameDecoder();
  const said = new Set<string>();
  let understood = 0;
  machine.onTransmit = (byte) => {
    truth.push(Uint8Array.of(byte));
    heard.push(flipBits(Uint8Array.of(byte), BIT_ERROR_RATE, random));
    for (let frame = truth.next(); frame; frame = truth.next()) said.add(keyOf(frame));
    for (let frame = heard.next(); frame; frame = heard.next()) {
      assert.ok(said.has(keyOf(frame)), `nobody said ${keyOf(frame)}`);
      understood++;
    }
    if (said.size > 100) said.clear();
  };
  return () => understood;
}

Deno.test(`bit errors at 10⁻³ over 20 000 frames: no wrong duty ever (seed ${SEED})`, () => {
  const board = new NoisyBoard();
  const { random, host } = board;
  const understood = damageAnswers(board);
  for (let frame = 0; frame < BIT_ERROR_FRAMES; frame++) {
    board.exchange((bytes) => flipBits(bytes, BIT_ERROR_RATE, random));
  }
  tell(`${BIT_ERROR_FRAMES} frames: ${board.acted} acted, ${understood()} answers understood`);
  assert.ok(board.acted > 0.7 * BIT_ERROR_FRAMES && board.acted < 0.9 * BIT_ERROR_FRAMES);
  assert.equal(host.machine.observe().resets, 0);
});

Deno.test(`bytes dropped and doubled: a set acts whole or not at all (seed ${SEED})`, () => {
  const board = new NoisyBoard();
  for (let frame = 0; frame < FRAMES; frame++) {
    board.exchange((bytes) => dropAndDouble(bytes, 0.01, board.random));
  }
  tell(`${FRAMES} frames with bytes dropped and doubled: ${board.acted} acted`);
  assert.ok(board.acted > FRAMES / 2 && board.acted < 0.95 * FRAMES);
});

Deno.test(`bytes delayed: a set acts at its last byte, its repetition never (seed ${SEED})`, () => {
  const host = new MachineHost("registers");
  const random = seededRandom(SEED);
  const { machine } = host;
  host.hello();
  host.setAll(500, TTL_MS);
  let worstMs = 0;
  let dropped = 0;
  for (let frame = 0; frame < DELAYED_FRAMES; frame++) {
    const duties = drawDuties(random);
    const before = comparesOf(machine);
    const set = host.setBytes(duties.map((permille) => ({ permille, ttlMs: SHORT_TTL_MS })));
    const cut = 1 + Math.floor(random() * (set.length - 1));
    machine.send(set.subarray(0, cut));
    const pauseMs = random() * MOST_DELAY_MS;
    machine.advance(Math.abs(pauseMs - SILENCE_MS) < 3 ? 0 : pauseMs);
    assert.deepEqual(comparesOf(machine), before);
    machine.send(set.subarray(cut));
    machine.advance(EXCHANGE_MS);
    if (pauseMs >= SILENCE_MS + 3) {
      dropped++;
      assert.deepEqual(comparesOf(machine), before);
      machine.send(set);
      machine.advance(EXCHANGE_MS);
    }
    assert.deepEqual(comparesOf(machine), comparesFor(duties));
    const takenMs = machine.lastArrivalCycle / CYCLES_A_MS;
    if (frame % 10 !== 0) continue;
    while (machine.timeMs < takenMs + SHORT_TTL_MS - MOST_DELAY_MS) {
      machine.advance(random() * MOST_DELAY_MS);
      machine.send(set);
    }
    machine.send(set);
    const tookMs = releasedAtMs(machine, SHORT_TTL_MS) - takenMs;
    assert.ok(tookMs >= SHORT_TTL_MS - 2 && tookMs <= SHORT_TTL_MS + LATE_MS, `${tookMs} ms`);
    worstMs = Math.max(worstMs, tookMs);
    machine.advance(EXCHANGE_MS);
  }
  tell(
    `${DELAYED_FRAMES} late frames, ${dropped} too late: ` +
      `safe after ${worstMs.toFixed(1)} of ${SHORT_TTL_MS} ms`,
  );
  const { sequence, crc, cobs } = host.status().counters;
  assert.deepEqual({ sequence, crc, cobs }, { sequence: 0, crc: 0, cobs: dropped });
});
