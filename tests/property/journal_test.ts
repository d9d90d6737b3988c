import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { fc } from "../deps.ts";
import { ChunkReader } from "../../src/control/replay/chunk_reader.ts";
import { ChunkWriter, NameNumbers } from "../../src/control/replay/chunk_writer.ts";
import type { JournalEntry } from "../../src/control/replay/entry.ts";
import { StoreError } from "../../src/errors.ts";
import { replayRecorded } from "../../src/replay/replay.ts";
import { DEFAULT_JOURNAL } from "../../src/config/journal_config.ts";
import { Keeper } from "../../src/server/journal/keeper.ts";
import { Recorder } from "../../src/server/journal/recorder.ts";
import { anyRun, happen, type Happening } from "../support/engine_runs.ts";
import { anyEntry, NAMES } from "../support/journal_entries.ts";

const ALL = { fromMs: -Infinity, toMs: Infinity };
const START = { atMs: 1234.567891, wallMs: 1_789_000_000_000 };

function chunkOf(entries: readonly JournalEntry[]): Uint8Array {
  const writer = new ChunkWriter(new NameNumbers(NAMES), START);
  for (const entry of entries) writer.add(entry);
  return writer.bytes();
}

function entriesOf(bytes: Uint8Array): JournalEntry[] {
  const reader = new ChunkReader(bytes, NAMES);
  const entries: JournalEntry[] = [];
  for (let entry = reader.next(); entry !== null; entry = reader.next()) entries.push(entry);
  return entries;
}

Deno.test("a chunk gives back every entry, to the last bit", () => {
  fc.assert(fc.property(fc.array(anyEntry, { maxLength: 60 }), (entries) => {
    deepEqual(entriesOf(chunkOf(entries)), entries);
  }));
});

Deno.test("a chunk that is damaged is an error of the store, or other entries; never another error", () => {
  const damage = fc.record({ at: fc.nat(), to: fc.nat(255), cut: fc.nat() });
  fc.assert(fc.property(fc.array(anyEntry, { maxLength: 20 }), damage, (entries, harm) => {
    const bytes = chunkOf(entries);
    bytes[harm.at % bytes.length] = harm.to;
    const rest = bytes.subarray(0, bytes.length - harm.cut % bytes.length);
    try {
      entriesOf(rest);
    } catch (error) {
      ok(error instanceof StoreError, `${error}`);
    }
  }));
});

Deno.test("a chunk of another version is refused", () => {
  throws(() => entriesOf(new Uint8Array([99])), /chunk of version 99/);
});

Deno.test("a second of one shelf takes less than 36 bytes", () => {
  const seconds = 60;
  const entries = Array.from({ length: seconds }, (_, second): JournalEntry[] => {
    const atMs = 1000 * second + 0.1 + 0.01 * second % 7;
    return [
      { type: "event", event: { type: "reading", sensor: "cpu", tempC: 40 + second / 8, atMs } },
      {
        type: "event",
        event: {
          type: "fans",
          shelf: "case",
          board: "main",
          fans: [{ channel: 0, rpm: 1180 + second % 3, state: "spinning", appliedPercent: 40 }],
          atMs: atMs + 1.25,
        },
      },
      {
        type: "tick",
        time: { atMs: atMs + 2.5, wallMs: 1_789_000_000_000 + 1000 * second, lateMs: 0.4 },
      },
    ];
  }).flat();
  const { length } = chunkOf(entries);
  ok(length < 36 * seconds, `${length / seconds} bytes`);
});

/** Puts a run through a recorder and a file in memory. */
function keep(
  run: readonly Happening[],
  hasRoom: () => boolean = () => true,
): { keeper: Keeper; state: string } {
  const told: string[] = [];
  let lost = 0;
  const keeper = new Keeper(DEFAULT_JOURNAL, {
    tell: (_level, text) => told.push(text),
    done: (isKept) => lost += isKept ? 0 : 1,
  });
  let isKept = true;
  const recorder = new Recorder({
    get hasRoom() {
      return isKept = hasRoom();
    },
    wallMs: () => START.wallMs,
    begin(engine, wallMs) {
      const state = JSON.parse(JSON.stringify(engine.snapshot()));
      keeper.take({ config: engine.config, state, source: "a test", wallMs });
      keeper.work();
    },
    chunk(bytes) {
      if (isKept) keeper.take(bytes);
      keeper.work();
    },
  });
  const engine = happen(run, recorder);
  recorder.flush();
  deepEqual({ told, lost }, { told: [], lost: 0 });
  return { keeper, state: JSON.stringify(engine.snapshot()) };
}

Deno.test("a run that went through a journal comes to the same decisions and states, bit by bit", () => {
  let states = 0;
  fc.assert(
    fc.property(anyRun, (run) => {
      const { keeper, state } = keep(run);
      using _file = keeper;
      let last = "";
      const replayed = replayRecorded(keeper.file.database.sql, ALL, {
        began: (engine) => last = JSON.stringify(engine.snapshot()),
        happened: (_entry, engine) => last = JSON.stringify(engine.snapshot()),
        differs(error) {
          throw error;
        },
      });
      states += replayed.states;
      equal(replayed.ticks, run.filter(({ type }) => type === "tick").length);
      equal(last, state);
    }),
    { numRuns: 60 },
  );
  ok(states > 20, `${states} states were compared`);
});

Deno.test("what is kept of a run of which parts were dropped comes to the same, too", () => {
  let runs = 0;
  const gaps = fc.infiniteStream(fc.boolean());
  fc.assert(
    fc.property(anyRun, gaps, (run, rooms) => {
      // At first there is room, or there would be nothing to look at.
      let isFirst = true;
      const { keeper } = keep(run, () => isFirst ? !(isFirst = false) : rooms.next().value ?? true);
      using _file = keeper;
      runs += replayRecorded(keeper.file.database.sql, ALL).runs;
    }),
    { numRuns: 60 },
  );
  ok(runs > 100, `${runs} runs in pieces`);
});
