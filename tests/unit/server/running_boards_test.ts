import { deepEqual } from "node:assert/strict";
import { RunningBoards } from "../../../src/server/boards/running_boards.ts";
import type { BoardConfig } from "../../../src/config/config.ts";
import { defaultConfig } from "../../../src/config/default_config.ts";

function setUp() {
  const said: string[] = [];
  const boards = new RunningBoards(({ name, line }, signal) => {
    said.push(`begin ${name} on ${line}`);
    const { promise, resolve } = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => {
      said.push(`end ${name}`);
      resolve();
    });
    return promise;
  });
  return { boards, said };
}

function board(name: string, line = "sim:"): BoardConfig {
  const [any] = defaultConfig([]).boards;
  if (any === undefined) throw new Error("the default has a board");
  return { ...any, name, line };
}

Deno.test("a board that is configured as before is not touched by a new configuration", async () => {
  const { boards, said } = setUp();
  await boards.apply([board("a"), board("b")]);
  await boards.apply([board("b"), board("a")]);
  deepEqual(said, ["begin a on sim:", "begin b on sim:"]);
  await boards.stop();
});

Deno.test("a board that has changed lets its line go before it is opened anew", async () => {
  const { boards, said } = setUp();
  await boards.apply([board("a"), board("b")]);
  said.length = 0;
  await boards.apply([board("a", "sim:2"), board("c")]);
  deepEqual(said, ["end a", "end b", "begin a on sim:2", "begin c on sim:"]);
  await boards.stop();
});

Deno.test("nothing begins after the end", async () => {
  const { boards, said } = setUp();
  await boards.apply([board("a")]);
  await Promise.all([boards.stop(), boards.apply([board("b")])]);
  await boards.apply([board("c")]);
  deepEqual(said, ["begin a on sim:", "end a"]);
});
