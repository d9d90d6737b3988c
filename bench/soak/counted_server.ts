/**
 * The server with its timers counted: SIGUSR1 prints how many wait. Everything else is as with
 * server.ts.
 *
 * @module
 */

const waiting = new Set<unknown>();
const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;

globalThis.setTimeout = ((action: () => void, delayMs?: number, ...rest: unknown[]) => {
  const timer = setTimeout(() => {
    waiting.delete(timer);
    action.apply(undefined, rest as []);
  }, delayMs);
  waiting.add(timer);
  return timer;
}) as typeof globalThis.setTimeout;

globalThis.clearTimeout = ((timer?: number) => {
  waiting.delete(timer);
  clearTimeout(timer);
}) as typeof globalThis.clearTimeout;

globalThis.setInterval = ((action: () => void, delayMs?: number) => {
  const timer = setInterval(action, delayMs);
  waiting.add(timer);
  return timer;
}) as typeof globalThis.setInterval;

globalThis.clearInterval = ((timer?: number) => {
  waiting.delete(timer);
  clearInterval(timer);
}) as typeof globalThis.clearInterval;

Deno.addSignalListener("SIGUSR1", () => {
  Deno.stdout.writeSync(new TextEncoder().encode(`timers ${waiting.size}\n`));
});

const { runServer } = await import("../../src/server/program/main.ts");
Deno.exit(await runServer(Deno.args, "server.ts"));
