import assert from "node:assert/strict";
import {
  formatDuration,
  formatRoughly,
  MAX_DURATION_MS,
  parseDuration,
} from "../../src/cli/duration.ts";
import { UsageError } from "../../src/errors.ts";

const READ: [text: string, seconds: number][] = [
  // What Python's fanctl read, and to the same seconds.
  ["0", 0],
  ["10", 10],
  [" 10 ", 10],
  ["90", 90],
  ["40", 40],
  ["4:22", 262],
  ["5:40", 340],
  ["1:2:3", 3723],
  ["1:10:2", 4202],
  ["1:2:3:4", 93_784],
  ["7:22:59:00", 687_540],
  ["4h2m1s", 14_521],
  ["8d13s", 691_213],
  ["21d4h1m5s", 1_828_865],
  ["4h10s", 14_410],
  ["1h30m", 5_400],
  ["90m", 5_400],
  ["1d", 86_400],
  // What its help promised, and what people write.
  ["4:22.5", 262.5],
  ["0.5", 0.5],
  ["1.5h", 5_400],
  ["1h1.5m", 3_690],
  ["10ms", 0.01],
  ["1s500ms", 1.5],
  ["1w", 604_800],
  ["1w2d", 777_600],
  // Here the fraction is one of a second; Python read ".5" as five milliseconds.
  ["1:2:3:4.5", 93_784.5],
  ["1:00:10:00.123", 87_000.123],
  ["36525d", MAX_DURATION_MS / 1000],
];

Deno.test("parseDuration() reads units, clocks and fractions", () => {
  for (const [text, seconds] of READ) assert.equal(parseDuration(text), seconds * 1000, text);
});

const REFUSED = [
  ...["", " ", "12l", "string", "82h6d", "3d5h2d", "10s4h", "5x", "-5", "+5", "1H", "1h30", "1 h"],
  ...["٣s", "٣", "1:2:3:4x5", "1:2:3:4:5", "1.5h30m", "1m1m", "1ms1s", "1..5", ".5", "5.", "1:"],
  ...["1.5:00", "1e3", "0x10", "Infinity", "NaN", "1h\n1m"],
];

Deno.test("parseDuration() refuses everything else and names the forms", () => {
  for (const text of REFUSED) {
    assert.throws(() => parseDuration(text), (error) => {
      assert.ok(error instanceof UsageError, text);
      assert.match(error.message, /^Cannot read the duration ".*": it has another form; write /s);
      return true;
    });
  }
});

Deno.test("parseDuration() refuses what is longer than a hundred years", () => {
  for (const text of ["99999999999d", "36526d", "9".repeat(400), "9".repeat(400) + "w"]) {
    assert.throws(() => parseDuration(text), /it is longer than 36525 days; write a shorter one/);
  }
});

Deno.test.each([
  [0, "0s"],
  [1, "1ms"],
  [5_400_000, "1h30m"],
  [93_784_500, "1d2h3m4s500ms"],
  [604_800_000, "7d"],
])("formatDuration() writes %d ms as %s", (durationMs, text) => {
  assert.equal(formatDuration(durationMs), text);
});

Deno.test.each([
  [-5, "0.0s"],
  [340, "0.3s"],
  [9_949, "9.9s"],
  [9_950, "10s"],
  [59_600, "1m"],
  [200_400, "3m20s"],
  [5_400_000, "1h30m"],
  [86_340_000, "23h59m"],
  [95_000_000, "1d2h"],
])("formatRoughly() writes %d ms as %s", (durationMs, text) => {
  assert.equal(formatRoughly(durationMs), text);
});
