import assert from "node:assert/strict";
import type { FanState } from "../../src/board/board.ts";
import { FirmwareBoard } from "../support/firmware_board.ts";
import { FIRMWARE_IMAGES, type FirmwareImage, UNO } from "../support/firmware_images.ts";

const TTL_MS = 2000;

function started(firmware: FirmwareImage = UNO): FirmwareBoard {
  const board = new FirmwareBoard("registers", firmware);
  board.hello();
  return board;
}

const states = (status: ReturnType<FirmwareBoard["status"]>): FanState[] =>
  status.details?.channels.map(({ state }) => state) ?? [];

Deno.test("firmware: a fan's states from power-on to standstill", () => {
  const board = started();
  assert.deepEqual(states(board.status()), ["unknown", "unknown", "unknown"]);
  board.machine.advance(2000);
  assert.deepEqual(states(board.status()), ["spinning", "spinning", "spinning"]);
  assert.deepEqual(states(board.hold(8000, { permille: 0, ttlMs: TTL_MS })), [
    "stopped",
    "stopped",
    "stopped",
  ]);
});

Deno.test("firmware: a blocked fan is stalled, a missing tachometer is not fitted", () => {
  const board = started();
  board.configure({
    channels: board.config().channels.map((channel, at) => ({ ...channel, tach: at !== 1 })),
  });
  board.hold(3000, { permille: 500, ttlMs: TTL_MS });
  board.machine.setFault(0, "stalled");
  const status = board.hold(6000, { permille: 500, ttlMs: TTL_MS });
  assert.deepEqual(states(status), ["stalled", "not fitted", "spinning"]);
  assert.equal(status.channels[1]?.rpm, null);
  assert.deepEqual(status.details?.channels[0]?.faults, {
    stalled: true,
    loopEnded: false,
    implausible: false,
  });
  board.machine.setFault(0, "none");
  const after = board.hold(3000, { permille: 500, ttlMs: TTL_MS });
  assert.equal(states(after)[0], "spinning");
  assert.equal(after.details?.channels[0]?.faults.stalled, true);
  assert.equal(board.clear(1).details?.channels[0]?.faults.stalled, false);
});

Deno.test("firmware: edges faster than the fan can turn are implausible", () => {
  const board = started();
  board.configureChannels({ maxRpm: 600 });
  const status = board.hold(4000, { permille: 1000, ttlMs: TTL_MS });
  assert.deepEqual(states(status), ["implausible", "implausible", "implausible"]);
  assert.ok(status.details?.channels.every(({ faults }) => faults.implausible));
});

Deno.test("firmware: a speed that falls while the duty rises is implausible", () => {
  const board = started();
  board.hold(8000, { permille: 400, ttlMs: TTL_MS });
  const fan = board.machine.fans[0];
  assert.ok(fan);
  Object.assign(fan.spec, { maxRpm: fan.spec.maxRpm / 3 });
  const status = board.hold(8000, { permille: 600, ttlMs: TTL_MS });
  assert.deepEqual(states(status), ["implausible", "spinning", "spinning"]);
});

Deno.test("firmware: pulses per revolution are taken into account", () => {
  const board = started();
  for (const fan of board.machine.fans) Object.assign(fan.spec, { pulsesPerRevolution: 4 });
  board.configureChannels({ pulsesPerRevolution: 4 });
  const { channels } = board.hold(8000, { permille: 700, ttlMs: TTL_MS });
  for (const [channel, { rpm }] of channels.entries()) {
    const real = board.machine.fans[channel]?.rpm ?? 0;
    assert.ok(rpm !== null && Math.abs(rpm / real - 1) < 0.002, `${rpm} for ${real}`);
  }
});

Deno.test("firmware: standing fans are kicked one after the other, until they turn", () => {
  const board = started();
  board.configureChannels({ startPermille: 400 });
  board.hold(9000, { permille: 0, ttlMs: TTL_MS });
  const startsMs: number[] = [];
  const startMs = board.machine.timeMs;
  const command = [0, 1, 2].map(() => ({ permille: 150, ttlMs: TTL_MS }));
  while (board.machine.timeMs < startMs + 4000) {
    for (const [channel, { permille }] of board.command(command).channels.entries()) {
      if (permille === 400) startsMs[channel] ??= board.machine.timeMs - startMs;
    }
    board.machine.advance(10);
  }
  const sorted = startsMs.toSorted((a, b) => a - b);
  assert.equal(sorted.length, 3);
  assert.ok((sorted[0] ?? 0) < 100, startsMs.join());
  for (const [at, ms] of sorted.slice(1).entries()) {
    assert.ok(ms - (sorted[at] ?? 0) > 450, startsMs.join());
  }
  const status = board.hold(2000, command[0] ?? { permille: 0, ttlMs: 1 });
  assert.deepEqual(states(status), ["spinning", "spinning", "spinning"]);
  assert.ok(status.channels.every(({ permille }) => permille < 165));
});

