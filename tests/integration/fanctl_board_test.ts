/** `fanctl board` through a real server and a real agent, on a board that runs the firmware. */

import assert from "node:assert/strict";
import { BoardDesk } from "../support/board_desk.ts";
import { tempDir } from "../support/temp_dir.ts";
import { TestIo } from "../support/test_io.ts";
import { runFanctl } from "../../src/cli/main.ts";

/** A calibration takes minutes. */
const CALIBRATION_STEP_MS = 100;

Deno.test("fanctl board list shows the boards of the server with their agents", async () => {
  await using desk = await BoardDesk.open();
  const { status, out } = await desk.fanctl("board list");
  assert.equal(status, 0);
  assert.match(out, /^BOARD +LINE +PART +FIRMWARE +CHANNELS +SHELVES +AGENT$/m);
  assert.match(out, /^test +test: +ATmega328P +\d\S+ +3 +nas, rack +127\.0\.0\.1:\d+$/m);
  const { boards, ports } = JSON.parse((await desk.fanctl("board list --json")).out);
  assert.deepEqual(boards.map(({ name }: { name: string }) => name), ["test"]);
  assert.ok(ports === null || Array.isArray(ports));
});

Deno.test("fanctl board info shows what the board is and what its channels do", async () => {
  await using desk = await BoardDesk.open();
  const { status, out } = await desk.fanctl("board info --board test");
  assert.equal(status, 0, out);
  assert.match(out, /^test: ATmega328P on test:$/m);
  assert.match(out, /^ {2}up +\d.* since power-on, boot id \d+$/m);
  assert.match(out, /^0 +nas +40 % +128\/320 /m);
  assert.match(out, /^1 +rack +60 % +192\/320 /m);
  assert.match(out, /^2 +- +100 % .*released/m);
  const info = JSON.parse((await desk.fanctl("board info --json")).out);
  assert.deepEqual(info.channels.map(({ percent }: { percent: number }) => percent), [40, 60, 100]);
});

Deno.test("fanctl board set holds a channel for its time, and control resumes by itself", async () => {
  await using desk = await BoardDesk.open();
  const { status, out, err } = await desk.fanctl("board set 0 55 --for 3s");
  assert.deepEqual([status, err], [0, ""]);
  assert.match(out, /^channel 0: 55 % for 3\.0s, register 176\/320, /);
  assert.equal(desk.board.channel(0).drive, 550);
  assert.match((await desk.fanctl("board info")).out, /^0 +nas +55 % .* 55 %, \d\.\ds left$/m);
  const setMs = desk.clock.monotonicMs();
  await desk.until(() => desk.board.channel(0).drive === 400, "the shelf's duty");
  assert.ok(desk.clock.monotonicMs() - setMs <= 3000);
  const info = JSON.parse((await desk.fanctl("board info --json")).out);
  assert.equal(info.counters.ttl_expired, 0);
});

Deno.test("fanctl board set holds a speed, which the board keeps by itself", async () => {
  await using desk = await BoardDesk.open();
  const { status, out, err } = await desk.fanctl("board set 0 1200rpm --for 1m");
  assert.equal(status, 0, err);
  assert.match(out, /^channel 0: 1200 rpm wanted, /);
  const isHeld = () => Math.abs(desk.board.channel(0).rpm - 1200) < 36;
  await desk.until(isHeld, "the speed", CALIBRATION_STEP_MS);
  assert.match((await desk.fanctl("board info")).out, /^0 +nas .* 1200 rpm, \d+\S+ left$/m);
  desk.served.tempsC.set("nas", 95);
  await desk.until(() => desk.board.channel(0).drive === "released", "what is urgent");
  const refused = await desk.fanctl("board set 1 50rpm");
  assert.match(refused.err, /"rpm" is 50; give a number from 100 to 20000/);
});

