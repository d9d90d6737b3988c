/** `fanctl board` on a motherboard: through a server and its agent, and by the line. */

import assert from "node:assert/strict";
import { HwmonBoard } from "../../../src/board/hwmon/hwmon_board.ts";
import { listChips } from "../../../src/board/hwmon/list_chips.ts";
import { type HwmonSpec, parseLineSpec } from "../../../src/board/line_spec.ts";
import { CASE_FAN, FanModel } from "../../../src/board/sim/fan_model.ts";
import { runFanctl } from "../../../src/cli/main.ts";
import { ChipDriver, ChipTree } from "../../support/chip_tree.ts";
import { serve, type TestServer } from "../../support/serve.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { TestAgent } from "../../support/test_agent.ts";
import { TestIo } from "../../support/test_io.ts";
import { until } from "../../support/until.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const STEP_MS = 10;
/** A calibration takes minutes. */
const CALIBRATION_STEP_MS = 40;
const TIME_LIMIT_MS = 120_000;

interface Run {
  status: number;
  out: string;
  err: string;
}

/** The board is called `test`; its channel 0 belongs to the shelf `nas`. */
class Desk implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly fan = new FanModel(CASE_FAN);
  readonly served: TestServer;
  readonly agent: TestAgent;

  private constructor(readonly tree: ChipTree) {
    this.served = serve({ clock: this.clock, shelves: ["nas"], tempsC: { nas: 40 } });
    this.agent = new TestAgent(
      this.served.port,
      [{ shelf: "nas", channels: [0] }],
      () => this.#openBoard(),
      this.clock,
    );
  }

  static async open(): Promise<Desk> {
    const desk = new Desk(await ChipTree.make());
    await desk.until(async () => await desk.tree.show("pwm1") === "102", "the shelf's duty");
    return desk;
  }

  #openBoard(): Promise<HwmonBoard> {
    const files = new ChipDriver(this.clock);
    files.fans.set(1, this.fan);
    return HwmonBoard.open(parseLineSpec("hwmon:nct6775") as HwmonSpec, {
      clock: this.clock,
      log: this.agent.log,
      safePercent: 100,
      places: this.tree.places,
      files,
    });
  }

  async until(
    condition: () => boolean | Promise<boolean>,
    what: string,
    stepMs = STEP_MS,
  ): Promise<void> {
    await until(
      async () => {
        await this.clock.advance(stepMs);
        return await condition();
      },
      what,
      TIME_LIMIT_MS,
    );
  }

  async fanctl(line: string, stepMs = STEP_MS): Promise<Run> {
    const { clock, tree: { places } } = this;
    const io = new TestIo({ clock, places });
    let status: number | null = null;
    const ended = runFanctl(["-p", String(this.served.port), ...line.split(" ")], io)
      .then((found) => status = found);
    await this.until(() => status !== null, line, stepMs);
    await ended;
    return { status: status ?? -1, out: io.out, err: io.err };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.agent.stop();
    await this.served[Symbol.asyncDispose]();
    await this.tree[Symbol.asyncDispose]();
  }
}

Deno.test("fanctl board list, info and watch show a motherboard's outputs", async () => {
  await using desk = await Desk.open();
  const list = await desk.fanctl("board list");
  assert.match(list.out, /^test +test: +nct6775 +- +2 +nas /m);
  assert.match(list.out, /^hwmon:nct6775 +pwm1, pwm2 +devices\/platform\/nct6775\.656$/m);
  const { status, out, err } = await desk.fanctl("board info");
  assert.equal(status, 0, err);
  assert.match(out, /^test: nct6775 on test:$/m);
  assert.match(out, /^ {2}device +devices\/platform\/nct6775\.656$/m);
  assert.match(out, /^0 pwm1 +nas +40 % +102\/255 +\d+ +\d\S+ +spinning +-$/m);
  assert.match(out, /^1 pwm2 +- +30\.2 % +77\/255 +700 +\S+ +spinning, not driven +-$/m);
  const info = JSON.parse((await desk.fanctl("board info --json")).out);
  assert.equal(info.device, "devices/platform/nct6775.656");
  assert.deepEqual(info.counters, {
    ttl_expired: 0,
    interferences: 0,
    refused_writes: 0,
    rounded_values: 0,
  });
  assert.equal(info.channels[1].mode, "original");
  assert.ok(!("firmware" in info));
  const watch = await desk.fanctl("board watch --once");
  assert.match(watch.out, / 0 {2}nas +40 % +\d+ rpm/);
});

