/**
 * A host process that is stopped, at a board that is no part of it: the committed image in simavr
 * behind a pseudo terminal. (A simulated board dies and stands still with its process.)
 */
import assert from "node:assert/strict";
import { tell } from "../../support/faulty_line.ts";
import { LIBC } from "../../support/permissions_page.ts";
import { startDeno } from "../../support/process.ts";
import { SIMAVR_PARTS, SimavrBoard, testOnSimavr } from "../../support/simavr_board.ts";
import { until } from "../../support/until.ts";

const TTL_MS = 500;
const LATE_MS = 100;
const CYCLES_A_MS = 16_000;

const BASE = new URL("../../../src/", import.meta.url);
/** Holds 25 % for as long as it runs. */
const HOST = `
  import { Board } from "${BASE}board/board.ts";
  import { openLine } from "${BASE}board/open_line.ts";
  import { systemClock } from "${BASE}clock.ts";
  const board = await Board.open(await openLine(Deno.args[0]), { clock: systemClock });
  for (let count = 0;; count++) {
    await board.set(board.hello.channels.map(() => ({ permille: 250, ttlMs: ${TTL_MS} })));
    if (count === 0) console.log("driving");
  }`;

for (const part of SIMAVR_PARTS) {
  testOnSimavr(
    `${part.title} in simavr: a host process that is stopped lets the TTL act`,
    async () => {
      await using chip = await SimavrBoard.start(part);
      const all = async (duty: number): Promise<number> => {
        let cycle = 0;
        await until(async () => {
          const seen = await chip.observe();
          cycle = seen.cycle;
          return seen.channels.every((channel) => channel.duty === duty);
        }, `a duty of ${duty}`);
        return cycle / CYCLES_A_MS;
      };
      const flags = ["--no-prompt", `--allow-ffi=${LIBC}`, "--ext=ts", "-"];
      await using host = startDeno(["run", ...flags, chip.path], { stdin: HOST });
      await host.line("driving");
      await all(0.25);
      host.kill("SIGSTOP");
      const stoppedMs = (await chip.observe()).cycle / CYCLES_A_MS;
      const tookMs = await all(1) - stoppedMs;
      assert.ok(tookMs <= TTL_MS + LATE_MS, `${tookMs} ms`);
      tell(`${part.title} in simavr: safe ${tookMs.toFixed(0)} ms after SIGSTOP, TTL ${TTL_MS} ms`);
      host.kill("SIGCONT");
      await all(0.25);
      host.kill("SIGKILL");
      await host.ended;
      await all(1);
    },
  );
}
