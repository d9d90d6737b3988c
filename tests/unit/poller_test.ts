import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { SensorPolicy } from "../../src/control/sensing/sensor_health.ts";
import type { Log } from "../../src/log.ts";
import { Poller } from "../../src/sensors/poller.ts";
import type { DriveKind, Sensor } from "../../src/sensors/sensor.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

function policy(name: string, changes: Partial<SensorPolicy> = {}): SensorPolicy {
  return {
    name,
    kind: "other",
    intervalMs: 1000,
    timeoutMs: 400,
    misses: 3,
    minC: -20,
    maxC: 110,
    failsafePercent: 100,
    criticalC: 90,
    required: true,
    ...changes,
  };
}

/** A sensor whose readings end when the test says so. */
class ManualSensor implements Sensor {
  readonly reads: {
    resolve(value: number | "asleep"): void;
    reject(error: unknown): void;
    signal: AbortSignal;
  }[] = [];
  closed = false;
  driveKind: DriveKind | undefined;
  constructor(readonly name: string) {}

  read(signal: AbortSignal): Promise<number | "asleep"> {
    const { promise, resolve, reject } = Promise.withResolvers<number | "asleep">();
    this.reads.push({ resolve, reject, signal });
    return promise;
  }

  close(): void {
    this.closed = true;
  }
}

class LinesLog implements Log {
  readonly lines: string[] = [];
  debug(): void {}
  info(text: string): void {
    this.lines.push(`info ${text}`);
  }
  warn(text: string): void {
    this.lines.push(`warn ${text}`);
  }
  error(text: string): void {
    this.lines.push(`error ${text}`);
  }
}

function setUp(changes: Partial<SensorPolicy> = {}): {
  clock: VirtualClock;
  sensor: ManualSensor;
  poller: Poller;
  log: LinesLog;
  state(): string | undefined;
} {
  const clock = new VirtualClock();
  const sensor = new ManualSensor("x");
  const log = new LinesLog();
  const poller = new Poller([{ sensor, policy: policy("x", changes) }], clock, log);
  const state = (): string | undefined => poller.judge(clock.monotonicMs()).get("x")?.state;
  return { clock, sensor, poller, log, state };
}

/** A sensor that always answers the same way at once. */
function steady(name: string, answer: () => number | "asleep"): Sensor {
  return { name, read: () => Promise.try(answer) };
}

Deno.test("a poller reads each sensor at once and then at its own interval", async () => {
  const clock = new VirtualClock();
  const counts = { fast: 0, slow: 0 };
  const poller = new Poller(
    [
      { sensor: steady("fast", () => ++counts.fast), policy: policy("fast") },
      {
        sensor: steady("slow", () => ++counts.slow),
        policy: policy("slow", { intervalMs: 2500 }),
      },
    ],
    clock,
    new LinesLog(),
  );
  poller.start();
  await clock.advance(5000);
  deepStrictEqual(counts, { fast: 6, slow: 3 });
  strictEqual(poller.judge(clock.monotonicMs()).get("slow")?.tempC, 3);
  await poller.stop();
});

Deno.test("a reading that takes longer than its time is a miss, and never overlaps another", async () => {
  const { clock, sensor, poller, state } = setUp();
  poller.start();
  await clock.advance(399);
  strictEqual(state(), "waiting");
  strictEqual(sensor.reads[0]?.signal.aborted, false);
  await clock.advance(1);
  strictEqual(sensor.reads[0]?.signal.aborted, true);
  const judged = poller.judge(clock.monotonicMs()).get("x");
  strictEqual(judged?.reason, "1 miss: timed out after 400 ms");
  await clock.advance(2600);
  strictEqual(sensor.reads.length, 1);
  strictEqual(state(), "failed");
  strictEqual(
    poller.judge(clock.monotonicMs()).get("x")?.reason,
    "4 misses in 2.6 s: a reading hangs since 3000 ms",
  );
  sensor.reads[0]?.resolve(40);
  await clock.advance(0);
  strictEqual(state(), "failed", "what comes too late is no reading");
  await clock.advance(1000);
  strictEqual(sensor.reads.length, 2);
  sensor.reads[1]?.resolve(41);
  await clock.advance(0);
  strictEqual(state(), "ok");
  await poller.stop();
});

