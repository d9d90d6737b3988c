import assert from "node:assert/strict";
import { formatDate, parseDate } from "../../src/cli/date.ts";
import { formatDuration, MAX_DURATION_MS, parseDuration } from "../../src/cli/duration.ts";
import { UsageError } from "../../src/errors.ts";
import { fc } from "../deps.ts";

const ZONES = ["UTC", "Europe/Paris", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"];

Deno.test("formatDuration() is read back by parseDuration() to the same number", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: MAX_DURATION_MS }), (durationMs) => {
    assert.equal(parseDuration(formatDuration(durationMs)), durationMs);
  }));
});

Deno.test("parseDuration() gives the same for a clock and for its units", () => {
  const place = fc.nat(99);
  fc.assert(fc.property(place, place, place, fc.nat(999), (hours, minutes, seconds, ms) => {
    const fraction = String(ms).padStart(3, "0");
    assert.equal(
      parseDuration(`${hours}:${minutes}:${seconds}.${fraction}`),
      parseDuration(`${hours}h${minutes}m${seconds}s${ms}ms`),
    );
  }));
});

Deno.test("parseDuration() gives whole milliseconds within its limit, or a UsageError", () => {
  const letters = fc.constantFrom(..."0123456789.:dhmsw -+eE٣xn");
  fc.assert(fc.property(fc.string({ unit: letters, maxLength: 12 }), (text) => {
    try {
      const durationMs = parseDuration(text);
      assert.ok(Number.isInteger(durationMs) && durationMs >= 0 && durationMs <= MAX_DURATION_MS);
    } catch (error) {
      assert.ok(error instanceof UsageError);
    }
  }));
});

Deno.test("formatDate() is read back by parseDate() to the same second, in every zone", () => {
  const seconds = fc.integer({ min: 0, max: Date.UTC(2099, 11, 31) / 1000 });
  fc.assert(fc.property(seconds, fc.constantFrom(...ZONES), (epochSeconds, zone) => {
    const date = new Date(epochSeconds * 1000);
    assert.equal(parseDate(formatDate(date, zone), "UTC").getTime(), date.getTime());
  }));
});

Deno.test("parseDate() reads what toISOString() writes, to the millisecond", () => {
  const range = {
    min: new Date(0),
    max: new Date("9999-12-31T23:59:59.999Z"),
    noInvalidDate: true,
  };
  fc.assert(fc.property(fc.date(range), (date) => {
    assert.equal(parseDate(date.toISOString(), "Asia/Tokyo").getTime(), date.getTime());
  }));
});

Deno.test("parseDate() gives a valid date or a UsageError", () => {
  const letters = fc.constantFrom(..."0123456789-:T+Z/ .,UTCdecTu");
  fc.assert(fc.property(fc.string({ unit: letters, maxLength: 24 }), (text) => {
    try {
      assert.ok(Number.isFinite(parseDate(text, "Europe/Paris").getTime()));
    } catch (error) {
      assert.ok(error instanceof UsageError);
    }
  }));
});
