/**
 * Hosts that die, stand still, come in twos or flood the line, and a supply that sags: at the
 * committed images on the simulated chip, in simulated time.
 */
import assert from "node:assert/strict";
import { encodeFrame } from "../../../src/board/protocol/frame.ts";
import { CommandType, encodeHello, encodeSet } from "../../../src/board/protocol/messages.ts";
import { ResetCause } from "../../../src/board/sim/chip.ts";
import { seededRandom } from "../../../src/seeded_random.ts";
import {
  assertDrivenFor,
  comparesOf,
  isReleased,
  noise,
  releasedAtMs,
  tell,
} from "../../support/faulty_line.ts";
import { FIRMWARE_IMAGES, type FirmwareImage } from "../../support/firmware_images.ts";
import { MachineHost } from "../../support/machine_host.ts";

const SEED = 20_261_121;
const TTL_MS = 300;
const LATE_MS = 100;
/** A TTL ends by so much before its time. */
const EARLY_MS = 2;
const EXCHANGE_MS = 10;

/** A board that has just been told to hold 30 %, and when it took that. */
function holding(firmware: FirmwareImage): { host: MachineHost; takenMs: number } {
  const host = new MachineHost("registers", SEED, firmware);
  host.hello();
  host.setAll(300, TTL_MS);
  return { host, takenMs: host.machine.lastArrivalCycle / host.machine.chip.part.clockHz * 1000 };
}

/** The board's own time limit has acted, not before its time and not late; after how long. */
function assertSafeInTime({ machine }: MachineHost, takenMs: number, ttlMs = TTL_MS): number {
  assertDrivenFor(machine, takenMs + ttlMs - EARLY_MS - machine.timeMs);
  const tookMs = releasedAtMs(machine, LATE_MS + EARLY_MS) - takenMs;
  assert.ok(tookMs <= ttlMs + LATE_MS, `${tookMs} ms`);
  return tookMs;
}

for (const firmware of FIRMWARE_IMAGES) {
  const { name } = firmware.part;

  Deno.test(`${name}: a host killed after any byte of a frame leaves its fans safe in time`, () => {
    let worstMs = 0;
    const { length } = new MachineHost("registers", SEED, firmware).setBytes(
      firmware.part.outputs.map(() => ({ permille: 20, ttlMs: 10_000 })),
    );
    for (let cut = 0; cut < length; cut++) {
      const { host, takenMs } = holding(firmware);
      const held = comparesOf(host.machine);
      const set = host.setBytes(host.every({ permille: 20, ttlMs: 10_000 }));
      assert.equal(set.length, length);
      host.machine.send(set.subarray(0, cut));
      host.machine.advance(EXCHANGE_MS);
      assert.deepEqual(comparesOf(host.machine), held);
      worstMs = Math.max(worstMs, assertSafeInTime(host, takenMs));
      host.hello();
      // Not even when all but its ending zero is there, which the next host's first zero could be.
      assert.ok(isReleased(host.machine), `${cut} bytes of a set have acted`);
      const { counters } = host.status();
      assert.equal(counters.cobs, cut === 0 ? 0 : 1);
      assert.equal(counters.crc, 0);
      assert.ok(host.setAll(300).channels.every(({ flags }) => flags.latched));
    }
    tell(
      `${name}: killed after each of ${length} bytes: safe after ${
        worstMs.toFixed(1)
      } of ${TTL_MS} ms`,
    );
  });

  Deno.test(`${name}: a host that stands still lets the TTL act, and drives again when it goes on`, () => {
    const { host, takenMs } = holding(firmware);
    const tookMs = assertSafeInTime(host, takenMs);
    host.machine.advance(5000);
    assert.ok(isReleased(host.machine));
    const { channels, counters } = host.setAll(300, TTL_MS);
    assert.equal(counters.ttlExpired, channels.length);
    assert.ok(channels.every(({ flags }) => flags.latched && !flags.failsafe));
    assert.ok(!isReleased(host.machine));
    tell(`${name}: a host that stands still: safe after ${tookMs.toFixed(1)} of ${TTL_MS} ms`);
  });

  Deno.test(`${name}: a brown-out releases every fan at once, and is told`, () => {
    const { host } = holding(firmware);
    const { machine } = host;
    machine.send(host.setBytes(host.every({ permille: 20, ttlMs: 10_000 })).subarray(0, 9));
    machine.advance(0.2);
    machine.reset(ResetCause.BROWN_OUT);
    for (let look = 0; look < 200; look++) {
      assert.ok(isReleased(machine));
      machine.advance(0.25);
    }
    machine.send(Uint8Array.of(0));
    assert.throws(() => host.setAll(20), /answered by refusal/);
    assert.ok(isReleased(machine));
    host.hello();
    const { resetCauses, channels } = host.status();
    assert.deepEqual(resetCauses, ["brown-out"]);
    assert.ok(channels.every(({ flags }) => flags.failsafe));
  });

  Deno.test(`${name}: two hosts: each set is whole, and the fans are safe when both are gone`, () => {
    const { host } = holding(firmware);
    const { machine } = host;
    const random = seededRandom(SEED);
    const { bootId } = host.hello();
    const wanted = [200, 700].map((permille) => {
      host.setAll(permille);
      return comparesOf(machine).join();
    });
    const sequences = [10, 140];
    let takenMs = machine.timeMs;
    const seen = new Set<string>();
    for (let turn = 0; turn < 400; turn++) {
      const who = random() < 0.5 ? 0 : 1;
      const sequence = sequences[who] = ((sequences[who] ?? 0) + 1) & 0xff;
      const command = { permille: who === 0 ? 200 : 700, ttlMs: TTL_MS };
      const bytes = [
        ...(random() < 0.3 ? encodeHello(sequence) : []),
        ...encodeSet((sequence + 1) & 0xff, bootId, host.every(command)),
      ];
      sequences[who] = (sequence + 1) & 0xff;
      // Sometimes the other host writes into the middle of this frame.
      const cut = random() < 0.3 ? Math.floor(random() * bytes.length) : bytes.length;
      machine.send(Uint8Array.from(bytes.slice(0, cut)));
      machine.send(cut < bytes.length ? encodeHello(sequence) : new Uint8Array());
      machine.send(Uint8Array.from(bytes.slice(cut)));
      takenMs = machine.timeMs;
      machine.advance(EXCHANGE_MS);
      const driven = comparesOf(machine).join();
      assert.ok(wanted.includes(driven), driven);
      seen.add(driven);
    }
    assert.equal(seen.size, 2);
    const tookMs = releasedAtMs(machine, TTL_MS + LATE_MS) - takenMs;
    assert.ok(tookMs <= TTL_MS + LATE_MS, `${tookMs} ms`);
    tell(`${name}: two hosts gone: safe after ${tookMs.toFixed(1)} of ${TTL_MS} ms`);
    assert.equal(machine.observe().resets, 0);
  });
}