Deno.test("a reading may take longer than the interval as long as it has time", async () => {
  const { clock, sensor, poller, state } = setUp({ timeoutMs: 2500 });
  poller.start();
  await clock.advance(2400);
  strictEqual(sensor.reads.length, 1);
  sensor.reads[0]?.resolve(40);
  await clock.advance(0);
  strictEqual(state(), "ok");
  await clock.advance(600);
  strictEqual(sensor.reads.length, 2);
  const stopped = poller.stop();
  sensor.reads[1]?.resolve(40);
  await stopped;
});

Deno.test("one sensor that hangs or throws disturbs no other", async () => {
  const clock = new VirtualClock();
  const hung = new ManualSensor("hung");
  const poller = new Poller(
    [
      { sensor: hung, policy: policy("hung") },
      {
        sensor: {
          name: "throws",
          read: () => {
            throw new Error("broken at once");
          },
        },
        policy: policy("throws"),
      },
      {
        sensor: { name: "odd", read: () => Promise.reject("no error object") },
        policy: policy("odd"),
      },
      { sensor: steady("nan", () => NaN), policy: policy("nan") },
      { sensor: steady("sleeper", () => "asleep"), policy: policy("sleeper") },
      { sensor: steady("good", () => 42), policy: policy("good") },
    ],
    clock,
    new LinesLog(),
  );
  poller.start();
  await clock.advance(10_000);
  const judged = poller.judge(clock.monotonicMs());
  deepStrictEqual([...judged.values()].map(({ name, state }) => [name, state]), [
    ["hung", "failed"],
    ["throws", "failed"],
    ["odd", "failed"],
    ["nan", "failed"],
    ["sleeper", "asleep"],
    ["good", "ok"],
  ]);
  ok(judged.get("throws")?.reason?.endsWith("broken at once"));
  ok(judged.get("odd")?.reason?.endsWith("no error object"));
  const stopped = poller.stop();
  hung.reads[0]?.reject(new Error("ended"));
  await stopped;
});

Deno.test("losing a sensor and getting it back is said once each", async () => {
  const clock = new VirtualClock();
  const log = new LinesLog();
  let answer = (): number => {
    throw new Error("gone");
  };
  const poller = new Poller(
    [{ sensor: steady("x", () => answer()), policy: policy("x") }],
    clock,
    log,
  );
  poller.start();
  for (let second = 0; second < 10; second++) {
    poller.judge(clock.monotonicMs());
    await clock.advance(1000);
  }
  deepStrictEqual(log.lines, ['warn Sensor "x" is lost: 4 misses in 3.0 s: gone']);
  answer = () => 40;
  for (let second = 0; second < 5; second++) {
    await clock.advance(1000);
    poller.judge(clock.monotonicMs());
  }
  deepStrictEqual(log.lines.slice(1), ['info Sensor "x" is back: ok']);
  await poller.stop();
});

Deno.test("turns that a standstill has swallowed are not made up for", async () => {
  const { clock, sensor, poller } = setUp();
  poller.start();
  sensor.reads[0]?.resolve(40);
  await clock.advance(0);
  clock.skip(7300);
  await clock.advance(0);
  strictEqual(sensor.reads.length, 2);
  sensor.reads[1]?.resolve(40);
  await clock.advance(999);
  strictEqual(sensor.reads.length, 2);
  await clock.advance(1);
  strictEqual(sensor.reads.length, 3);
  const stopped = poller.stop();
  sensor.reads[2]?.resolve(40);
  await stopped;
});

Deno.test("stopping calls readings off, waits for them, and leaves no timer", async () => {
  const { clock, sensor, poller, state } = setUp();
  poller.start();
  const stopped = poller.stop();
  strictEqual(sensor.reads[0]?.signal.aborted, true);
  strictEqual(sensor.closed, false);
  sensor.reads[0]?.resolve(40);
  await stopped;
  strictEqual(sensor.closed, true);
  strictEqual(clock.waiting, 0);
  strictEqual(state(), "waiting", "what ends after the stop is no reading");
});

Deno.test("stopping waits for a reading that cannot be called off, but not for ever", async () => {
  const { clock, sensor, poller } = setUp();
  poller.start();
  const stopped = poller.stop();
  await clock.advance(499);
  strictEqual(sensor.closed, false);
  await clock.advance(1);
  await stopped;
  strictEqual(sensor.closed, true);
  strictEqual(clock.waiting, 0);
});

Deno.test("a poller tells what the drive behind a sensor is", () => {
  const { sensor, poller } = setUp();
  strictEqual(poller.driveKind("x"), undefined);
  sensor.driveKind = "ssd";
  strictEqual(poller.driveKind("x"), "ssd");
  strictEqual(poller.driveKind("nobody"), undefined);
});