Deno.test("fanctl board config shows, changes and keeps what is declared on the board", async () => {
  await using desk = await BoardDesk.open();
  const { status, out, err } = await desk.fanctl("board config get");
  assert.equal(status, 0, err);
  assert.match(out, /^0\.safe_percent +100$/m);
  assert.match(out, /^2\.max_rpm +none$/m);
  for (
    const [key, value, shown] of [
      ["name", "upper", '"name":"upper"'],
      ["1.max_rpm", "1800", '"max_rpm":1800'],
      ["1.safe_percent", "80", '"safe_percent":80'],
      ["1.curve_when_silent", "true", '"curve_when_silent":true'],
      ["curve", "[[20,20],[30,30],[40,50],[50,80],[60,100]]", '"curve":[[20,20],[30,30]'],
    ] as const
  ) {
    const set = await desk.fanctl(`board config set ${key} ${value} --json`);
    assert.equal(set.status, 0, set.err);
    assert.ok(set.out.includes(shown), set.out);
  }
  assert.equal((await desk.fanctl("board config save")).out, "ok\n");
  const info = JSON.parse((await desk.fanctl("board info --json")).out);
  assert.equal(info.config.stored, true);
  for (
    const [line, text] of [
      ["board config set colour red", /"colour" is no key of it; there is name, stage/],
      ["board config set 7.tach true", /"7\.tach" is no key of it; there is 0 to 2/],
      ["board config set 0.tach 5", /"0\.tach" is of another kind; give a boolean/],
      ["board config set stage push-pull", /give "open-drain" or "direct"/],
      ["board config set 0.pulses 99", /channel 0's pulses is 99; give a whole number 1\.\.8/],
    ] as const
  ) {
    const refused = await desk.fanctl(line);
    assert.equal(refused.status, 1);
    assert.match(refused.err, text);
  }
  assert.equal(desk.board.channel(0).drive, 400);
});

Deno.test("fanctl board set none gives a channel back at once", async () => {
  await using desk = await BoardDesk.open();
  await desk.fanctl("board set 1 30");
  assert.equal(desk.board.channel(1).drive, 300);
  const { status, out } = await desk.fanctl("board set 1 none");
  assert.equal(status, 0);
  assert.match(out, /^channel 1: 60 % given back/);
});

Deno.test("what a shelf urgently needs wins over a hand, when it begins and afterwards", async () => {
  await using desk = await BoardDesk.open();
  await desk.fanctl("board set 0 30 --for 5m");
  assert.equal(desk.board.channel(0).drive, 300);
  desk.served.tempsC.set("nas", 95);
  await desk.until(() => desk.board.channel(0).drive === "released", "the critical temperature");
  const { status, out, err } = await desk.fanctl("board set 0 25 --for 5m");
  assert.equal(status, 0);
  assert.match(out, /^channel 0: 100 % /);
  assert.equal(err, 'limited: shelf "nas" urgently needs 100 %\n');
  desk.served.tempsC.set("nas", 50);
  await desk.until(() => desk.board.channel(0).drive === 250, "the hand again");
});

Deno.test("a lost server ends the effect of a hand: the channel goes to its safe level", async () => {
  await using desk = await BoardDesk.open();
  await desk.fanctl("board set 0 30 --for 5m");
  await desk.served[Symbol.asyncDispose]();
  const lostMs = desk.clock.monotonicMs();
  await desk.until(() => desk.board.channel(0).drive === "released", "the safe level");
  assert.ok(desk.clock.monotonicMs() - lostMs <= 6100);
});

Deno.test("fanctl board watch shows every channel with the speeds of late", async () => {
  await using desk = await BoardDesk.open();
  const { status, out } = await desk.fanctl("board watch --count 3");
  assert.equal(status, 0);
  const lines = out.split("\n").slice(0, -1);
  assert.equal(lines.length, 9);
  assert.match(lines[6] ?? "", / 0 {2}nas +40 % +\S+ rpm {2}[ ▁▂▃▄▅▆▇█]{3}$/);
  const documents = (await desk.fanctl("board watch --once --json")).out.split("\n");
  assert.equal(JSON.parse(documents[0] ?? "").channels.length, 3);
});

Deno.test("fanctl board watch draws over itself in a terminal and ends with Ctrl-C", async () => {
  await using desk = await BoardDesk.open();
  const io = new TestIo({ clock: desk.clock, terminal: { columns: 60, rows: 24 } });
  let status: number | null = null;
  const ended = runFanctl(["-p", String(desk.served.port), "board", "watch"], io)
    .then((found) => status = found);
  await desk.until(() => io.out.includes("\u001b[4A"), "a second drawing");
  io.interrupt();
  await desk.until(() => status !== null, "the end");
  assert.equal(await ended, 0);
});

Deno.test("two who hold one channel: the newer one wins, and both are told what is", async () => {
  await using desk = await BoardDesk.open();
  const [first, second] = await Promise.all([
    desk.fanctl("board set 0 50"),
    desk.fanctl("board set 0 70"),
  ]);
  assert.deepEqual([first.status, second.status], [0, 0]);
  const drive = desk.board.channel(0).drive;
  assert.ok(drive === 500 || drive === 700, `${drive}`);
  assert.ok([first, second].some(({ out }) => out.includes(drive === 500 ? "50 %" : "70 %")));
});

const REFUSED: [line: string, status: number, text: RegExp][] = [
  ["board info --board nope", 1, /Cannot find board "nope": the agents of this server have "test"/],
  ["board set 3 40", 1, /"channel" is 3; give a number from 0 to 2/],
  ["board set 0 101", 2, /Cannot read the percentage "101"/],
  ["board set x 40", 2, /Cannot read the channel "x"/],
  ["board set 0 40 --for 11m", 2, /a hold may last for 10m at most/],
  ["board set 0 40 --for soon", 2, /Cannot read the duration "soon"/],
];

Deno.test("what fanctl board cannot do is refused and changes nothing", async () => {
  await using desk = await BoardDesk.open();
  for (const [line, status, text] of REFUSED) {
    const found = await desk.fanctl(line);
    assert.equal(found.status, status, line);
    assert.match(found.err, text);
  }
  assert.equal(desk.board.channel(0).drive, 400);
});

Deno.test("an agent that ends while it is asked leaves the asker an error", async () => {
  await using desk = await BoardDesk.open();
  // A board that says nothing more: the agent has no answer yet when it goes.
  desk.line.onWrite = () => {};
  const client = await desk.served.connect();
  await client.send("board_do", ["test", "info"], 1);
  await client.ask("ping");
  await desk.agent.stop();
  const [request, [code, text]] = await client.next();
  assert.equal(request, "error");
  assert.equal(code, "board");
  assert.match(String(text), /Cannot (ask|use|reach) (the )?board/);
});

Deno.test("a board that is lost is an error until it is back", async () => {
  await using desk = await BoardDesk.open();
  const open = desk.board.openLine.bind(desk.board);
  desk.board.openLine = () => {
    throw new Error("unplugged");
  };
  desk.line.unplug();
  const isTold = () => desk.agent.log.lines.some((line) => line.includes("trying again"));
  await desk.until(isTold, "the loss");
  const { status, err } = await desk.fanctl("board info");
  assert.equal(status, 1);
  assert.match(err, /Cannot use board "test": it does not answer on its line; check its cable/);
  assert.match((await desk.fanctl("board list")).out, /^test +test: +does not answer/m);
  desk.board.openLine = open;
  const samples = desk.agent.samples.length;
  await desk.until(() => desk.agent.samples.length > samples, "the board again");
  assert.equal((await desk.fanctl("board info")).status, 0);
});

Deno.test("with a line that nobody has, fanctl drives the board itself and lets it go safe", async () => {
  await using desk = await BoardDesk.open();
  const info = await desk.fanctl("board info --board sim:5 --json");
  assert.deepEqual(JSON.parse(info.out).shelves, []);
  const { status, out, err } = await desk.fanctl("board set 1 45 --for 1s --board sim:5");
  assert.equal(status, 0, err);
  assert.match(out, /^channel 1: 45 % for 1\.0s, register 144\/320, rpm unknown\n$/);
  assert.match(err, /this process drives the board/);
});

Deno.test("fanctl board selftest proves that each channel goes to its safe level by itself", async () => {
  await using desk = await BoardDesk.open();
  const { status, out, err } = await desk.fanctl("board selftest");
  assert.equal(status, 0, out + err);
  const lines = out.split("\n").slice(1, -1);
  assert.equal(lines.length, 3);
  for (const [channel, line] of lines.entries()) {
    const [, tookMs, before, after] = line.match(/^\d +ok +(\d+) ms +100 % +(\d+) -> (\d+) rpm$/) ??
      assert.fail(line);
    assert.ok(line.startsWith(`${channel} `));
    assert.ok(Number(tookMs) >= 990 && Number(tookMs) <= 1100, line);
    assert.ok(Number(after) >= Number(before) * 1.1, line);
  }
  await desk.until(() => desk.board.channel(0).drive === 400, "the shelf's duty again");
  const info = JSON.parse((await desk.fanctl("board info --json")).out);
  assert.equal(info.counters.ttl_expired, 3);
  for (const { flags } of info.channels) assert.ok(!flags.includes("latched"), flags.join());
});

Deno.test("fanctl board selftest fails a fan that does not follow", async () => {
  await using desk = await BoardDesk.open();
  const { status, out } = await desk.fanctl("board selftest 1 --json", (io) => {
    if (io.err.includes("testing channel 1")) desk.board.machine.setFault(1, "stalled");
  });
  assert.equal(status, 1);
  const { passed, channels } = JSON.parse(out);
  assert.equal(passed, false);
  assert.equal(channels[0].reason, "its fan did not get faster");
});

Deno.test("what plays with fans begins only while it is cool, and ends when it gets hot", async () => {
  await using desk = await BoardDesk.open({ nas: 78 });
  const hot = await desk.fanctl("board selftest 1");
  assert.equal(hot.status, 1);
  assert.match(hot.err, /nas of shelf "nas" has 78 °C; that is for shelves of at most 75 °C/);
  desk.served.tempsC.set("nas", 40);
  await desk.clock.advance(3000);
  const became = await desk.fanctl("board selftest 1", (io) => {
    if (io.err.includes("testing")) desk.served.tempsC.set("rack", 86);
  });
  assert.equal(became.status, 1);
  assert.match(became.err, /rack of shelf "rack" has 86 °C; that is for shelves of at most 85 °C/);
  await desk.until(() => desk.board.channel(1).drive === 800, "what the shelf asks for");
});

Deno.test("without any temperature nothing plays with fans unless it is told to", async () => {
  await using desk = await BoardDesk.open();
  const { status, err } = await desk.fanctl("board selftest 0 --board sim:9");
  assert.equal(status, 1);
  assert.match(
    err,
    /no temperature of its shelves is known; let a server watch them, or say --yes/,
  );
});

Deno.test("fanctl board calibrate measures a fan, draws it and keeps it in a file", async () => {
  await using desk = await BoardDesk.open();
  await using dir = await tempDir();
  const file = dir.join("fans.json");
  const floors = new Set<unknown>();
  const line = `board calibrate 0 --step 25 --out ${file} --rated-rpm 1800`;
  const { status, out, err } = await desk.fanctl(line, (io) => {
    if (io.err.includes("0 % ->")) floors.add(desk.board.channel(2).drive);
  }, CALIBRATION_STEP_MS);
  assert.equal(status, 0, err);
  const { board, channels: [found] } = JSON.parse(await Deno.readTextFile(file));
  assert.equal(board, "test");
  const rpms = found.points.map(({ rpm }: { rpm: number }) => rpm);
  assert.deepEqual(found.points.map(({ percent }: { percent: number }) => percent), [
    100,
    75,
    50,
    25,
    0,
  ]);
  // The model of the fan: 1800 rpm at most, give or take; it stops below 12 % and starts at 18 %.
  assert.ok(Math.abs(rpms[0] - 1800) < 180, `${rpms}`);
  assert.ok(rpms.every((rpm: number, index: number) => index === 0 || rpm < rpms[index - 1]));
  assert.equal(rpms[4], 0);
  assert.ok(found.minimum_percent >= 10 && found.minimum_percent <= 15, found.minimum_percent);
  assert.ok(found.start_percent >= 16 && found.start_percent <= 21, found.start_percent);
  assert.deepEqual(found.pulses, { assumed: 2, fitting: 2, plausible: true });
  assert.match(out, /^channel 0: at most \d+ rpm, turns from 1\d %, starts at (1|2)\d %$/m);
  assert.equal(out.match(/•/g)?.length, 5);
  assert.ok(!floors.has(0), "the other fans go on blowing");
  await desk.until(() => desk.board.channel(0).drive === 400, "the shelf's duty again");
  const again = await desk.fanctl(line);
  assert.match(again.err, /channel 0 is calibrated already/);
});

Deno.test("fanctl board calibrate that was cut short goes on where it was", async () => {
  await using desk = await BoardDesk.open();
  await using dir = await tempDir();
  const line = `board calibrate 0 --step 80 --out ${dir.join("fans.json")}`;
  const cut = await desk.fanctl(line, (io) => {
    if (io.err.includes("20 % ->")) io.interrupt();
  }, CALIBRATION_STEP_MS);
  assert.equal(cut.status, 130);
  assert.match(cut.err, /^channel 0: 100 % -> \d+ rpm\nchannel 0: 20 % -> \d+ rpm\n/);
  const { status, err } = await desk.fanctl(line, () => {}, CALIBRATION_STEP_MS);
  assert.equal(status, 0, err);
  assert.match(err, /^channel 0: 0 % -> 0 rpm\n$/);
});

Deno.test("fanctl board calibrate says when a fan does not turn or a file is another's", async () => {
  await using desk = await BoardDesk.open();
  await using dir = await tempDir();
  desk.board.machine.setFault(1, "stalled");
  const stalled = await desk.fanctl("board calibrate 1", () => {}, CALIBRATION_STEP_MS);
  assert.equal(stalled.status, 1);
  assert.match(stalled.err, /its fan does not turn at full duty; check the fan/);
  const file = dir.join("other.json");
  await Deno.writeTextFile(file, '{"format":"fand calibration 1","board":"b","channels":[]}');
  const other = await desk.fanctl(`board calibrate 0 --out ${file}`);
  assert.equal(other.status, 2);
  assert.match(other.err, /it is of board "b", and this is "test"; name another file with --out/);
});
