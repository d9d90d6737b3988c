/**
 * Why the loop that holds a speed is on the board: the same loop on the board and on the host, over
 * the same link, to the same simulated fan, with a host that never stands still, and with one that
 * does for 600 ms while the speed changes. In simulated time: `deno run bench/speed_loop.ts`.
 *
 * @module
 */
import { FirmwareBoard } from "../tests/support/firmware_board.ts";
import { UNO } from "../tests/support/firmware_images.ts";

const SETTLE_MS = 9000;
const WATCH_MS = 10_000;
const TTL_MS = 2000;
/** So often does an agent repeat itself. */
const AGENT_MS = 500;
/** So often does the board's own loop step. */
const STEP_MS = 50;
const LOOK_MS = 10;
const HICCUP_MS = 600;
const WITHIN = 0.02;

const say = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));

/** What drives the fan: called whenever the host's turn has come. */
interface Host {
  readonly everyMs: number;
  turn(board: FirmwareBoard, targetRpm: number): void;
}

/** The loop is on the board; the host says what speed it wants. */
const speedHost: Host = {
  everyMs: AGENT_MS,
  turn: (board, rpm) => void board.command(board.every({ rpm, ttlMs: TTL_MS })),
};

/** The board's PI, with its gains (firmware/src/speed_loop.c), that sees what a status tells. */
class LoopHost implements Host {
  readonly everyMs: number;
  readonly #topRpm: number;
  #output: number;
  #integral: number;
  #expected: number;

  /** @param topRpm at full duty */
  constructor(everyMs: number, topRpm: number, atRpm: number) {
    this.everyMs = everyMs;
    this.#topRpm = topRpm;
    this.#output = this.#integral = this.#expected = 1000 * atRpm / topRpm;
  }

  turn(board: FirmwareBoard, targetRpm: number): void {
    const rpm = board.status().channels[0]?.rpm ?? 0;
    const steps = this.everyMs / STEP_MS;
    const expected = 1000 * targetRpm / this.#topRpm;
    const error = 1000 * (targetRpm - rpm) / this.#topRpm;
    this.#integral += expected - this.#expected;
    this.#expected = expected;
    const wanted = this.#integral + 2.5 * error;
    const low = Math.min(1000, Math.max(0, this.#output - 100 * steps));
    const high = Math.min(1000, Math.max(low, this.#output + 100 * steps));
    this.#output = Math.min(high, Math.max(low, wanted));
    const held = error > 0 ? wanted > high : wanted < low;
    if (!held) this.#integral += 21 / 256 * steps * Math.min(60, Math.max(-60, error));
    this.#integral = Math.min(1000, Math.max(0, this.#integral));
    board.command(board.every({ permille: Math.round(this.#output), ttlMs: TTL_MS }));
  }
}

interface Outcome {
  /** Until it stays within 2 % of the target. */
  readonly settledMs: number;
  /** By how much it went past the target, in percent of the step. */
  readonly overshootPercent: number;
  /** Mean of the distance from the target over the time that is watched, in rpm. */
  readonly errorRpm: number;
}

/** The fan's rpm as the host's turns come, with none from `awayMs` on for a while. */
class Run {
  readonly board = new FirmwareBoard("registers", UNO);
  readonly #host: Host;
  #turnMs: number;

  constructor(makeHost: (topRpm: number, atRpm: number) => Host, atRpm: number) {
    this.board.hello();
    this.board.machine.advance(SETTLE_MS);
    this.#host = makeHost(this.rpm, atRpm);
    this.#turnMs = this.board.machine.timeMs;
    this.run(SETTLE_MS, atRpm, Infinity, () => {});
  }

  get rpm(): number {
    return this.board.machine.fans[0]?.rpm ?? 0;
  }

  run(ms: number, targetRpm: number, awayMs: number, look: (passedMs: number) => void): void {
    const { machine } = this.board;
    const startMs = machine.timeMs;
    this.#turnMs = startMs;
    for (let passedMs = 0; passedMs < ms; passedMs = machine.timeMs - startMs) {
      const isAway = passedMs >= awayMs && passedMs < awayMs + HICCUP_MS;
      if (machine.timeMs >= this.#turnMs && !isAway) {
        const { everyMs } = this.#host;
        this.#turnMs = Math.max(this.#turnMs, machine.timeMs - everyMs) + everyMs;
        this.#host.turn(this.board, targetRpm);
      }
      machine.advance(LOOK_MS);
      look(machine.timeMs - startMs);
    }
  }
}

type MakeHost = (topRpm: number, atRpm: number) => Host;

/** @param awayMs when after the step the host stands still; Infinity = never */
function step(makeHost: MakeHost, [fromRpm, toRpm]: Step, awayMs: number): Outcome {
  const run = new Run(makeHost, fromRpm);
  const sign = Math.sign(toRpm - fromRpm);
  let [past, settledMs, sum, looks] = [0, 0, 0, 0];
  run.run(WATCH_MS, toRpm, awayMs, (passedMs) => {
    const distance = run.rpm - toRpm;
    past = Math.max(past, sign * distance);
    if (Math.abs(distance) > WITHIN * toRpm) settledMs = passedMs;
    sum += Math.abs(distance);
    looks++;
  });
  const overshootPercent = 100 * past / Math.abs(toRpm - fromRpm);
  return { settledMs, overshootPercent, errorRpm: sum / looks };
}

function report(what: string, outcomes: readonly Outcome[]): void {
  const worst = (of: (outcome: Outcome) => number) => Math.max(...outcomes.map(of));
  say(
    `  ${what.padEnd(50)} within 2 % after ${
      worst(({ settledMs }) => settledMs).toFixed(0).padStart(4)
    } ms, overshoot ${
      worst(({ overshootPercent }) => overshootPercent).toFixed(1).padStart(4)
    } %, ` +
      `mean error ${worst(({ errorRpm }) => errorRpm).toFixed(0)} rpm`,
  );
}

type Step = readonly [fromRpm: number, toRpm: number];
const STEPS: readonly Step[] = [[400, 1400], [1400, 400]];
const AWAY_MS = Array.from({ length: 10 }, (_, at) => at * 200);

const HOSTS: readonly [what: string, make: MakeHost][] = [
  ["on the board", () => speedHost],
  ["on the host, 20 times a second", (top, at) => new LoopHost(STEP_MS, top, at)],
  ["on the host, twice a second", (top, at) => new LoopHost(AGENT_MS, top, at)],
];

for (const change of STEPS) {
  say(`${change.join(" to ")} rpm`);
  for (const [what, make] of HOSTS) {
    report(what, [step(make, change, Infinity)]);
    const away = AWAY_MS.map((awayMs) => step(make, change, awayMs));
    report(`the same, the worst of ${away.length} standstills of ${HICCUP_MS} ms`, away);
  }
}
