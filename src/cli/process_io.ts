/**
 * The real process around fanctl.
 *
 * @module
 */
import { SYSTEM_PLACES } from "../board/hwmon/places.ts";
import { systemClock } from "../clock.ts";
import type { CliIo } from "./io.ts";

/** Standard streams, terminal, signals and time zone of this process. */
export function processIo(): CliIo {
  let interrupt: AbortController | null = null;
  return {
    stdout(text) {
      try {
        writeAll(Deno.stdout, text);
      } catch (error) {
        // The reader has had enough, as in `fanctl watch | head -1`: that is a wish to end.
        if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
        interrupt ??= interruptible();
        interrupt.abort();
      }
    },
    stderr: (text) => writeAll(Deno.stderr, text),
    stdin: () => Deno.stdin.readable,
    terminal: () => Deno.stdout.isTerminal() ? Deno.consoleSize() : null,
    variable(name) {
      // Asked before, because Deno would otherwise stop and prompt in a terminal.
      const { state } = Deno.permissions.querySync({ name: "env", variable: name });
      return state === "granted" ? Deno.env.get(name) : undefined;
    },
    random: (bytes) => void crypto.getRandomValues(bytes),
    localZone: () => Temporal.Now.timeZoneId(),
    // Listening starts with the first use: until then Ctrl-C ends the process as usual.
    get signal() {
      interrupt ??= interruptible();
      return interrupt.signal;
    },
    places: SYSTEM_PLACES,
    clock: systemClock,
  };
}

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
}

function interruptible(): AbortController {
  const controller = new AbortController();
  const abort = () => {
    Deno.removeSignalListener("SIGINT", abort);
    Deno.removeSignalListener("SIGTERM", abort);
    controller.abort();
  };
  Deno.addSignalListener("SIGINT", abort);
  Deno.addSignalListener("SIGTERM", abort);
  return controller;
}
