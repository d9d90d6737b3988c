/** The rules for doors over a unix socket; its path is the argument, for Deno grants no other. */

import { equal, rejects } from "node:assert/strict";
import { UnixDoor } from "../../../src/server/doors/unix_door.ts";
import { unixKind } from "./doors.ts";
import { testDoors } from "./suite.ts";

const path = Deno.args[0] ?? "";

testDoors([unixKind(path)]);

[
  async function leavesAFileAloneThatIsNoSocket() {
    await Deno.writeTextFile(path, "mine");
    await rejects(UnixDoor.open(path), {
      name: "ListeningError",
      message:
        `Cannot listen on unix:${path}: a file is there that is no socket; choose another path`,
    });
    equal(await Deno.readTextFile(path), "mine");
    await Deno.remove(path);
  },
  async function isForItsOwnerAndGroupWhateverTheMaskIs() {
    const door = await UnixDoor.open(path);
    equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o660);
    await rejects(UnixDoor.open(path), /another server listens there/);
    door.close();
    await rejects(Deno.lstat(path), Deno.errors.NotFound);
  },
].forEach((rule) => Deno.test(`a unix socket ${rule.name}`, rule));
