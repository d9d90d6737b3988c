import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { Override } from "../../../src/control/engine/override.ts";
import { StoreError } from "../../../src/errors.ts";
import { type Log, silentLog } from "../../../src/log.ts";
import { openStore, type Store } from "../../../src/server/store/store.ts";
import { type TempDir, tempDir } from "../../support/temp_dir.ts";
import { VirtualClock } from "../../support/virtual_clock.ts";

const EPOCH_MS = Date.UTC(2030, 0, 1);
const override = (
  percent: number,
  expiresAt: number | null = null,
  owner = "me",
): Override => ({
  percent,
  expiresAt,
  expiresMs: expiresAt === null ? null : 5,
  forced: expiresAt !== null,
  owner,
  reason: owner === "me" ? null : "a try",
});

const open = (path: string | null, log: Log = silentLog): Store =>
  openStore(path, { clock: new VirtualClock(EPOCH_MS), log });

for (const kind of ["memory", "file"]) {
  Deno.test(`a store in ${kind} keeps one override a shelf`, async () => {
    await using folder = await tempDir();
    using store = open(kind === "memory" ? null : folder.join("fand.db"));
    deepEqual(store.loadOverrides(), []);
    store.saveOverride("b", override(40, null, "127.0.0.1:1"));
    store.saveOverride("a'; --", override(12.5, EPOCH_MS + 1000));
    store.saveOverride("b", override(50, null, "127.0.0.1:2"));
    store.saveOverride("c", override(0));
    store.saveOverride("c", null);
    store.saveOverride("never", null);
    deepEqual(store.loadOverrides().toSorted((one, two) => one.percent - two.percent), [
      {
        shelf: "a'; --",
        percent: 12.5,
        expiresAt: EPOCH_MS + 1000,
        forced: true,
        owner: "me",
        reason: null,
        setAt: EPOCH_MS,
      },
      {
        shelf: "b",
        percent: 50,
        expiresAt: null,
        forced: false,
        owner: "127.0.0.1:2",
        reason: "a try",
        setAt: EPOCH_MS,
      },
    ]);
    store.close();
    store.close();
  });
}

Deno.test("a store in a file remembers after a restart, and its epoch grows", async () => {
  await using folder = await tempDir();
  const path = folder.join("fand.db");
  const epochs: number[] = [];
  for (let start = 0; start < 3; start++) {
    using store = open(path);
    epochs.push(store.epoch);
    equal(store.loadOverrides().length, start);
    store.saveOverride(`shelf${start}`, override(start));
  }
  deepEqual(epochs, [EPOCH_MS, EPOCH_MS + 1, EPOCH_MS + 2]);
});

Deno.test("an epoch never goes below the time, nor back with it", async () => {
  await using folder = await tempDir();
  const path = folder.join("fand.db");
  const at = (ms: number): number => {
    using store = openStore(path, { clock: new VirtualClock(ms) });
    return store.epoch;
  };
  deepEqual([at(1000), at(5000), at(0)], [1000, 5000, 5001]);
  equal(openStore(null, { clock: new VirtualClock(7) }).epoch, 7);
});

/** Saves 33 % for shelf `s` in a process that is killed at once. */
async function saveAndDie(folder: TempDir): Promise<string> {
  const path = folder.join("fand.db");
  const module = import.meta.resolve("../../../src/server/store/store.ts");
  const script = await folder.write(
    "save.ts",
    `import { openStore } from ${JSON.stringify(module)};
     openStore(Deno.args[0]).saveOverride("s", { percent: 33, expiresAt: null, expiresMs: null,
       forced: false, owner: "me", reason: null });
     Deno.kill(Deno.pid, "SIGKILL");`,
  );
  const { signal } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-lock", "-A", script, path],
    stderr: "null",
  }).output();
  equal(signal, "SIGKILL");
  return path;
}

Deno.test("what was saved is there when the process was killed without a close", async () => {
  await using folder = await tempDir();
  using store = open(await saveAndDie(folder));
  equal(store.loadOverrides()[0]?.percent, 33);
});

Deno.test("what was saved is there when the file's start is lost but not its log", async () => {
  await using folder = await tempDir();
  const path = await saveAndDie(folder);
  const bytes = await Deno.readFile(path);
  await Deno.writeFile(path, bytes.fill(0xaa, 0, 100));
  using store = open(path);
  equal(store.loadOverrides()[0]?.percent, 33);
});

Deno.test("a second server is refused the file of the first", async () => {
  await using folder = await tempDir();
  const path = folder.join("fand.db");
  using _first = open(path);
  throws(() => open(path), {
    name: "StoreError",
    message: `Cannot open the store "${path}": database is locked; ` +
      "another process uses it; stop that one or name another file",
  });
});

