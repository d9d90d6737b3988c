import assert from "node:assert/strict";
import { BadArgumentsError } from "../../../src/errors.ts";
import { fanEntries, fanReports } from "../../../src/server/shelves/fan_reports.ts";

const FAN = { channel: 2, rpm: 1180, state: "spinning", applied: 42.5 };

Deno.test("fanReports() reads what agents say of each fan", () => {
  const start = { count: 3, percent: 18, ms: 900, expected_percent: 18, expected_ms: null };
  assert.deepEqual(
    fanReports({ fans: [FAN, { ...FAN, by_hand: true, expected_rpm: 1200, start }] }),
    [
      { channel: 2, rpm: 1180, state: "spinning", appliedPercent: 42.5 },
      {
        channel: 2,
        rpm: 1180,
        state: "spinning",
        appliedPercent: 42.5,
        byHand: true,
        expectedRpm: 1200,
        start: { count: 3, percent: 18, ms: 900, expectedPercent: 18, expectedMs: null },
      },
    ],
  );
});

Deno.test("fanReports() takes a state that it does not know for no good one", () => {
  assert.equal(fanReports({ fans: [{ ...FAN, state: "levitating" }] })?.[0]?.state, "unknown");
});

Deno.test("fanReports() tells a lost board from a report that names no fan", () => {
  assert.equal(fanReports({ state: "no board", board: "left", fans: null }), null);
  assert.equal(fanReports({ fans: null }), undefined);
  assert.equal(fanReports({ state: "held" }), undefined);
  assert.equal(fanReports(null), undefined);
});

Deno.test("fanReports() reads what older agents say, and takes silence for no tachometer", () => {
  const fans = fanReports({ rpms: [900, 0, null], applied: [40, 40, 40] });
  assert.deepEqual(fans?.map(({ state }) => state), ["spinning", "stopped", "not_fitted"]);
});

Deno.test("fanReports() refuses what is no list of fans", () => {
  const wrong = [
    7,
    {},
    [7],
    [{ ...FAN, channel: 0.5 }],
    [{ ...FAN, rpm: -1 }],
    [{
      ...FAN,
      applied: 101,
    }],
    [{ ...FAN, state: 3 }],
    Array(17).fill(FAN),
  ];
  for (const fans of wrong) {
    assert.throws(() => fanReports({ fans }), BadArgumentsError, JSON.stringify(fans));
  }
});

Deno.test("fanEntries() names the board of each fan", () => {
  const report = { rpm: 1180, atMs: 0 };
  assert.deepEqual(
    fanEntries([
      { ...report, board: "left", details: { fans: [FAN] } },
      { ...report, board: "right", details: null },
    ]),
    [{ board: "left", channel: 2, rpm: 1180, state: "spinning", applied: 42.5 }],
  );
});
