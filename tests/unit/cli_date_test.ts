import assert from "node:assert/strict";
import { formatDate, parseDate } from "../../src/cli/date.ts";
import { UsageError } from "../../src/errors.ts";

const ZONE = "Europe/Paris";

const READ: [text: string, utc: string][] = [
  // What Python's fanctl read; a date without a zone is the user's own time here.
  ["2099-12-29T01:01:59", "2099-12-29T00:01:59.000Z"],
  ["2000-04-30T21:30:59", "2000-04-30T19:30:59.000Z"],
  ["2099-12-29T01:01:59Z", "2099-12-29T01:01:59.000Z"],
  ["2099-12-29T01:01:59+01:00", "2099-12-29T00:01:59.000Z"],
  ["2099-12-29T01:01:59+0100", "2099-12-29T00:01:59.000Z"],
  ["2099-12-29T01:01:59-05:30", "2099-12-29T06:31:59.000Z"],
  ["2099-12-29T01:01:59.5+01:00", "2099-12-29T00:01:59.500Z"],
  ["2050-12-31T00:40:21.55+02:00", "2050-12-30T22:40:21.550Z"],
  ["12/29/99 01:01:59", "1999-12-29T00:01:59.000Z"],
  ["12/29/68 01:01:59", "2068-12-29T00:01:59.000Z"],
  ["12/29/99T01:01:59", "1999-12-29T00:01:59.000Z"],
  ["Tue Dec 29 01:01:59 2099", "2099-12-29T00:01:59.000Z"],
  ["Tue Dec  1 01:01:59 2099", "2099-12-01T00:01:59.000Z"],
  // Python took the zone off here; it counts now.
  ["2099-12-29T01:01:59UTC", "2099-12-29T01:01:59.000Z"],
  ["2099-12-29T01:01:59 GMT", "2099-12-29T01:01:59.000Z"],
  // What it refused although its help promised it, or people write it.
  ["08/16/1988 21:30:00", "1988-08-16T19:30:00.000Z"],
  ["12/29/2099 01:01:59", "2099-12-29T00:01:59.000Z"],
  ["2099-12-29T01:01:59.5", "2099-12-29T00:01:59.500Z"],
  ["2099-12-29T01:01:59,123456789Z", "2099-12-29T01:01:59.123Z"],
  ["2099-12-29 01:01:59", "2099-12-29T00:01:59.000Z"],
  ["2099-12-29 01:01", "2099-12-29T00:01:00.000Z"],
  ["2099-12-29t01:01z", "2099-12-29T01:01:00.000Z"],
  ["2099-12-29", "2099-12-28T23:00:00.000Z"],
  [" 2099-12-29 ", "2099-12-28T23:00:00.000Z"],
  ["2099-06-29 12:00+02", "2099-06-29T10:00:00.000Z"],
  ["2099-06-29 12:00:00", "2099-06-29T10:00:00.000Z"],
];

Deno.test("parseDate() reads ISO 8601, slashes and the C locale, in the user's zone", () => {
  for (const [text, utc] of READ) assert.equal(parseDate(text, ZONE).toISOString(), utc, text);
});

Deno.test("parseDate() takes the zone that it is given, not that of the machine", () => {
  const noon = "2030-07-01 12:00";
  assert.equal(parseDate(noon, "America/New_York").toISOString(), "2030-07-01T16:00:00.000Z");
  assert.equal(parseDate(noon, "Asia/Kolkata").toISOString(), "2030-07-01T06:30:00.000Z");
});

Deno.test.each([
  "",
  "none",
  "01:01",
  "2099-12-29T01",
  "2099-12-29T01:01:59CET",
  "2099-12-29T01:01:59+25:00",
  "2099-12-29T01:01:59+01:60",
  "2099-12-29Z",
  "20991229T010159Z",
  "2099-1-2",
  "29.12.2099",
  "Tue Dez 29 01:01:59 2099",
  "tomorrow",
  "٢٠٩٩-12-29",
])("parseDate() refuses the form of %j and names those it reads", (text) => {
  assert.throws(() => parseDate(text, ZONE), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /^Cannot read the date ".*": it has another form; write 2030-/);
    return true;
  });
});

Deno.test.each([
  "2020-29-12T01:01:59",
  "2030-02-29",
  "2030-04-31",
  "2030-01-01T24:00:00",
  "2030-01-01T23:60:00",
  "2030-01-01T23:59:60Z",
  "13/01/2030 00:00:00",
])("parseDate() refuses %s, which no calendar or clock has", (text) => {
  assert.throws(() => parseDate(text, ZONE), /no calendar or clock has it; write 2030-/);
});

Deno.test("parseDate() refuses an hour that the zone skips or has twice, unless the zone is named", () => {
  const skipped = /the zone Europe\/Paris has no such hour, or has it twice; name the zone/;
  assert.throws(() => parseDate("2030-03-31 02:30:00", ZONE), skipped);
  assert.throws(() => parseDate("2030-10-27 02:30:00", ZONE), skipped);
  assert.equal(
    parseDate("2030-10-27 02:30:00+01:00", ZONE).toISOString(),
    "2030-10-27T01:30:00.000Z",
  );
});

Deno.test("parseDate() refuses a weekday that the date does not have", () => {
  assert.throws(
    () => parseDate("Wed Dec 29 01:01:59 2099", ZONE),
    /that day is a Tue, not a Wed; correct one of them/,
  );
});

Deno.test("formatDate() writes the user's clock with its offset", () => {
  const date = new Date("2030-07-01T10:00:00.999Z");
  assert.equal(formatDate(date, ZONE), "2030-07-01 12:00:00+02:00");
  assert.equal(formatDate(date, "UTC"), "2030-07-01 10:00:00+00:00");
});