Deno.test("firmware: a fan that does not start is an alarm, and tried again after a pause", () => {
  const board = started();
  board.configureChannels({ startPermille: 500, kickMs: 1000, pauseMs: 3000 });
  board.machine.setFault(0, "stalled");
  board.hold(5000, { permille: 0, ttlMs: TTL_MS });
  const seen: string[] = [];
  const command = [200, 0, 0].map((permille) => ({ permille, ttlMs: TTL_MS }));
  const startMs = board.machine.timeMs;
  while (board.machine.timeMs < startMs + 6000) {
    const { channels, details } = board.command(command);
    const found = `${channels[0]?.permille} ${details?.channels[0]?.state}`;
    if (seen.at(-1) !== found) seen.push(found);
    board.machine.advance(20);
  }
  assert.deepEqual(seen.filter((line) => !line.startsWith("0 ")), [
    "500 starting",
    "200 stalled",
    "500 starting",
    "200 stalled",
  ]);
  assert.equal(board.status().details?.channels[0]?.faults.stalled, true);
  board.machine.setFault(0, "none");
  board.hold(5000, { permille: 200, ttlMs: TTL_MS });
  assert.equal(states(board.status())[0], "spinning");
});

for (const firmware of FIRMWARE_IMAGES) {
  const { name, tachs, outputs } = firmware.part;
  const speeds = (rpm: number) =>
    outputs.map((_, channel) =>
      channel < tachs.length ? { rpm, ttlMs: TTL_MS } : { permille: 500, ttlMs: TTL_MS }
    );

  Deno.test(`${name}: a speed is held, and reached from 400 to 1400 rpm in 2 s, 3 % too far at most`, () => {
    const board = started(firmware);
    board.machine.advance(8000);
    const run = (rpm: number, ms: number): number[][] => {
      const found: number[][] = [];
      const endMs = board.machine.timeMs + ms;
      while (board.machine.timeMs < endMs) {
        board.command(speeds(rpm));
        board.machine.advance(100);
        found.push(board.machine.fans.slice(0, tachs.length).map((fan) => fan.rpm));
      }
      return found;
    };
    const settled = run(400, 10_000).slice(-20);
    for (const [channel, { steps }] of board.hello().channels.slice(0, tachs.length).entries()) {
      const rpmPerStep = (board.machine.fans[channel]?.spec.maxRpm ?? 0) / steps;
      for (const rpms of settled) {
        const off = Math.abs((rpms[channel] ?? 0) - 400);
        assert.ok(off < 5 + rpmPerStep, `channel ${channel}: ${off} rpm off`);
      }
    }
    const step = run(1400, 8000);
    const peak = Math.max(...step.flat());
    const settledMs = 100 *
      (1 + step.findLastIndex((rpms) => rpms.some((rpm) => Math.abs(rpm - 1400) > 28)));
    assert.ok(peak < 1430, `${peak} rpm`);
    assert.ok(settledMs < 2000, `${settledMs} ms`);
    assert.ok(
      board.status().details?.channels.slice(0, tachs.length)
        .every(({ mode }) => mode === "rpm"),
    );
  });
}

Deno.test("firmware: a speed is held from standstill on", () => {
  const board = started();
  board.hold(9000, { permille: 0, ttlMs: TTL_MS });
  const { channels, details } = board.hold(12_000, { rpm: 700, ttlMs: TTL_MS });
  for (const { rpm } of channels) assert.ok(rpm !== null && Math.abs(rpm - 700) < 14, `${rpm}`);
  assert.ok(details?.channels.every(({ mode }) => mode === "rpm"));
});

Deno.test("firmware: a tachometer that is lost ends the speed, at the safe level, until clear", () => {
  const board = started();
  board.configureChannels({ safePermille: 800 });
  board.hold(6000, { rpm: 900, ttlMs: TTL_MS });
  board.machine.setFault(1, "disconnected");
  const lost = board.hold(12_000, { rpm: 900, ttlMs: TTL_MS });
  assert.deepEqual(lost.details?.channels.map(({ mode }) => mode), ["rpm", "safe", "rpm"]);
  assert.equal(lost.channels[1]?.permille, 800);
  assert.equal(lost.details?.channels[1]?.faults.loopEnded, true);
  board.machine.setFault(1, "none");
  const latched = board.hold(4000, { rpm: 900, ttlMs: TTL_MS });
  assert.equal(latched.channels[1]?.permille, 800);
  board.clear(2);
  const again = board.hold(8000, { rpm: 900, ttlMs: TTL_MS });
  assert.deepEqual(again.details?.channels.map(({ mode }) => mode), ["rpm", "rpm", "rpm"]);
  assert.ok(Math.abs((again.channels[1]?.rpm ?? 0) - 900) < 20);
});

Deno.test("firmware: a speed is refused on a channel without a tachometer", () => {
  const board = started();
  board.configure({
    channels: board.config().channels.map((channel, at) => ({ ...channel, tach: at !== 2 })),
  });
  assert.throws(() => board.hold(0, { rpm: 900, ttlMs: TTL_MS }));
  assert.ok(board.status().channels.every(({ flags }) => flags.failsafe));
});

Deno.test("firmware: a speed ends with its TTL", () => {
  const board = started();
  board.hold(5000, { rpm: 900, ttlMs: 500 });
  board.machine.advance(600);
  const { channels, details } = board.status();
  assert.ok(channels.every(({ flags }) => flags.failsafe && flags.latched && flags.released));
  assert.deepEqual(details?.channels.map(({ mode }) => mode), ["safe", "safe", "safe"]);
});
