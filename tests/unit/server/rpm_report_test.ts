import assert from "node:assert/strict";
import { LimitError, ShelfNotOwnerError, ShelfRpmBadValueError } from "../../../src/errors.ts";
import { MOST_REPORTING_BOARDS, RpmReport } from "../../../src/server/shelves/rpm_report.ts";

const ALICE = {};
const BOB = {};

Deno.test("RpmReport is unknown until somebody reports, and again when that is too old", () => {
  const report = new RpmReport(1000);
  assert.equal(report.rpm(0), null);
  report.take("nas", 1500, { state: "held" }, ALICE, 10);
  assert.equal(report.rpm(1010), 1500);
  assert.equal(report.ageMs(510), 500);
  assert.deepEqual(report.details(1010), { state: "held" });
  assert.equal(report.rpm(1011), null);
  assert.equal(report.ageMs(1011), null);
  assert.equal(report.details(1011), null);
});

Deno.test("RpmReport refuses a second reporter while the first one's word holds", () => {
  const report = new RpmReport(1000);
  report.take("nas", 1500, null, ALICE, 0);
  assert.throws(() => report.take("nas", 900, null, BOB, 500), ShelfNotOwnerError);
  assert.equal(report.rpm(500), 1500);
  report.take("nas", 900, null, BOB, 1001);
  assert.equal(report.rpm(1001), 900);
});

Deno.test("RpmReport is free once its owner has gone", () => {
  const report = new RpmReport(1000);
  report.take("nas", 1500, null, ALICE, 0);
  report.release(BOB);
  assert.throws(() => report.take("nas", 900, null, BOB, 1), ShelfNotOwnerError);
  report.release(ALICE);
  report.take("nas", 900, null, BOB, 2);
  assert.equal(report.rpm(2), 900);
});

Deno.test("RpmReport takes an unknown speed and refuses what no fan does", () => {
  const report = new RpmReport(1000);
  report.take("nas", null, null, ALICE, 0);
  assert.equal(report.rpm(0), null);
  assert.equal(report.ageMs(0), 0);
  for (const rpm of [-1, 100_001, 1e308]) {
    assert.throws(() => report.take("nas", rpm, null, ALICE, 0), ShelfRpmBadValueError);
  }
});

Deno.test("RpmReport: of several boards the slowest fan counts, and one that nobody knows", () => {
  const report = new RpmReport(1000);
  report.take("nas", 1500, { board: "left" }, ALICE, 0);
  report.take("nas", 900, { board: "right" }, BOB, 200);
  assert.equal(report.rpm(200), 900);
  assert.equal(report.ageMs(300), 100);
  assert.deepEqual(report.boards(300).map(({ board }) => board), ["left", "right"]);
  assert.deepEqual(report.details(300), { board: "left" });
  assert.equal(report.rpm(1100), 900);
  assert.deepEqual(report.details(1100), { board: "right" });
  report.take("nas", null, { board: "left" }, ALICE, 1100);
  assert.equal(report.rpm(1100), null);
  assert.throws(
    () => report.take("nas", 1, { board: "left" }, BOB, 1200),
    /another agent reports it for a board of this name; stop one/,
  );
});

Deno.test("RpmReport takes so many boards, and others when those have gone", () => {
  const report = new RpmReport(1000);
  const boards = Array.from({ length: MOST_REPORTING_BOARDS }, (_, index) => `b${index}`);
  for (const board of boards) report.take("nas", 900, { board }, ALICE, 0);
  assert.throws(() => report.take("nas", 900, { board: "more" }, BOB, 1000), LimitError);
  report.take("nas", 900, { board: "more" }, BOB, 1001);
  assert.deepEqual(report.boards(1001).map(({ board }) => board), ["more"]);
});
