import assert from "node:assert/strict";
import { readShelfStatus, type ShelfStatus } from "../../src/client/shelf_status.ts";
import { shelfEntry } from "../../src/cli/shelf_entry.ts";
import { statusBlock, statusLine, statusTable } from "../../src/cli/status_view.ts";
import { tableLines } from "../../src/cli/table.ts";
import type { WireValue } from "../../src/wire/value.ts";
import { LOST_SHELF, QUIET_SHELF } from "../support/shelf_statuses.ts";

const READER = { wallMs: Date.parse("2030-01-01T00:00:00Z"), localZone: "Europe/Paris" };

function read(value: WireValue): ShelfStatus {
  const status = readShelfStatus(value);
  assert.ok(status !== null);
  return status;
}

Deno.test("statusTable() shows a line for every shelf", () => {
  assert.deepEqual(statusTable([read(QUIET_SHELF), read(LOST_SHELF)], READER), [
    "SHELF    DUTY      RPM  HOTTEST       OVERRIDE          DECIDED   BECAUSE",
    "nas    62.5 %     1480  disk 41.0 °C  30 %, 1h30m left  0.3s ago  curve disks: disk 41 °C -> 62.5 %",
    "rack    100 %  unknown  -             -                 1.2s ago  waiting for first readings; failsafe: disk is lost -> 100 %",
  ]);
});

Deno.test("statusTable() is a heading when there are no shelves", () => {
  assert.deepEqual(statusTable([], READER), [
    "SHELF  DUTY  RPM  HOTTEST  OVERRIDE  DECIDED  BECAUSE",
  ]);
});

Deno.test("statusLine() leaves out what is not known", () => {
  assert.equal(
    statusLine(read(QUIET_SHELF), READER),
    "2030-01-01 01:00:00+01:00  nas  62.5 %  1480 rpm  disk 41.0 °C  curve disks: disk 41 °C -> 62.5 %",
  );
  assert.equal(
    statusLine(read(LOST_SHELF), READER),
    "2030-01-01 01:00:00+01:00  rack  100 %  rpm unknown  " +
      "waiting for first readings; failsafe: disk is lost -> 100 %",
  );
});

Deno.test("statusBlock() shows what is wrong with a sensor", () => {
  const sensors = [{ name: "gpu", kind: "other", state: "failed", fault: "stuck", temp_c: 28 }];
  const lines = statusBlock(read({ shelf: "rig", sensors }), READER);
  assert.ok(lines.includes("  sensors   gpu  other  28.0 °C  failed (stuck)  -"), lines.join("\n"));
});

Deno.test("statusBlock() shows everything about a shelf", () => {
  assert.deepEqual(statusBlock(read(QUIET_SHELF), READER), [
    "nas: 62.5 %, 1480 rpm",
    "  because   curve disks: disk 41 °C -> 62.5 %",
    "  also      floor 20 %",
    "            override 30 %",
    "  sensors   disk  hdd  41.0 °C  ok      0.8s ago",
    "            cpu   cpu  -        missed  12s ago   no such file",
    "  override  30 % until 2030-01-01 02:30:00+01:00 (1h30m left), forced; limited by floor 20 %",
    "  decided   0.3s ago, good for 5.0s",
    "  fans      1480 rpm, reported 0.5s ago",
    "  agent     following",
    "  applied   62.5 % (compare 200 of 320), 62.5 %",
    "  speeds    1480, unknown rpm",
  ]);
});

Deno.test("statusBlock() says what is missing", () => {
  assert.deepEqual(statusBlock(read(LOST_SHELF), READER), [
    "rack: 100 %, rpm unknown",
    "  because   waiting for first readings; failsafe: disk is lost -> 100 %",
    "  sensors   none",
    "  override  none",
    "  decided   1.2s ago",
    "  fans      no agent has reported",
  ]);
});

Deno.test("statusBlock() tells an override without an end, and a fault of the decision", () => {
  const status = {
    ...QUIET_SHELF,
    fault: "the last tick ran 9000 ms ago",
    override: { percent: 100, expires: null, forced: false, limit: null },
  };
  const lines = statusBlock(read(status), READER);
  assert.equal(lines[1], "  because   the last tick ran 9000 ms ago");
  assert.ok(lines.includes("  override  100 % until it is taken back"));
});

Deno.test("readShelfStatus() takes what is there and leaves the rest unknown", () => {
  assert.equal(read({ shelf: "a" }).percent, null);
  assert.deepEqual(
    statusTable([read({ shelf: "a" })], READER)[1],
    "a         -  unknown  -        -         -        -",
  );
  assert.equal(readShelfStatus({ percent: 1 }), null);
  assert.equal(readShelfStatus("a"), null);
});

Deno.test("shelfEntry() makes every text safe to print, and keeps what was sent", () => {
  const { name, status } = shelfEntry({
    shelf: "a\u001b[2J",
    causes: [{ text: "x\ny" }],
    sensors: [{ name: "\u009b" }],
    rpm: 1,
  });
  assert.equal(name, "a\u001b[2J");
  assert.equal(status.shelf, "a\\u001b[2J");
  assert.equal(status.causes[0]?.text, "x\\u000ay");
  assert.equal(status.sensors[0]?.name, "\\u009b");
  assert.equal(status.rpm, 1);
});

Deno.test("tableLines() aligns columns and pads no line's end", () => {
  assert.deepEqual(tableLines([["a", "1", "x"], ["bb", "22", ""]], new Set([1])), [
    "a    1  x",
    "bb  22",
  ]);
});

Deno.test("statusBlock() has a line for each of several fans, and for one that is odd", () => {
  const fan = { board: "left", channel: 0, rpm: 1180, state: "spinning", applied: 42.5 };
  const linesOf = (fans: (typeof fan)[]) =>
    statusBlock({ ...read(LOST_SHELF), fans }, READER).filter((line) => / of left: /.test(line));
  assert.deepEqual(linesOf([fan]), []);
  assert.deepEqual(linesOf([{ ...fan, state: "starting" }]), []);
  assert.deepEqual(linesOf([{ ...fan, state: "stalled", rpm: 0 }]).map((line) => line.trim()), [
    "each      0 of left: stalled at 42.5 %, 0 rpm",
  ]);
  assert.equal(linesOf([fan, { ...fan, channel: 1 }]).length, 2);
});