/** What a host that has lost its mind sends, as fast as the line takes it. */
const FLOODS: readonly [what: string, chunk: (random: () => number) => Uint8Array][] = [
  ["noise", (random) => noise(500, random)],
  ["zeros", () => new Uint8Array(500)],
  ["no zero at all", () => new Uint8Array(500).fill(0x55)],
  ["valid commands", (random) => {
    const frames = Array.from(
      { length: 80 },
      () => encodeFrame(CommandType.STATUS, Math.floor(random() * 256), new Uint8Array()),
    );
    return Uint8Array.from(frames.flatMap((frame) => [...frame]));
  }],
];
const FLOOD_MS = 60_000;
const FLOOD_TTL_MS = 2000;

Deno.test(`a flood at full line rate for a minute: the TTL acts, the board stays (seed ${SEED})`, () => {
  const host = new MachineHost("registers", SEED);
  const random = seededRandom(SEED);
  const { machine } = host;
  for (const [what, chunk] of FLOODS) {
    host.hello();
    host.setAll(300, FLOOD_TTL_MS);
    const takenMs = machine.lastArrivalCycle / machine.chip.part.clockHz * 1000;
    const endMs = machine.timeMs + FLOOD_MS / FLOODS.length;
    let safeMs = Infinity;
    let bytes = 0;
    while (machine.timeMs < endMs) {
      while (machine.bytesToBoard < 100) {
        const sent = chunk(random);
        machine.send(sent);
        bytes += sent.length;
      }
      machine.advance(1);
      if (isReleased(machine)) safeMs = Math.min(safeMs, machine.timeMs);
      else assert.equal(safeMs, Infinity, "released, and driven again by nobody");
    }
    const tookMs = safeMs - takenMs;
    assert.ok(tookMs >= FLOOD_TTL_MS - EARLY_MS, `${what}: ${tookMs} ms`);
    assert.ok(tookMs <= FLOOD_TTL_MS + LATE_MS, `${what}: ${tookMs} ms`);
    while (machine.lineBusy) machine.advance(1);
    tell(`flood of ${what}: ${bytes} bytes, safe after ${tookMs.toFixed(1)} of ${FLOOD_TTL_MS} ms`);
  }
  host.hello();
  assert.deepEqual(host.setAll(300).channels.map(({ permille }) => permille), [300, 300, 300]);
  assert.equal(machine.observe().resets, 0);
});
