/**
 * Alerts that a program is told, and programs that an alert runs.
 *
 * @module
 */
import { FandError } from "../../errors.ts";
import type { Libc } from "../../libc/libc.ts";
import { runTool } from "../../sensors/tools/run_tool.ts";
import type { Deliver } from "./outlet.ts";

/** What a program may print; none of it is kept but the end of an error. */
const MOST_BYTES = 65_536;
const MOST_SAID = 200;

/**
 * A delivery that runs `argv` for each notice and gives it the notice as one line of JSON on its
 * input. No shell reads the arguments, and nothing of the notice is among them.
 */
export function program(argv: readonly string[], libc: Libc): Deliver {
  return async (notice, signal) => {
    const input = `${JSON.stringify(notice)}\n`;
    const { code, stderr } = await runTool(argv, { signal, maxBytes: MOST_BYTES, libc, input });
    if (code === 0) return;
    const said = stderr.trim() === "" ? "" : ` and said "${stderr.trim().slice(-MOST_SAID)}"`;
    throw new FandError(
      `Cannot deliver with "${argv[0]}": it ended with ${code}${said}; run it by hand`,
    );
  };
}
