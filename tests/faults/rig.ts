/**
 * The whole chain in real processes: a sensor, a server, an agent and a board in simavr, with a
 * relay in every line between them. Two shelves: `a` follows the sensor that faults befall, `b` a
 * file that nobody touches; their fans are on channels 0 and 1 of one board.
 *
 * @module
 */

import { TtyLine } from "../../src/board/tty_line.ts";
import { startDeno, type TestProcess } from "../support/process.ts";
import { Relay } from "../support/relay.ts";
import { SerialServer } from "../support/serial_server.ts";
import { Client } from "../support/serve.ts";
import { serverArgs } from "../support/server_process.ts";
import { SIMAVR_PARTS, SimavrBoard } from "../support/simavr_board.ts";
import { TempDir } from "../support/temp_dir.ts";
import { until } from "../support/until.ts";

/** The times of a rig's server. */
export interface Times {
  readonly tickMs: number;
  readonly dutyTtlMs: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly misses: number;
}

/** Short ones, so that a matrix of faults takes minutes. */
export const TIMES: Times = {
  tickMs: 300,
  dutyTtlMs: 2000,
  intervalMs: 250,
  timeoutMs: 200,
  misses: 7,
};
/** For how long a reading is good. */
export const READING_MS: number = TIMES.intervalMs * (TIMES.misses + 1) + TIMES.timeoutMs;
/** What both curves ask for. */
const DUTY = 0.425;
/** One step of channel 0's timer. */
const STEP = 1 / 320;
const START_MS = 20_000;
const BAUD_RATE = 250_000;
/** Of the chip. */
const CYCLES_A_MS = 16_000;
/** How much of a duty's time is left of one whose readings are of now. */
const FRESH = 0.8;

/** What of a shelf's status the rig looks at. */
interface Status {
  readonly details: { readonly state?: string } | null;
  readonly ttl_ms: number;
}

/** How a fan is driven: at what its shelf asks for, at its safe level, or otherwise. */
export type Drive = "duty" | "safe" | "other";

/** The processes and the lines between them; hold it with `await using`. */
export class Rig implements AsyncDisposable {
  sensor!: TestProcess;
  server!: TestProcess;
  agent!: TestProcess;
  board!: SimavrBoard;
  /** From the server to the sensor. */
  readonly readings: Relay;
  /** From the agent to the server. */
  readonly network: Relay;
  /** From the agent to the board. */
  readonly serial: Relay;
  readonly #folder: TempDir;
  readonly #times: Times;
  /** The first server's, and that of all after it. */
  serverPort = 0;
  readonly #port = new SerialServer();
  #boardIsFree: Promise<void> = Promise.resolve();

