import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { Journaled } from "../../support/journaled.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { until } from "../../support/until.ts";

/** The server decides by what its sensor reads, and no tick was late. */
async function goesOn(journaled: Journaled, tempC: number): Promise<void> {
  await journaled.pass(2, tempC);
  const { controller } = journaled.served.server;
  equal(controller.shelf("nas").decision.percent, tempC);
  equal(controller.lateTicks, 0);
}

/** How often something has been said. */
function said({ log }: Journaled, pattern: RegExp): number {
  return log.lines.filter((line) => pattern.test(line)).length;
}

Deno.test("a locked journal delays no tick, loses nothing, and is told once", async () => {
  await using journaled = await Journaled.start();
  await journaled.pass(10, 40);
  await journaled.settled();
  const other = new DatabaseSync(journaled.path);
  other.exec("BEGIN IMMEDIATE");
  const { kept } = journaled.journal.counters;
  await journaled.pass(30, 50);
  await journaled.log.line(/warn: Cannot write the journal .*: database is locked; what comes/);
  await goesOn(journaled, 60);
  equal(journaled.journal.counters.kept, kept);
  other.exec("ROLLBACK");
  other.close();
  match(await journaled.log.line(/written again/), /nothing was lost/);
  await until(() => journaled.journal.counters.kept > kept + 5, "what waited is written");
  const { steps } = await journaled.history(42);
  deepEqual(steps.map(({ temps }) => temps["nas"]?.[1]).filter((tempC) => tempC === 50).length, 30);
  equal(journaled.journal.counters.lost, 0);
  equal(said(journaled, /locked/), 1);
});

Deno.test("a journal that is damaged at the start is put aside, and a new one begins", async () => {
  await using journaled = await Journaled.start({}, (path) => {
    Deno.writeTextFileSync(path, "This is no database. ".repeat(1000));
  });
  await goesOn(journaled, 45);
  match(await journaled.log.line(/error/), /was damaged and is now ".*journal.db.corrupt"/);
  await journaled.settled();
  equal((await journaled.history(1)).steps.length > 0, true);
  const aside = await Deno.readTextFile(`${journaled.path}.corrupt`);
  match(aside, /^This is no database/);
});

Deno.test("a journal that is damaged while it is written is put aside; what follows is kept", async () => {
  await using journaled = await Journaled.start();
  await journaled.pass(70, 40);
  await journaled.settled();
  {
    using other = new DatabaseSync(journaled.path);
    other.exec("DROP TABLE chunks");
  }
  await journaled.pass(120, 50);
  await journaled.log.line(/error: The damaged journal is now ".*journal.db.corrupt"/);
  await goesOn(journaled, 55);
  await journaled.pass(10, 60);
  const { steps } = await journaled.history(5);
  deepEqual(steps.at(-1)?.temps, { nas: [60, 60, 60] });
});

Deno.test("a journal that is deleted while it is written begins anew, by the file's old name", async () => {
  await using journaled = await Journaled.start();
  await journaled.pass(10, 40);
  await journaled.settled();
  for (const suffix of ["", "-wal", "-shm"]) await Deno.remove(`${journaled.path}${suffix}`);
  await journaled.pass(12, 50);
  await journaled.log.line(/warn: The journal .* has been deleted; a new one begins/);
  await goesOn(journaled, 52);
  await journaled.settled();
  using sql = journaled.open();
  ok(Number(sql.prepare("SELECT count(*) AS count FROM chunks").get()?.["count"]) > 0);
  equal(said(journaled, /deleted/), 1);
});

Deno.test("a journal in a folder that is not there is told once, and begins when it is", async () => {
  await using place = await tempDir();
  await using journaled = await Journaled.start({ path: place.join("later/journal.db") });
  await goesOn(journaled, 45);
  match(
    await journaled.log.line(/error/),
    /Cannot write the journal ".*later\/journal.db": .*; control goes on/,
  );
  await journaled.pass(30, 50);
  equal(said(journaled, /Cannot write/), 1);
  await rejects(journaled.history(10), /^StoreError: Cannot ask the journal: .*; see the server/);
  await Deno.mkdir(place.join("later"));
  await journaled.pass(12, 50);
  match(await journaled.log.line(/written again/), /[1-9]\d* chunks were lost/);
  deepEqual((await journaled.history(3)).steps.at(-1)?.duty, [50, 50, 50]);
});

Deno.test("a database of something else is left alone, and the server goes on without a journal", async () => {
  await using journaled = await Journaled.start({}, (path) => {
    using other = new DatabaseSync(path);
    other.exec("CREATE TABLE photos (name TEXT)");
  });
  await goesOn(journaled, 45);
  match(await journaled.log.line(/error/), /as a journal: it is a database of something else/);
  await journaled.pass(30, 50);
  equal(said(journaled, /error/), 1);
  using other = new DatabaseSync(journaled.path, { readOnly: true });
  deepEqual(
    other.prepare("SELECT name FROM sqlite_schema").all().map((row) => row["name"]),
    ["photos"],
  );
});

Deno.test("two servers on one journal are told so; the first leaves it to the second", async () => {
  await using journaled = await Journaled.start();
  await journaled.pass(10, 40);
  await journaled.settled();
  {
    using other = new DatabaseSync(journaled.path);
    other.exec(
      `INSERT INTO segments (config, wall_ms, follows, chunk, state)
       SELECT config, wall_ms, follows, chunk, state FROM segments LIMIT 1`,
    );
  }
  await journaled.pass(12, 50);
  match(await journaled.log.line(/error/), /another server writes it, too; give each server/);
  await goesOn(journaled, 60);
});
