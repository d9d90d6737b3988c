import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { DriveKind, SensorEvent } from "../../src/control/engine/event.ts";
import { type PolledSensor, Poller } from "../../src/sensors/poller.ts";
import type { Sensor } from "../../src/sensors/sensor.ts";
import { VirtualClock } from "../support/virtual_clock.ts";

type Pace = PolledSensor["policy"];

function pace(changes: Partial<Pace> = {}): Pace {
  return { intervalMs: 1000, timeoutMs: 400, ...changes };
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

function setUp(changes: Partial<Pace> = {}): {
  clock: VirtualClock;
  sensor: ManualSensor;
  poller: Poller;
  heard: SensorEvent[];
} {
  const clock = new VirtualClock();
  const sensor = new ManualSensor("x");
  const heard: SensorEvent[] = [];
  const polled = [{ sensor, policy: pace(changes) }];
  return { clock, sensor, heard, poller: new Poller(polled, clock, (event) => heard.push(event)) };
}

/** A sensor that always answers the same way at once. */
function steady(name: string, answer: () => number | "asleep"): Sensor {
  return { name, read: () => Promise.try(answer) };
}

Deno.test("a poller reads each sensor at once and then at its own interval", async () => {
  const clock = new VirtualClock();
  const counts = { fast: 0, slow: 0 };
  const heard: SensorEvent[] = [];
  const poller = new Poller(
    [
      { sensor: steady("fast", () => ++counts.fast), policy: pace() },
      {
        sensor: steady("slow", () => ++counts.slow),
        policy: pace({ intervalMs: 2500 }),
      },
    ],
    clock,
    (event) => heard.push(event),
  );
  poller.start();
  await clock.advance(5000);
  deepStrictEqual(counts, { fast: 6, slow: 3 });
  deepStrictEqual(heard.filter(({ sensor }) => sensor === "slow"), [
    { type: "reading", sensor: "slow", tempC: 1, atMs: 0 },
    { type: "reading", sensor: "slow", tempC: 2, atMs: 2500 },
    { type: "reading", sensor: "slow", tempC: 3, atMs: 5000 },
  ]);
  await poller.stop();
});

Deno.test("a reading that takes longer than its time is a miss, and never overlaps another", async () => {
  const { clock, sensor, poller, heard } = setUp();
  const miss = (reason: string, atMs: number) =>
    ({ type: "miss", sensor: "x", reason, fault: "timeout", atMs }) as const;
  poller.start();
  await clock.advance(399);
  deepStrictEqual(heard, []);
  strictEqual(sensor.reads[0]?.signal.aborted, false);
  await clock.advance(1);
  strictEqual(sensor.reads[0]?.signal.aborted, true);
  deepStrictEqual(heard.splice(0), [miss("timed out after 400 ms", 400)]);
  await clock.advance(2600);
  strictEqual(sensor.reads.length, 1);
  deepStrictEqual(heard.splice(0), [
    miss("a reading hangs since 1000 ms", 1000),
    miss("a reading hangs since 2000 ms", 2000),
    miss("a reading hangs since 3000 ms", 3000),
  ]);
  sensor.reads[0]?.resolve(40);
  await clock.advance(0);
  deepStrictEqual(heard, [], "what comes too late is no reading");
  await clock.advance(1000);
  strictEqual(sensor.reads.length, 2);
  sensor.reads[1]?.resolve(41);
  await clock.advance(0);
  deepStrictEqual(heard, [{ type: "reading", sensor: "x", tempC: 41, atMs: 4000 }]);
  await poller.stop();
});

Deno.test("a reading may take longer than the interval as long as it has time", async () => {
  const { clock, sensor, poller, heard } = setUp({ timeoutMs: 2500 });
  poller.start();
  await clock.advance(2400);
  strictEqual(sensor.reads.length, 1);
  sensor.reads[0]?.resolve(40);
  await clock.advance(0);
  deepStrictEqual(heard, [{ type: "reading", sensor: "x", tempC: 40, atMs: 2400 }]);
  await clock.advance(600);
  strictEqual(sensor.reads.length, 2);
  const stopped = poller.stop();
  sensor.reads[1]?.resolve(40);
  await stopped;
});

Deno.test("one sensor that hangs or throws disturbs no other", async () => {
  const clock = new VirtualClock();
  const hung = new ManualSensor("hung");
  const heard = new Map<string, string[]>();
  const poller = new Poller(
    [
      { sensor: hung, policy: pace() },
      {
        sensor: {
          name: "throws",
          read: () => {
            throw new Error("broken at once");
          },
        },
        policy: pace(),
      },
      {
        sensor: { name: "odd", read: () => Promise.reject("no error object") },
        policy: pace(),
      },
      { sensor: steady("nan", () => NaN), policy: pace() },
      { sensor: steady("sleeper", () => "asleep"), policy: pace() },
      { sensor: steady("good", () => 42), policy: pace() },
    ],
    clock,
    (event) => {
      const said = event.type === "miss" ? `${event.fault}: ${event.reason}` : event.type;
      heard.set(event.sensor, [...heard.get(event.sensor) ?? [], said]);
    },
  );
  poller.start();
  await clock.advance(1000);
  const missing = (reason: string) => [`missing: ${reason}`, `missing: ${reason}`];
  deepStrictEqual(Object.fromEntries(heard), {
    hung: ["timeout: timed out after 400 ms", "timeout: a reading hangs since 1000 ms"],
    throws: missing("broken at once"),
    odd: missing("no error object"),
    nan: ["range: NaN is not a temperature", "range: NaN is not a temperature"],
    sleeper: ["asleep", "asleep"],
    good: ["reading", "reading"],
  });
  const stopped = poller.stop();
  hung.reads[0]?.reject(new Error("ended"));
  await stopped;
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
  const { clock, sensor, poller, heard } = setUp();
  poller.start();
  const stopped = poller.stop();
  strictEqual(sensor.reads[0]?.signal.aborted, true);
  strictEqual(sensor.closed, false);
  sensor.reads[0]?.resolve(40);
  await stopped;
  strictEqual(sensor.closed, true);
  strictEqual(clock.waiting, 0);
  deepStrictEqual(heard, [], "what ends after the stop is no reading");
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

Deno.test("a poller tells once what the drive behind a sensor is", async () => {
  const { clock, sensor, poller, heard } = setUp();
  poller.start();
  for (const [read, kind] of [undefined, "ssd", "ssd", "hdd"].entries()) {
    sensor.driveKind = kind as DriveKind | undefined;
    sensor.reads[read]?.resolve(40);
    await clock.advance(1000);
  }
  deepStrictEqual(heard.filter(({ type }) => type === "drive"), [
    { type: "drive", sensor: "x", kind: "ssd", atMs: 1000 },
    { type: "drive", sensor: "x", kind: "hdd", atMs: 3000 },
  ]);
  const stopped = poller.stop();
  sensor.reads[4]?.resolve(40);
  await stopped;
});