  private constructor(folder: TempDir, seed: number, times: Times) {
    this.#folder = folder;
    this.#times = times;
    this.readings = new Relay(0, seed);
    this.network = new Relay(0, seed);
    this.serial = new Relay(this.#port.port, seed);
  }

  /** Starts everything, and waits until both fans have their duty. */
  static async start(seed: number, times: Times = TIMES): Promise<Rig> {
    const rig = new Rig(await TempDir.make(), seed, times);
    try {
      await Promise.all([rig.startSensor(), rig.startBoard()]);
      await rig.startServer();
      rig.startAgent();
      await until(() => rig.isAt("duty"), "both fans at their duty", START_MS);
      return rig;
    } catch (error) {
      await rig[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Whether the server knows that no board drives the fans. */
  async knowsNoBoard(): Promise<boolean> {
    const statuses = await this.#statuses();
    return statuses.every(({ details }) => details?.state === "no board");
  }

  /** Whether nothing is left of an earlier fault: agent and server hold what is fresh. */
  async isSettled(): Promise<boolean> {
    const statuses = await this.#statuses();
    const freshMs = FRESH * this.#times.dutyTtlMs;
    return statuses.length === 2 && await this.isAt("duty") &&
      statuses.every(({ details, ttl_ms }) => details?.state === "held" && ttl_ms >= freshMs);
  }

  /** What there is to know when it does not come to rest. */
  async story(): Promise<string> {
    const told = { drives: await this.drives(), statuses: await this.#statuses() };
    const said = [this.server, this.agent].map((child) => child.stderr.slice(-1000));
    return [JSON.stringify(told), ...said].join("\n");
  }

  async #statuses(): Promise<Status[]> {
    const client = new Client(await Deno.connect({ hostname: "127.0.0.1", port: this.serverPort }));
    try {
      const [, [page]] = await client.ask("status");
      return page as unknown as Status[];
    } finally {
      client.close();
    }
  }

  /** How both fans are driven now, seen from outside of the board. */
  async drives(): Promise<readonly [a: Drive, b: Drive]> {
    return (await this.look()).drives;
  }

  /** The same, with the time of the chip's own clock. */
  async look(): Promise<
    { readonly drives: readonly [a: Drive, b: Drive]; readonly chipMs: number }
  > {
    const { channels: [a, b], cycle } = await this.askBoard((board) => board.observe());
    return { drives: [driveOf(a?.duty), driveOf(b?.duty)], chipMs: cycle / CYCLES_A_MS };
  }

  /** Does something with the board after all that was begun before: it answers line by line. */
  askBoard<T>(action: (board: SimavrBoard) => Promise<T>): Promise<T> {
    const done = this.#boardIsFree.then(() => action(this.board));
    this.#boardIsFree = done.then(() => {}, () => {});
    return done;
  }

  /** Whether both fans are driven like this. */
  async isAt(wanted: Drive): Promise<boolean> {
    return (await this.drives()).every((drive) => drive === wanted);
  }

  async startSensor(): Promise<void> {
    const args = ["run", "--no-prompt", "--allow-net=127.0.0.1", "tests/faults/sensor_program.ts"];
    this.sensor = startDeno(args);
    const line = await this.sensor.line(/^port \d+/);
    this.readings.retarget(Number(line.slice("port ".length)));
  }

  async startServer(): Promise<void> {
    await this.#folder.write("temp", "42.5");
    const config = await this.#folder.write("fand.toml", this.#configText());
    const args = serverArgs(this.#folder, ["-c", config, "-p", `${this.serverPort}`]);
    this.server = startDeno(args);
    const line = await this.server.line("listening on");
    this.serverPort = Number(/:(\d+);/.exec(line)?.[1]);
    this.network.retarget(this.serverPort);
  }

  startAgent(): void {
    const state = this.#folder.join("agent.json");
    this.agent = startDeno([
      ...["run", "--no-prompt", "--allow-net=127.0.0.1", `--allow-read=${this.#folder.path}`],
      ...[`--allow-write=${this.#folder.path}`, "client.ts", "agent", "a=0", "b=1"],
      ...["--board", `tcp://127.0.0.1:${this.serial.port}`, "--name", "rig", "--state", state],
      ...["-a", "127.0.0.1", "-p", `${this.network.port}`],
    ]);
  }

  /** Powers a board and connects its line. */
  async startBoard(): Promise<void> {
    const [part] = SIMAVR_PARTS;
    if (part === undefined) throw new Error("No part is known");
    this.board = await SimavrBoard.start(part);
    await this.connectBoard();
  }

  /** Hands the board's terminal on over TCP. */
  async connectBoard(): Promise<void> {
    await this.#port.attach(await TtyLine.open({ port: this.board.path, baudRate: BAUD_RATE }));
  }

  /** What the server says of the rig's board and shelves in its log goes nowhere else. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of [this.agent, this.server, this.sensor]) {
      child?.kill("SIGCONT");
      child?.kill("SIGKILL");
      await child?.[Symbol.asyncDispose]();
    }
    for (const relay of [this.readings, this.network, this.serial]) await relay.close();
    await this.#port[Symbol.asyncDispose]();
    await this.board?.[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }

  #configText(): string {
    const { tickMs, dutyTtlMs } = this.#times;
    return [
      `store = "none"`,
      `tick_ms = ${tickMs}`,
      `heartbeat_ms = ${tickMs}`,
      `duty_ttl_ms = ${dutyTtlMs}`,
      shelfText("a", `type = "http"\nurl = "http://127.0.0.1:${this.readings.port}/"`, this.#times),
      // Nobody writes it again, however long the rig runs.
      shelfText(
        "b",
        `type = "file"\nmax_age_ms = 86400000\npath = "${this.#folder.join("temp")}"`,
        this.#times,
      ),
    ].join("\n");
  }
}

/** A shelf and its sensor; its fans are not doubted when the simulator is late. */
function shelfText(name: string, source: string, times: Times): string {
  return `
[[sensor]]
name = "${name}"
interval_ms = ${times.intervalMs}
timeout_ms = ${times.timeoutMs}
misses = ${times.misses}
failsafe_hold_ms = 500
${source}
[[shelf]]
name = "${name}"
[[shelf.cause]]
name = "warmth"
sensors = ["${name}"]
shape = "linear"
curve = [[20, 20], [80, 80]]
fall_hysteresis_c = 0
fall_response_ms = 0
[shelf.output]
fall_percent_per_s = 1000
[shelf.fans]
stall_ms = 600000
`;
}

function driveOf(duty: number | undefined): Drive {
  if (duty === 1) return "safe";
  return duty !== undefined && Math.abs(duty - DUTY) <= STEP ? "duty" : "other";
}
