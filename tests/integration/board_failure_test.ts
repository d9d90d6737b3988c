import { deepEqual, equal } from "node:assert/strict";
import { serve } from "../support/serve.ts";

Deno.test("what a board's agent says of a failure is handed on as a failure", async () => {
  await using server = serve();
  const agent = await server.connect();
  const asker = await server.connect();
  await agent.ask("board", "left", {});
  const failing = async (code: string, message: string) => {
    await asker.send("board_do", ["left", "info"], 7);
    const [push, [ticket = null]] = await agent.next();
    equal(push, "board_do");
    deepEqual(await agent.ask("board_done", ticket, null, code, message), ["ack", []]);
    return await asker.next();
  };
  const usual = "Cannot ask the board: it does not answer; look at its line";
  deepEqual(await failing("serial", usual), ["error", ["serial", usual]]);
  deepEqual(await failing("__proto__", usual), ["error", ["board", usual]]);
  deepEqual(await failing("", usual), ["error", ["board", usual]]);
  const [, [, long]] = await failing("board", "x".repeat(5000));
  equal(String(long).length, 1001);
});