Deno.test("fanctl board set takes an output over for its time, and gives it back", async () => {
  await using desk = await Desk.open();
  const { status, out, err } = await desk.fanctl("board set 1 55 --for 3s");
  assert.equal(status, 0, err);
  assert.match(out, /^channel 1: 55\.3 % for 3\.0s, register 141\/255, 700 rpm$/m);
  assert.equal(await desk.tree.show("pwm2", "pwm2_enable"), "141 1");
  await desk.until(async () => await desk.tree.show("pwm2", "pwm2_enable") === "77 2", "the end");
  const speed = await desk.fanctl("board set 0 1200rpm");
  assert.equal(speed.status, 1);
  assert.match(speed.err, /^fanctl: Cannot hold a speed on channel 0: .*; give a duty in percent/);
});

Deno.test("fanctl board selftest proves the time limit that this process keeps", async () => {
  await using desk = await Desk.open();
  const { status, out, err } = await desk.fanctl("board selftest 0");
  assert.equal(status, 0, out + err);
  assert.match(out, /^0 +ok +\d+ ms +100 % +\d+ -> \d+ rpm/m);
});

Deno.test("fanctl board calibrate finds start duty and speeds of a motherboard's fan", async () => {
  await using desk = await Desk.open();
  await using dir = await tempDir();
  const file = dir.join("fans.json");
  const line = `board calibrate 0 --step 50 --out ${file} --rated-rpm 1800`;
  const { status, err } = await desk.fanctl(line, CALIBRATION_STEP_MS);
  assert.equal(status, 0, err);
  const { channels: [found] } = JSON.parse(await Deno.readTextFile(file));
  const rpms = found.points.map(({ rpm }: { rpm: number }) => rpm);
  assert.equal(rpms.length, 3);
  assert.ok(Math.abs(rpms[0] - 1800) < 50 && Math.abs(rpms[1] - 900) < 50, `${rpms}`);
  assert.equal(rpms[2], 0);
  assert.ok(found.minimum_percent >= 10 && found.minimum_percent <= 16, found.minimum_percent);
  assert.ok(found.start_percent >= 16 && found.start_percent <= 22, found.start_percent);
  const isBack = async () => await desk.tree.show("pwm1", "pwm2", "pwm2_enable") === "102 77 2";
  await desk.until(isBack, "the shelf's duty, and the other output as it was");
});

Deno.test("fanctl board refuses what a motherboard has not", async () => {
  await using desk = await Desk.open();
  for (
    const [line, status, text] of [
      ["board config get", 1, /a motherboard's outputs keep none; declare its channels in fand/],
      ["board config set name x", 1, /a motherboard's outputs keep none/],
      ["board config save", 1, /a motherboard's outputs keep none/],
      ["board flash --board hwmon:nct6775 --yes", 2, /that is no serial port of this machine/],
      ["board info --board hwmon:it87", 1, /Cannot find the outputs of "it87": this machine has n/],
    ] as const
  ) {
    const found = await desk.fanctl(line);
    assert.match(found.err, text, line);
    assert.equal(found.status, status, line);
  }
});

Deno.test("with a line that nobody drives, fanctl has the outputs for as long as it runs", async () => {
  await using desk = await Desk.open();
  await using other = await ChipTree.make({ chip: "it8620" });
  const io = new TestIo({ places: other.places });
  const args = ["board", "set", "1", "50", "--for", "300ms", "--board", "hwmon:it8620"];
  const ended = runFanctl(args, io);
  await until(async () => await other.show("pwm2", "pwm2_enable") === "128 1", "the duty");
  assert.equal(await other.show("pwm1", "pwm1_enable"), "128 5");
  assert.equal(await ended, 0, io.err);
  assert.equal(await other.show("pwm2", "pwm2_enable"), "77 2");
  const taken = await desk.fanctl("board set 1 50 --for 1s --board hwmon:nct6775");
  assert.equal(taken.status, 1);
  assert.match(taken.err, new RegExp(`process ${Deno.pid} drives them; end that one first`));
});

Deno.test("chips are listed by the lines that mean them", async () => {
  await using tree = await ChipTree.make();
  await tree.add({ chip: "amdgpu", device: "devices/pci0000:00/0000:01:00.0", number: 4 });
  await tree.add({ chip: "amdgpu", device: "devices/pci0000:00/0000:02:00.0", number: 5 });
  await tree.add({ chip: "coretemp", device: "devices/x.0", number: 6, attributes: {} });
  assert.deepEqual((await listChips(tree.places.sysfsRoot)).map(({ line }) => line), [
    "hwmon:amdgpu@0000:01:00.0",
    "hwmon:amdgpu@0000:02:00.0",
    "hwmon:nct6775",
  ]);
  await using none = await tempDir();
  assert.deepEqual(await listChips(none.path), []);
});
