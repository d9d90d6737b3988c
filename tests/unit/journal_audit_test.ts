/** The audit in a journal's file: through restarts, full disks and files of earlier versions. */

import { deepEqual, equal, ok } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { DEFAULT_JOURNAL, type JournalConfig } from "../../src/config/journal_config.ts";
import type { AuditEntry } from "../../src/server/journal/audit_table.ts";
import { Keeper } from "../../src/server/journal/keeper.ts";
import { TABLES } from "../../src/replay/tables.ts";
import { tempDir } from "../support/temp_dir.ts";

const entry = (after: string): AuditEntry => ({
  atMs: 1,
  who: null,
  client: null,
  from: "tcp 127.0.0.1:1",
  what: "set_profile",
  about: null,
  before: "none",
  after,
});

/** A keeper that no engine has been given to. */
function keeper(config: Partial<JournalConfig>): Keeper & { told: string[] } {
  const told: string[] = [];
  const made = new Keeper({ ...DEFAULT_JOURNAL, ...config }, {
    tell: (level, text) => told.push(`${level}: ${text}`),
    done: () => {},
  });
  return Object.assign(made, { told });
}

const afters = (kept: Keeper): (string | null)[] =>
  kept.file.changes({ below: null, most: 100 }).entries.map(({ after }) => after);

Deno.test("changes are kept before any engine begins, and found again after a restart", async () => {
  await using dir = await tempDir();
  const path = dir.join("journal.db");
  {
    using first = keeper({ path });
    first.takeChange(entry("one"));
    first.takeChange(entry("two"));
    first.work();
    deepEqual(afters(first), ["two", "one"]);
  }
  using second = keeper({ path });
  second.takeChange(entry("three"));
  second.work();
  deepEqual(afters(second), ["three", "two", "one"]);
  deepEqual(second.told, []);
});

Deno.test("a journal of before the audit takes it, and stays of its version", async () => {
  await using dir = await tempDir();
  const path = dir.join("journal.db");
  {
    using old = new DatabaseSync(path);
    old.exec(`PRAGMA auto_vacuum = INCREMENTAL; ${TABLES}`);
  }
  using kept = keeper({ path });
  kept.takeChange(entry("one"));
  kept.work();
  deepEqual(afters(kept), ["one"]);
});

Deno.test("what cannot be written waits, up to a limit, and is written when it can be", async () => {
  await using dir = await tempDir();
  const path = dir.join("journal.db");
  using kept = keeper({ path });
  kept.takeChange(entry("first"));
  kept.work();
  using other = new DatabaseSync(path);
  other.exec("BEGIN EXCLUSIVE");
  for (let count = 0; count < 5000; count++) kept.takeChange(entry(`${count}`));
  kept.work();
  other.exec("COMMIT");
  kept.work();
  const [newest] = afters(kept);
  equal(newest, "4999");
  const { entries } = kept.file.changes({ below: null, most: 10_000 });
  equal(entries.length, 4096 + 1);
  equal(kept.told.filter((line) => /lost from the audit/.test(line)).length, 1);
});

Deno.test("a file without room drops readings for changes, not changes for readings", async () => {
  await using dir = await tempDir();
  const path = dir.join("journal.db");
  using kept = keeper({ path, maxBytes: 4_194_304, auditEntries: 1_000_000 });
  for (let count = 0; count < 3000; count++) {
    kept.takeChange(entry(`${count} ${"x".repeat(500)}`));
    if (count % 50 === 49) kept.work();
  }
  const { entries } = kept.file.changes({ below: null, most: 3000 });
  ok(entries.length > 500 && entries.length < 1000, `${entries.length}`);
  ok((await Deno.stat(path)).size <= 4_194_304);
  deepEqual(kept.told, []);
});
