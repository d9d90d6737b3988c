/** The committed firmware image on a simulated chip, in simulated time. */
import assert from "node:assert/strict";
import { MachineHost } from "../../support/machine_host.ts";

const OFF_LIMIT_MS = 100;
const FAN_STEP_MS = 5;
const SREG = 0x5f;
const RJMP_TO_ITSELF = 0xcfff;
const FREE_FLASH_WORD = 0x3800;

/** Puts the core into an endless loop with interrupts off. */
function wedge({ machine }: MachineHost): void {
  const { cpu } = machine.chip;
  cpu.progMem[FREE_FLASH_WORD] = RJMP_TO_ITSELF;
  cpu.pc = FREE_FLASH_WORD;
  cpu.data[SREG] = 0;
}

Deno.test("a board under power releases every fan, and answers hello", () => {
  const host = new MachineHost("registers");
  const hello = host.hello();
  assert.equal(hello.part, "ATmega328P");
  assert.deepEqual(hello.protocol, [1, 1]);
  assert.deepEqual(hello.channels, [
    { steps: 320, tach: true },
    { steps: 320, tach: true },
    { steps: 80, tach: true },
  ]);
  assert.equal(hello.ttlMaxMs, 10_000);
  const { channels, resets } = host.machine.observe();
  assert.deepEqual(channels.map(({ drive }) => drive), ["released", "released", "released"]);
  assert.equal(resets, 0);
  assert.equal(host.machine.chip.usart.baud(16_000_000), 250_000);
  assert.deepEqual(host.status().resetCauses, ["power-on"]);
});

Deno.test("a duty reaches the compare registers and the fans", () => {
  const host = new MachineHost("registers");
  host.hello();
  const status = host.setAll(500);
  assert.deepEqual(status.channels.map(({ permille }) => permille), [500, 500, 500]);
  assert.deepEqual(status.channels.map(({ compare }) => compare), [160, 160, 40]);
  host.machine.advance(2 * FAN_STEP_MS);
  const { channels } = host.machine.observe();
  assert.deepEqual(channels.map(({ drive }) => drive), [500, 500, 500]);
  assert.deepEqual(channels.map(({ compare }) => compare), [160, 160, 39]);
});

Deno.test.each([0, 3, 250, 333, 999, 1000])(
  "a duty of %i permille is applied as the status says, and never less than asked",
  (permille: number) => {
    const host = new MachineHost("registers");
    host.hello();
    const status = host.setAll(permille);
    host.machine.advance(2 * FAN_STEP_MS);
    for (const [channel, { drive }] of host.machine.observe().channels.entries()) {
      const told = status.channels[channel];
      assert.ok(told);
      const driven = drive === "released" ? 1000 : drive;
      assert.ok(driven >= permille - 0.5, `channel ${channel}: ${driven}`);
      assert.ok(Math.abs(driven - told.permille) <= 1, `${driven} and ${told.permille}`);
      assert.equal(drive === "released", told.flags.released);
    }
  },
);

Deno.test("a TTL that runs out releases its pin within 100 ms, and only its own", () => {
  const host = new MachineHost("registers");
  host.hello();
  host.set([{ permille: 300, ttlMs: 1000 }, { permille: 300, ttlMs: 10_000 }, {
    permille: 300,
    ttlMs: 2000,
  }]);
  const setMs = host.machine.timeMs;
  const releasedMs: number[] = [];
  while (host.machine.timeMs < setMs + 3000) {
    host.machine.advance(FAN_STEP_MS);
    for (const [channel, { drive }] of host.machine.observe().channels.entries()) {
      if (drive === "released") releasedMs[channel] ??= host.machine.timeMs - setMs;
    }
  }
  const [first = 0, second, third = 0] = releasedMs;
  assert.ok(first > 1000 - 2 * FAN_STEP_MS && first < 1000 + OFF_LIMIT_MS, `${first} ms`);
  assert.equal(second, undefined);
  assert.ok(third > 2000 - 2 * FAN_STEP_MS && third < 2000 + OFF_LIMIT_MS, `${third} ms`);
  const { channels, counters } = host.status();
  assert.equal(counters.ttlExpired, 2);
  assert.deepEqual(channels.map(({ flags }) => flags.failsafe), [true, false, true]);
  assert.deepEqual(channels.map(({ flags }) => flags.latched), [true, false, true]);
  assert.deepEqual(host.clear(1).channels.map(({ flags }) => flags.latched), [false, false, true]);
});

