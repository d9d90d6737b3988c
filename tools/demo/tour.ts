/**
 * `deno task demo`: a minute with a server, an agent and a simulated board, each a real
 * process. Every step prints what was measured.
 *
 * @module
 */

import { Rig, type Sample } from "./rig.ts";

/** A duty is good for this long unless the configuration says otherwise. */
const DUTY_TTL_MS = 5000;

const startMs = performance.now();

function say(text: string): void {
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1).padStart(5);
  Deno.stdout.writeSync(new TextEncoder().encode(`${seconds} s  ${text}\n`));
}

function shown({ state, applied, compare, steps, rpm }: Sample): string {
  const speed = rpm === null ? "rpm unknown" : `${rpm} rpm`;
  return `${state}, ${applied} % on the board, register ${compare}/${steps}, ${speed}`;
}

/** Times what `action` waits for. */
async function timed<T>(action: () => Promise<T>): Promise<[result: T, tookMs: number]> {
  const beginMs = performance.now();
  const result = await action();
  return [result, Math.round(performance.now() - beginMs)];
}

async function birth(rig: Rig): Promise<void> {
  say("1. A server and an agent start. Fans are born at full speed and stay there until the");
  say("   first readings are in.");
  const [, startedMs] = await timed(() => rig.startServer());
  say(`   server: listening after ${startedMs} ms`);
  rig.startAgent();
  say(`   agent:  ${shown(await rig.sample(() => true))}`);
  const [calm, calmMs] = await timed(() =>
    rig.sample(({ state, applied }) => state === "held" && applied < 60)
  );
  say(`   agent:  ${shown(calm)}, after ${calmMs} ms`);
}

async function load(rig: Rig): Promise<void> {
  say("2. The machine gets work: its temperature rises, the duty follows, the fan follows.");
  for (const percent of [45, 55, 65]) {
    const sample = await rig.sample(({ applied }) => applied >= percent, 60_000);
    say(`   agent:  ${shown(sample)}`);
  }
  say(indented(await rig.fanctl("status", "nas")));
}

async function rest(rig: Rig): Promise<void> {
  say("3. The work is done: the shelf cools, the fan calms down.");
  for (const percent of [70, 50, 40]) {
    const sample = await rig.sample(({ applied }) => applied <= percent, 60_000);
    say(`   agent:  ${shown(sample)}`);
  }
}

async function lostSensor(rig: Rig): Promise<void> {
  say("5. A disk is pulled out: its sensor is missed four times, then it counts as lost, and a");
  say("   lost sensor asks for everything.");
  rig.forget();
  const [, lostMs] = await timed(async () => {
    await rig.unplugDisk();
    await rig.sample(({ applied }) => applied === 100);
  });
  say(`   full speed ${lostMs} ms later`);
  say(indented(await rig.fanctl("status", "nas")));
  const [, backMs] = await timed(async () => {
    await rig.plugDisk();
    await rig.sample(({ applied }) => applied < 100);
  });
  say(`   the disk is back: control resumes after ${backMs} ms`);
}

async function override(rig: Rig): Promise<void> {
  say("4. Somebody wants quiet: an override of 30 % for eight seconds.");
  rig.forget();
  const beginMs = performance.now();
  say(indented(
    await rig.fanctl("set-pwm-override", "nas", "30", "--expire-in", "8s"),
  ));
  await rig.sample(({ applied }) => applied === 30);
  say(`   on the board ${Math.round(performance.now() - beginMs)} ms after the command was typed`);
  const after = await rig.sample(({ applied }) => applied > 30);
  say(`   over after ${Math.round(performance.now() - beginMs)} ms: ${shown(after)}`);
}

async function death(rig: Rig): Promise<void> {
  say("6. The server is killed without a word (SIGKILL). Its last duty is good for at most");
  say(`   ${DUTY_TTL_MS} ms; then the agent goes to the safe level by itself.`);
  rig.forget();
  const beginMs = performance.now();
  await rig.endServer("SIGKILL");
  const safe = await rig.sample(({ state }) => state === "failsafe");
  say(`   after ${Math.round(performance.now() - beginMs)} ms: ${shown(safe)}`);
  const fast = await rig.sample(({ rpm }) => (rpm ?? 0) > 1500);
  say(`   after ${Math.round(performance.now() - beginMs)} ms: ${shown(fast)}`);
}

async function recovery(rig: Rig): Promise<void> {
  say("7. The server returns. Nobody has to do anything.");
  rig.forget();
  const [, listeningMs] = await timed(() => rig.startServer());
  say(`   server: listening after ${listeningMs} ms`);
  const [held, heldMs] = await timed(() =>
    rig.sample(({ state, applied }) => state === "held" && applied < 100)
  );
  say(`   agent:  ${shown(held)}, ${heldMs} ms later`);
}

async function end(rig: Rig): Promise<void> {
  say("8. Both are asked to stop (SIGTERM). The agent leaves its fans at the safe level.");
  const agent = await rig.endAgent("SIGTERM");
  const server = await rig.endServer("SIGTERM");
  say(`   agent:  exit ${agent.code} after ${Math.round(agent.tookMs)} ms`);
  say(`   server: exit ${server.code} after ${Math.round(server.tookMs)} ms`);
}

function indented(text: string): string {
  return "   " + text.replaceAll("\n", `\n${" ".repeat(12)}`);
}

say("Everything here is real but the shelf: the board runs the firmware image that is flashed,");
say("instruction by instruction, and its fans and the heat are models.");
await using rig = await Rig.make();
for (const step of [birth, load, rest, override, lostSensor, death, recovery, end]) await step(rig);
say("Done.");
