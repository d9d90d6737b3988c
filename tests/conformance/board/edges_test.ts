/** The fans' PWM lines edge by edge, with the chip's timers running. */
import assert from "node:assert/strict";
import { MachineHost } from "../../support/machine_host.ts";

const PERIOD_CYCLES = 640;
const CYCLES_PER_MS = 16_000;

interface Pulse {
  readonly startCycle: number;
  readonly highCycles: number;
}

/** The whole pulses of each channel's line while `action` runs. */
function pulsesDuring(host: MachineHost, action: () => void): Pulse[][] {
  const pulses: Pulse[][] = [[], [], []];
  const roseCycle: (number | undefined)[] = [];
  host.machine.onEdge = (channel, drive, cycle) => {
    const startCycle = roseCycle[channel];
    if (drive === 1000) roseCycle[channel] = cycle;
    else if (startCycle !== undefined) {
      pulses[channel]?.push({ startCycle, highCycles: cycle - startCycle });
      roseCycle[channel] = undefined;
    }
  };
  action();
  host.machine.onEdge = () => {};
  return pulses;
}

function running(permille: number): MachineHost {
  const host = new MachineHost("full");
  host.hello();
  host.setAll(permille);
  host.machine.advance(1);
  return host;
}

Deno.test.each([25, 500, 725, 975])(
  "at %i permille every period has exactly 640 cycles and the right duty",
  (permille: number) => {
    const host = running(permille);
    const pulses = pulsesDuring(host, () => host.machine.advance(20));
    for (const [channel, own] of pulses.entries()) {
      assert.ok(own.length >= 20 * CYCLES_PER_MS / PERIOD_CYCLES - 2, `channel ${channel}`);
      const [first] = own;
      assert.ok(first);
      for (const [index, { startCycle, highCycles }] of own.entries()) {
        assert.equal(startCycle - first.startCycle, index * PERIOD_CYCLES, `channel ${channel}`);
        assert.equal(highCycles, PERIOD_CYCLES * permille / 1000, `channel ${channel}`);
      }
    }
  },
);

Deno.test("a change of duty makes no short, long or shifted pulse", () => {
  const host = running(500);
  const duties = [100, 900, 300, 725, 25, 975, 500];
  const pulses = pulsesDuring(host, () => {
    for (const permille of duties) host.setAll(permille);
    host.machine.advance(1);
  });
  const allowed = new Set(duties.map((permille) => PERIOD_CYCLES * permille / 1000));
  for (const [channel, own] of pulses.entries()) {
    for (const { highCycles } of own) {
      assert.ok(allowed.has(highCycles), `channel ${channel}: a pulse of ${highCycles} cycles`);
    }
    assert.equal(new Set(own.map(({ highCycles }) => highCycles)).size, allowed.size);
    const symmetric = channel < 2;
    const marks = own.map(({ startCycle, highCycles }) =>
      symmetric ? startCycle + highCycles / 2 : startCycle
    );
    const gaps = marks.slice(1).map((mark, index) => mark - (marks[index] ?? 0));
    assert.deepEqual([...new Set(gaps)], [PERIOD_CYCLES], `channel ${channel}`);
  }
});

Deno.test("0 and 1000 permille are true levels, without an edge", () => {
  for (const [permille, drive] of [[0, 0], [1000, "released"]] as const) {
    const host = running(permille);
    const edges: number[] = [];
    host.machine.onEdge = (channel) => edges.push(channel);
    host.machine.advance(20);
    assert.deepEqual(edges, []);
    assert.deepEqual(host.machine.observe().channels.map((channel) => channel.drive), [
      drive,
      drive,
      drive,
    ]);
  }
});

Deno.test("registers and running timers agree about the duty", () => {
  const duties = [25, 200, 333, 500, 725, 990];
  const driven = (mode: "registers" | "full") => {
    const host = new MachineHost(mode);
    host.hello();
    return duties.map((permille) => {
      host.setAll(permille);
      host.machine.advance(11);
      return host.machine.observe().channels.map(({ drive }) => Math.round(Number(drive) * 10));
    });
  };
  assert.deepEqual(driven("registers"), driven("full"));
});
