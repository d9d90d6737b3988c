import assert from "node:assert/strict";
import type { Clock } from "../../src/clock.ts";
import { runFanctl } from "../../src/cli/main.ts";
import { NAS_SHELF, Plant, type PlantSpec } from "../../src/sensors/simulated/plant.ts";
import { serve, type TestServer } from "../support/serve.ts";
import { TestIo } from "../support/test_io.ts";
import { until } from "../support/until.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

/** The processor of the built-in plant under a steady load. */
function plantOf(load: number): PlantSpec {
  const [source] = NAS_SHELF.sources;
  assert.ok(source);
  return { ...NAS_SHELF, sources: [{ ...source, load }] };
}

/** A server, a plant that its shelf `nas` blows on, and fanctl, all in the same virtual time. */
class TuneRig implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly server: TestServer;
  readonly io: TestIo;
  /** What a load that moves by itself adds to the temperature. */
  disturbanceC: (second: number) => number = () => 0;
  /** Every duty that the shelf had, a second each. */
  readonly duties: number[] = [];
  readonly #plant: Plant;
  #isWaiting = false;
  /** What the shelf does since the last tick. */
  #percent = 100;

  constructor(load: number) {
    this.#plant = new Plant(plantOf(load), 3);
    this.server = serve({
      clock: this.clock,
      tempsC: { nas: this.#plant.read("cpu") ?? NaN },
      taps: [{
        began: () => {},
        record: () => {},
        ticked: (_time, engine) => this.#percent = engine.decision("nas").percent,
      }],
    });
    // Tells when fanctl has nothing to do but wait.
    const clock: Clock = {
      monotonicMs: () => this.clock.monotonicMs(),
      wallMs: () => this.clock.wallMs(),
      after: (ms, action) => {
        this.#isWaiting = true;
        return this.clock.after(ms, action);
      },
    };
    this.io = new TestIo({ clock });
  }

  /** Runs fanctl to its end; time goes on whenever it waits, for at most an hour. */
  async run(line: string, onSecond: (second: number) => void = () => {}): Promise<number> {
    const status = { value: null as number | null };
    const words = ["-p", String(this.server.port), ...line.split(" ")];
    const ended = runFanctl(words, this.io).then((value) => status.value = value);
    for (let second = 0; second < 3600; second++) {
      await until(() => this.#isWaiting || status.value !== null, "fanctl to wait or end");
      if (status.value !== null) break;
      this.#isWaiting = false;
      onSecond(second);
      await this.second();
    }
    return await ended;
  }

  /** One second of the plant and the server. */
  async second(): Promise<void> {
    this.duties.push(this.#percent);
    this.#plant.step(1000, this.#percent / 100);
    const tempC = this.#plant.read("cpu") ?? NaN;
    this.server.tempsC.set("nas", tempC + this.disturbanceC(this.duties.length));
    await this.clock.advance(1000);
  }

  async override(): Promise<unknown> {
    const client = await this.server.connect();
    const [, [entries]] = await client.ask("status", "nas");
    return (entries as { override: unknown }[])[0]?.override;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
  }
}

Deno.test("fanctl tune measures a shelf, proposes gains and a curve, and puts everything back", async () => {
  await using rig = new TuneRig(0.5);
  const status = await rig.run("tune nas --low 45 --high 60");
  assert.equal(status, 0, rig.io.err);
  assert.equal(await rig.override(), null);
  const { out, err } = rig.io;
  assert.match(err, /^holding nas at 45 and 60 % in turn, at most 30 min$/m);
  assert.match(err, /^step 3 of 3: nas \d\d\.\d °C$/m);
  assert.match(out, /^nas: • measured, ─ model, over \d+ s$/m);
  const gain = Number(/One percent more changes nas by (-[\d.]+) °C/.exec(out)?.[1]);
  // Between 45 and 60 % the plant at half load loses 0.45 °C for each percent.
  assert.ok(gain < -0.35 && gain > -0.55, `${gain}`);
  assert.match(out, /shape = "pid"\n {2}target_c = \d+\n {2}kp = [\d.]+\n {2}ki = [\d.]+\n/);
  assert.match(out, /curve = \[\[[\d.]+, 25\], \[[\d.]+, \d+\], \[[\d.]+, 100\]\]/);
  assert.match(out, /Nothing has been changed/);
  const held = rig.duties.filter((percent, at, all) => percent !== all[at - 1]);
  assert.deepEqual(held.slice(-3), [45, 60, 45]);
});

Deno.test("fanctl tune --json gives the model and the proposals as one document", async () => {
  await using rig = new TuneRig(0.5);
  assert.equal(await rig.run("--json tune nas --low 45 --high 60"), 0);
  const { model, fit, pid, curve } = JSON.parse(rig.io.out);
  assert.ok(model.time_constant_ms > 4000 && model.time_constant_ms < 16_000);
  assert.ok(fit.explained > 0.95);
  assert.ok(pid.kp > 0 && pid.ki > 0);
  assert.equal(curve.length, 3);
});

Deno.test("fanctl tune ends at its temperature limit and gives the shelf back", async () => {
  await using rig = new TuneRig(0.6);
  const status = await rig.run("tune nas --low 30 --high 60 --limit 76");
  assert.equal(status, 1);
  assert.match(
    rig.io.err,
    /Cannot tune shelf "nas": "nas" is at 7\d\.\d °C, and the limit is 76 °C/,
  );
  assert.equal(await rig.override(), null);
});

Deno.test("fanctl tune does not begin near its limit, nor beside another override", async () => {
  await using rig = new TuneRig(0.5);
  assert.equal(await rig.run("tune nas --limit 40"), 1);
  assert.match(rig.io.err, /the limit is 40 °C; let it cool down/);
  const client = await rig.server.connect();
  await client.ask("set_pwm_override", "nas", 50);
  assert.equal(await rig.run("tune nas"), 2);
  assert.match(
    rig.io.err,
    /an override is in force; end it with "fanctl set-pwm-override nas none"/,
  );
});

Deno.test("fanctl tune stops when a failsafe takes the shelf", async () => {
  await using rig = new TuneRig(0.5);
  const status = await rig.run("tune nas --low 45 --high 60", (second) => {
    if (second === 20) rig.server.misses.set("nas", "gone");
  });
  assert.equal(status, 1);
  assert.match(rig.io.err, /sensor "nas" is failed|stands above the duty/);
  assert.equal(await rig.override(), null);
});

Deno.test("fanctl tune proposes nothing when the load moves more than the fans do", async () => {
  await using rig = new TuneRig(0.5);
  rig.disturbanceC = (second) => 8 * Math.sin(second / 3);
  assert.equal(await rig.run("tune nas --low 45 --high 60 --hold 2m"), 1);
  assert.match(rig.io.err, /keep the load steady meanwhile/);
});

Deno.test("fanctl tune that is interrupted gives the shelf back", async () => {
  await using rig = new TuneRig(0.5);
  const status = await rig.run("tune nas --low 45 --high 60", (second) => {
    if (second === 30) rig.io.interrupt();
  });
  assert.equal(status, 130);
  assert.equal(await rig.override(), null);
});

Deno.test("fanctl tune leaves the shelf to whoever orders something else meanwhile", async () => {
  await using rig = new TuneRig(0.5);
  const client = await rig.server.connect();
  let asked: Promise<unknown> = Promise.resolve();
  const status = await rig.run("tune nas --low 45 --high 60", (second) => {
    if (second === 20) asked = client.ask("set_pwm_override", "nas", 100);
  });
  await asked;
  assert.equal(status, 1);
  assert.match(rig.io.err, /the override of .* stands above the duty that was to be held/);
  assert.equal((await rig.override() as { percent: number } | null)?.percent, 100);
});
