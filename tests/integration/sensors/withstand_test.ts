/** What every kind of sensor must withstand: each a miss of that sensor, and never more. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { setImmediate } from "node:timers";
import { openSensor } from "../../../src/sensors/open_sensor.ts";
import { Poller } from "../../../src/sensors/poller.ts";
import type { SensorSource } from "../../../src/sensors/sensor_source.ts";
import { SensorTools } from "../../../src/sensors/sensor_tools.ts";
import type { SensorEvent } from "../../../src/control/engine/event.ts";
import { FakeSmartctl } from "../../support/fake_smartctl.ts";
import { FakeTool } from "../../support/fake_tool.ts";
import { addChip, type FixtureChip, removeChip } from "../../support/hwmon.ts";
import { ataDisk, sleepingDisk } from "../../support/smart_reports.ts";
import { type TempDir, tempDir } from "../../support/temp_dir.ts";
import { until } from "../../support/until.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

/** One sensor as the server reads it, on a clock of its own. */
class Watched implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly events: SensorEvent[] = [];
  readonly #tools: SensorTools;
  readonly #poller: Poller;
  readonly #intervalMs: number;

  constructor(
    readonly dir: TempDir,
    source: SensorSource,
    { intervalMs = 1000, timeoutMs = 5000 } = {},
    smartctl = "smartctl",
  ) {
    const { clock } = this;
    this.#intervalMs = intervalMs;
    this.#tools = new SensorTools({ clock, sysfsRoot: dir.path, smartctl });
    const sensor = openSensor({ name: "x", source }, this.#tools);
    const polled = { sensor, policy: { intervalMs, timeoutMs } };
    this.#poller = new Poller([polled], clock, (event) => this.events.push(event));
    this.#poller.start();
  }

  /** What comes of the reading under way: °C, `asleep`, or why there is none. */
  async next(): Promise<number | string> {
    const told = () => this.events.filter(({ type }) => type !== "drive");
    await until(() => told().length > 0, "a reading or a miss");
    const [event] = told();
    this.events.length = 0;
    if (event?.type === "reading") return event.tempC;
    return event?.type === "miss" ? event.reason : event?.type ?? "nothing";
  }

  /** The next reading begins. */
  async turn(): Promise<void> {
    // A virtual clock turns no event loop, where the ends of processes are noticed.
    await new Promise((resolve) => setImmediate(resolve));
    await this.clock.advance(this.#intervalMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const stopped = this.#poller.stop();
    await this.clock.advance(1000);
    await stopped;
    await this.#tools[Symbol.asyncDispose]();
    await this.dir[Symbol.asyncDispose]();
  }
}

const CHIP: FixtureChip = {
  chip: "nct6775",
  device: "devices/platform/nct6775.656",
  number: 2,
  inputs: { 1: { value: "31000\n" } },
};

Deno.test("a sensor that is missing at the start, comes, vanishes and returns", async () => {
  await using watched = new Watched(await tempDir(), { type: "hwmon", chip: "nct6775" });
  match(String(await watched.next()), /^Cannot find a temperature input/);
  await addChip(watched.dir, CHIP);
  await watched.turn();
  strictEqual(await watched.next(), 31);
  await removeChip(watched.dir, CHIP);
  await watched.turn();
  match(String(await watched.next()), /^Cannot read .*No such file or directory/);
  await watched.turn();
  match(String(await watched.next()), /^Cannot find a temperature input/);
  await addChip(watched.dir, { ...CHIP, number: 7 });
  await watched.turn();
  strictEqual(await watched.next(), 31);
});

for (
  const [text, told] of [
    ["warm\n", /found "warm"; it must hold one number/],
    ["NaN\n", /found "NaN"; it must hold one number/],
    ["\n", /found nothing; it must hold one number/],
    ["Infinity\n", /found "Infinity"/],
    // What no thermometer shows is a number like any other here: the limits of the sensor
    // (min_c, max_c) make a miss of it, which tests of the control prove.
    ["-128\n", /^-128$/],
    ["85.0\n", /^85$/],
  ] as const
) {
  Deno.test(`a file that holds ${JSON.stringify(text)} is told as it is`, async () => {
    const dir = await tempDir();
    const path = await dir.write("t", text);
    await using watched = new Watched(dir, { type: "file", path, scale: 1 });
    match(String(await watched.next()), told);
  });
}

Deno.test("a sensor that takes longer than its time is a miss, and is read again later", async () => {
  const dir = await tempDir();
  const tool = await FakeTool.make(dir, "slow");
  await tool.answer({ stdout: "41\n" });
  await tool.hold();
  const source: SensorSource = { type: "command", argv: [tool.path] };
  await using watched = new Watched(dir, source, { intervalMs: 30_000, timeoutMs: 10_000 });
  await tool.began();
  await watched.clock.advance(9999);
  deepStrictEqual(watched.events, []);
  await watched.clock.advance(1);
  strictEqual(await watched.next(), "timed out after 10000 ms");
  await tool.release();
  // To the next turn, and not beyond: the time limit of that reading must not pass as well.
  await watched.clock.advance(20_000);
  let told = await watched.next();
  while (typeof told === "string") {
    match(told, /^a reading hangs since/, "while what was killed ends");
    await watched.turn();
    told = await watched.next();
  }
  strictEqual(told, 41);
});

Deno.test("a disk that sleeps for a day is asleep all day and is never woken", async () => {
  const dir = await tempDir();
  const smartctl = await FakeSmartctl.make(dir);
  await smartctl.answer("sda", { json: ataDisk("S1", 38) });
  const hour = { intervalMs: 3_600_000, timeoutMs: 20_000 };
  const source = { type: "smart", device: "/dev/sda" } as const;
  await using watched = new Watched(dir, source, hour, smartctl.path);
  strictEqual(await watched.next(), 38);
  await smartctl.answer("sda", { json: sleepingDisk(), code: 2 });
  for (let turn = 0; turn < 24; turn++) {
    await watched.turn();
    strictEqual(await watched.next(), "asleep");
  }
  await smartctl.answer("sda", { json: ataDisk("S1", 29) });
  await watched.turn();
  strictEqual(await watched.next(), 29);
  ok((await smartctl.calls()).every((call) => call.includes("-n standby")));
});

for (
  const [what, script, told] of [
    ["forks without end", "while :; do sleep 1000 & done", /timed out after 5000 ms/],
    ["floods its output", "yes", /printed more than 4096 bytes and was killed/],
    ["ignores SIGTERM", 'trap "" TERM INT HUP; while :; do sleep 1; done', /timed out after 5000/],
  ] as const
) {
  Deno.test(`a command that ${what} is a miss, and nothing of it stays`, async () => {
    const dir = await tempDir();
    const pid = dir.join("pid");
    // A limit on processes of its own: what is tried must not take the machine with it.
    const shell = `ulimit -u 4096; echo $$ > ${pid}; ${script}`.replace(
      "while :; do sleep 1000 & done",
      "i=0; while [ $i -lt 50 ]; do sleep 1000 & i=$((i+1)); done; echo all > " +
        `${dir.join("all")}; wait`,
    );
    const source: SensorSource = { type: "command", argv: [shell], shell: true };
    await using watched = new Watched(dir, source, { intervalMs: 60_000, timeoutMs: 5000 });
    const begun = what === "forks without end" ? dir.join("all") : pid;
    await until(() => isThere(begun), "the command runs");
    if (what !== "floods its output") await watched.clock.advance(5000);
    match(String(await watched.next()), told);
    const group = Number(await Deno.readTextFile(pid));
    await until(async () => (await membersOf(group)).length === 0, "its processes are gone");
    deepStrictEqual(await membersOf(group), []);
  });
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).size > 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The processes of a group that still run. */
async function membersOf(group: number): Promise<string[]> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-o", "pid=,stat=", "-A", "--no-headers", "-o", "pgid="],
  }).output();
  return new TextDecoder().decode(stdout).split("\n").map((line) => line.trim().split(/\s+/))
    .filter(([, stat = "", pgid]) => Number(pgid) === group && !stat.startsWith("Z"))
    .map(([pid = ""]) => pid);
}