Deno.test("a damaged file is put aside whole, and the log says where", async () => {
  await using folder = await tempDir();
  const said: string[] = [];
  const log = { ...silentLog, error: (text: string) => void said.push(text) };
  const garbage = "not a database ".repeat(400);
  const path = await folder.write("fand.db", garbage);
  {
    using store = open(path, log);
    deepEqual(store.loadOverrides(), []);
  }
  equal(await Deno.readTextFile(`${path}.corrupt`), garbage);
  await Deno.writeTextFile(path, "damaged again ".repeat(400));
  open(path, log).close();
  equal(await Deno.readTextFile(`${path}.corrupt`), garbage);
  match(await Deno.readTextFile(`${path}.corrupt.2`), /^damaged again/);
  deepEqual(
    said,
    ["", ".2"].map((number) =>
      `The store "${path}" was damaged and is now "${path}.corrupt${number}"; ` +
      "its overrides are not in force"
    ),
  );
});

Deno.test("a damaged file that cannot be put aside stays where it is", async () => {
  await using folder = await tempDir();
  const path = await folder.write("fand.db", "not a database ".repeat(400));
  await folder.write("fand.db.corrupt", "");
  for (let number = 2; number <= 99; number++) await folder.write(`fand.db.corrupt.${number}`, "");
  throws(() => open(path), {
    name: "StoreError",
    message: `Cannot open the store "${path}": it is damaged and cannot be put aside ` +
      "(99 damaged files are there already); move it away by hand",
  });
  match(await Deno.readTextFile(path), /^not a database/);
});

Deno.test("a file with a broken page is found out when it is opened", async () => {
  await using folder = await tempDir();
  const path = folder.join("fand.db");
  open(path).close();
  const bytes = await Deno.readFile(path);
  bytes.fill(0xaa, 4096, 4096 * 2);
  await Deno.writeFile(path, bytes);
  open(path).close();
  deepEqual(await Deno.readFile(`${path}.corrupt`), bytes);
});

Deno.test("a file of a later version is left as it is", async () => {
  await using folder = await tempDir();
  const path = folder.join("fand.db");
  const database = new DatabaseSync(path);
  database.exec("PRAGMA user_version = 99; CREATE TABLE future (x)");
  database.close();
  throws(() => open(path), {
    name: "StoreError",
    message: `Cannot open the store "${path}": it has version 99 and this server knows 3; ` +
      "start the newer server or name another file",
  });
});

Deno.test("a folder that is not there is named", async () => {
  await using folder = await tempDir();
  throws(() => open(folder.join("none/fand.db")), (error) => {
    ok(error instanceof StoreError);
    match(error.message, /unable to open database file: .*; see that its folder exists/);
    return true;
  });
});

Deno.test("a store that may not be opened names the flags", { permissions: "none" }, () => {
  throws(() => openStore("x.db"), {
    name: "StoreError",
    message: 'Cannot open the store "x.db": reading or writing it is not permitted; ' +
      'add --allow-read=x.db --allow-write=x.db, or set store = "none"',
  });
});

Deno.test("a file that is deleted while it is open is written anew, with all that was in it", async () => {
  await using folder = await tempDir();
  const path = folder.join("fand.db");
  const profile = { name: "quiet", owner: "me", reason: null, expiresAt: 5 };
  const store = open(path);
  store.saveOverride("a", override(40));
  store.saveProfile(profile);
  await Deno.remove(path);
  store.saveOverride("b", override(50));
  {
    // As if the server had been killed: the log holds what the file has not yet.
    await Deno.copyFile(path, folder.join("copy.db"));
    await Deno.copyFile(`${path}-wal`, folder.join("copy.db-wal"));
    using copy = open(folder.join("copy.db"));
    deepEqual(copy.loadOverrides().map(({ shelf }) => shelf), ["a", "b"]);
    deepEqual(copy.loadProfile(), profile);
  }
  await Deno.remove(path);
  store.close();
  using next = open(path);
  deepEqual(next.loadOverrides().map(({ shelf }) => shelf), ["a", "b"]);
  ok(next.epoch > store.epoch);
});

Deno.test("a deleted file that cannot be written anew loses nothing once it can", async () => {
  await using folder = await tempDir();
  await Deno.mkdir(folder.join("in"));
  const path = folder.join("in/fand.db");
  using store = open(path);
  store.saveOverride("a", override(40));
  await Deno.remove(folder.join("in"), { recursive: true });
  throws(() => store.saveOverride("b", override(50)), StoreError);
  deepEqual(store.loadOverrides().map(({ shelf }) => shelf), ["a"]);
  await Deno.mkdir(folder.join("in"));
  store.saveOverride("c", override(60));
  deepEqual(store.loadOverrides().map(({ shelf }) => shelf), ["a", "c"]);
});

Deno.test("a save that fails is an error, not a shrug", async () => {
  await using folder = await tempDir();
  const store = open(folder.join("fand.db"));
  store.close();
  throws(() => store.saveOverride("s", override(1)), StoreError);
});

Deno.test("the profile that was ordered by hand survives a restart until it is taken back", async () => {
  await using folder = await tempDir();
  const path = folder.join("fand.db");
  const quiet = { name: "quiet", owner: "me", reason: null, expiresAt: 5 };
  {
    using store = open(path);
    equal(store.loadProfile(), null);
    store.saveProfile({ ...quiet, reason: "a recording" });
    store.saveProfile(quiet);
  }
  {
    using store = open(path);
    deepEqual(store.loadProfile(), quiet);
    store.saveProfile(null);
  }
  using store = open(path);
  equal(store.loadProfile(), null);
});