Deno.test("the speed that is told follows the rotor within 0.2 %", () => {
  const host = new MachineHost("registers");
  host.hello();
  for (const permille of [300, 500, 800]) {
    for (let second = 0; second < 10; second++) {
      host.setAll(permille);
      host.machine.advance(1000);
    }
    const status = host.status();
    for (const [channel, { rpm }] of host.machine.observe().channels.entries()) {
      const told = status.channels[channel];
      assert.ok(told?.rpm, `channel ${channel} at ${permille}`);
      assert.ok(Math.abs(told.rpm / rpm - 1) < 0.002, `${told.rpm} told, ${rpm} true`);
      assert.ok(told.flags.spinning);
    }
  }
});

Deno.test("a blocked fan and a pulled plug read as standstill, and recover", () => {
  const host = new MachineHost("registers");
  host.hello();
  const run = () => {
    for (let second = 0; second < 5; second++) {
      host.setAll(600);
      host.machine.advance(1000);
    }
    return host.status().channels;
  };
  assert.ok(run().every(({ rpm }) => rpm !== null && rpm > 900));
  host.machine.setFault(0, "stalled");
  host.machine.setFault(2, "disconnected");
  const [stalled, fine, disconnected] = run();
  assert.equal(stalled?.rpm, 0);
  assert.equal(stalled.flags.spinning, false);
  assert.ok((stalled.edgeAgeMs ?? 0) > 3000);
  assert.ok((fine?.rpm ?? 0) > 900);
  assert.equal(disconnected?.rpm, 0);
  host.machine.setFault(0, "none");
  host.machine.setFault(2, "none");
  assert.ok(run().every(({ rpm }) => rpm !== null && rpm > 900));
});

Deno.test("a core that hangs is reset by its watchdog, with the fans released and the cause told", () => {
  const host = new MachineHost("registers");
  const before = host.hello().bootId;
  host.setAll(200);
  wedge(host);
  const hungMs = host.machine.timeMs;
  while (host.machine.observe().resets === 0) {
    host.machine.advance(1);
    assert.ok(host.machine.timeMs < hungMs + 1000, "the watchdog does not bite");
  }
  const afterMs = host.machine.timeMs - hungMs;
  assert.ok(afterMs > 400 && afterMs < 700, `after ${afterMs} ms`);
  host.machine.advance(2 * FAN_STEP_MS);
  assert.ok(host.machine.observe().channels.every(({ drive }) => drive === "released"));
  host.machine.advance(1);
  assert.notEqual(host.hello().bootId, before);
  assert.deepEqual(host.status().resetCauses, ["watchdog"]);
  host.machine.advance(5000);
  assert.equal(host.machine.observe().resets, 1);
});

Deno.test("the reset button changes the boot id, and a set for the old one is refused", () => {
  const host = new MachineHost("registers");
  const before = host.hello().bootId;
  host.setAll(200);
  host.machine.reset();
  host.machine.advance(1);
  host.machine.send(Uint8Array.of(0));
  assert.throws(() => host.setAll(200), /answered by refusal/);
  host.machine.advance(2 * FAN_STEP_MS);
  assert.ok(host.machine.observe().channels.every(({ drive }) => drive === "released"));
  assert.notEqual(host.hello().bootId, before);
  assert.deepEqual(host.setAll(200).resetCauses, ["external"]);
});

Deno.test("another seed is another power-on of the same board", () => {
  const observe = (seed: number) => {
    const host = new MachineHost("registers", seed);
    host.hello();
    host.setAll(500);
    host.machine.advance(2000);
    return host.machine.observe();
  };
  assert.deepEqual(observe(7), observe(7));
  assert.notDeepEqual(observe(7).channels, observe(8).channels);
});

Deno.test("garbage is counted, changes nothing, and leaves the board answering", () => {
  const host = new MachineHost("registers");
  host.hello();
  host.setAll(400);
  const garbage = Uint8Array.from({ length: 2000 }, (_, index) => (index * 97 + 13) & 0xff);
  host.machine.send(garbage);
  host.machine.send(Uint8Array.of(0));
  host.machine.advance(100);
  const { counters, channels } = host.status();
  assert.ok(counters.crc + counters.cobs > 0, JSON.stringify(counters));
  assert.deepEqual(channels.map(({ permille }) => permille), [400, 400, 400]);
});

Deno.test("a fan whose duty is 0 stops, and starts again", () => {
  const host = new MachineHost("registers");
  host.hello();
  const run = (permille: number) => {
    for (let second = 0; second < 8; second++) {
      host.setAll(permille);
      host.machine.advance(1000);
    }
    return host.machine.observe().channels.map(({ rpm }) => rpm);
  };
  assert.ok(run(500).every((rpm) => rpm > 800));
  assert.deepEqual(run(0), [0, 0, 0]);
  assert.deepEqual(host.status().channels.map(({ rpm }) => rpm), [0, 0, 0]);
  assert.ok(run(300).every((rpm) => rpm > 400));
});
