/** Journal entries as they could come, for property tests. */

import { fc } from "../deps.ts";
import type { EngineEvent, FanReport } from "../../src/control/engine/event.ts";
import type { EntryNames, JournalEntry } from "../../src/control/replay/entry.ts";

/** What the entries are about. */
export const NAMES: EntryNames = { sensors: ["cpu", "disk", "Ω"], shelves: ["case", "drives"] };

const sensor = fc.constantFrom(...NAMES.sensors, "of another configuration");
const shelf = fc.constantFrom(...NAMES.shelves, "of another configuration");
const ms = fc.oneof(
  fc.integer({ min: 0, max: 1e9 }),
  fc.double({ min: 0, max: 1e12, noNaN: true }),
  fc.integer({ min: 0, max: 2 ** 40 }).map((us) => us / 1000),
);
const number = fc.oneof(
  fc.integer({ min: -128_000, max: 300_000 }).map((thousandths) => thousandths / 1000),
  fc.double(),
);
const share = fc.oneof(
  fc.integer({ min: 0, max: 100 }),
  fc.double({ min: 0, max: 100, noNaN: true }),
);

const fan: fc.Arbitrary<FanReport> = fc.record({
  channel: fc.nat(300),
  rpm: fc.option(fc.oneof(fc.nat(20_000), number)),
  state: fc.constantFrom("spinning", "stalled", "unknown"),
  appliedPercent: fc.option(share),
  byHand: fc.boolean(),
  expectedRpm: fc.nat(20_000),
  start: fc.record({
    count: fc.nat(9),
    percent: share,
    ms: fc.nat(),
    expectedPercent: fc.option(share),
    expectedMs: fc.option(fc.nat()),
  }),
  ofAnotherVersion: fc.constant("x"),
}, { requiredKeys: ["channel", "rpm", "state", "appliedPercent"] });

/** Any event. */
export const anyEvent: fc.Arbitrary<EngineEvent> = fc.oneof(
  fc.record({ type: fc.constant("reading"), sensor, tempC: number, atMs: ms }),
  fc.record({
    type: fc.constant("miss"),
    sensor,
    reason: fc.string({ unit: "grapheme" }),
    fault: fc.constantFrom("missing", "timeout"),
    atMs: ms,
  }),
  fc.record({ type: fc.constant("asleep"), sensor, atMs: ms }),
  fc.record({ type: fc.constant("drive"), sensor, kind: fc.constantFrom("hdd", "ssd"), atMs: ms }),
  fc.record({
    type: fc.constant("override"),
    shelf,
    override: fc.option(fc.record({
      percent: share,
      expiresMs: fc.option(ms),
      expiresAt: fc.option(ms),
      forced: fc.boolean(),
    })),
    atMs: ms,
  }),
  fc.record({
    type: fc.constant("fans"),
    shelf,
    board: fc.constantFrom("", "main", "b2"),
    fans: fc.option(fc.array(fan, { maxLength: 4 })),
    atMs: ms,
  }),
) as fc.Arbitrary<EngineEvent>;

/** Any entry. */
export const anyEntry: fc.Arbitrary<JournalEntry> = fc.oneof(
  anyEvent.map((event) => ({ type: "event", event })),
  fc.record({ atMs: ms, wallMs: ms, lateMs: number }).map((time) => ({ type: "tick", time })),
  fc.record({
    shelf,
    outcome: fc.record({
      percent: share,
      pending: fc.boolean(),
      kind: fc.constantFrom("critical", "failsafe", "floor", "override", "profile", "curve"),
      name: fc.string(),
    }),
  }).map((decision) => ({ type: "decision", ...decision })),
) as fc.Arbitrary<JournalEntry>;
