import { strictEqual, throws } from "node:assert/strict";
import { ShelfNotOwnerError } from "../../../src/errors.ts";
import {
  boardInputKey,
  expectReports,
  newReports,
  ReportedReadings,
} from "../../../src/sensors/reported/reported_readings.ts";

const ME = { who: "me" };
const YOU = { who: "you" };

function expecting(...names: string[]): ReportedReadings {
  const readings = new ReportedReadings();
  readings.expect(names);
  return readings;
}

Deno.test("a reading is good for the time that it brings, and not a moment longer", () => {
  const readings = expecting("inlet");
  throws(() => readings.read("inlet", 'sensor "inlet"', 0), {
    message: 'Cannot read sensor "inlet": nobody has reported it yet; see that its sender runs',
  });
  readings.take("inlet", { tempC: 21.5 }, 60_000, ME, 1000);
  strictEqual(readings.read("inlet", "", 61_000), 21.5);
  throws(() => readings.read("inlet", 'sensor "inlet"', 61_001), {
    message: 'Cannot read sensor "inlet": its last report is 60 s old and was good for 60 s; ' +
      "see that its sender runs",
  });
});

Deno.test("no reading is good for longer than its sensor allows", () => {
  const readings = expecting("inlet");
  readings.take("inlet", { tempC: 21.5 }, 3_600_000, ME, 0);
  strictEqual(readings.read("inlet", "it", 10_000, 10_000), 21.5);
  throws(() => readings.read("inlet", "it", 10_001, 10_000), /was good for 10 s;/);
});

Deno.test("a sender that has no reading ends the one before", () => {
  const readings = expecting("inlet");
  readings.take("inlet", { tempC: 21.5 }, 60_000, ME, 0);
  readings.take("inlet", { reason: "its sender has no reading" }, 60_000, ME, 1);
  throws(() => readings.read("inlet", "it", 2), /Cannot read it: its sender has no reading; look/);
});

Deno.test("two senders are noticed, until one of them is silent or gone", () => {
  const readings = expecting("inlet");
  readings.take("inlet", { tempC: 21 }, 1000, ME, 0);
  const yours = (nowMs: number) => readings.take("inlet", { tempC: 99 }, 1000, YOU, nowMs);
  throws(() => yours(1000), ShelfNotOwnerError);
  strictEqual(readings.read("inlet", "", 1000), 21);
  yours(1001);
  strictEqual(readings.read("inlet", "", 1001), 99);
  readings.release(YOU);
  strictEqual(readings.read("inlet", "", 1002), 99, "what was said still counts");
  readings.take("inlet", { tempC: 22 }, 1000, ME, 1003);
  strictEqual(readings.read("inlet", "", 1003), 22);
});

Deno.test("what nobody expects is dropped, and what is expected on stays", () => {
  const readings = expecting("a", "b");
  readings.take("c", { tempC: 1 }, 1000, ME, 0);
  strictEqual(readings.expects("c"), false);
  readings.take("a", { tempC: 20 }, 1000, ME, 0);
  readings.take("b", { tempC: 30 }, 1000, ME, 0);
  readings.expect(["b", "c"]);
  throws(() => readings.read("a", "it", 0), /nobody has reported it yet/);
  strictEqual(readings.read("b", "it", 0), 30);
  throws(() => readings.read("c", "it", 0), /nobody has reported it yet/);
});

Deno.test("a configuration expects what its sensors read, each input of a board apart", () => {
  const reports = newReports();
  expectReports(reports, [
    { name: "inlet", source: { type: "pushed", maxTtlMs: 60_000 } },
    { name: "air", source: { type: "board", board: "b/0", input: 0 } },
    { name: "cpu", source: { type: "cpu" } },
  ]);
  strictEqual(reports.pushed.expects("inlet"), true);
  strictEqual(reports.pushed.expects("cpu"), false);
  strictEqual(reports.boards.expects(boardInputKey("b/0", 0)), true);
  strictEqual(reports.boards.expects(boardInputKey("b", 0)), false);
  strictEqual(reports.boards.expects(boardInputKey("b/0", 1)), false);
});
