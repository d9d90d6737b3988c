/**
 * The committed images in Debian's simavr behind a real pseudo terminal, with fans on the pins:
 * `tests/support/simavr/board.c`, built and driven. It runs in real time, and makes no PWM edges:
 * what it is asked for are the registers behind them.
 *
 * @module
 */
import assert from "node:assert/strict";
import { REPOSITORY } from "./paths.ts";
import { runProcess } from "./process.ts";
import { type TempDir, tempDir } from "./temp_dir.ts";
import { isOnPath, testSkipped } from "./test_with.ts";

/** A part and its image. */
export interface SimavrPart {
  /** As simavr calls it. */
  readonly name: "atmega328p" | "atmega2560";
  /** As the board says in its hello. */
  readonly title: "ATmega328P" | "ATmega2560";
  /** The file of what is flashed into it. */
  readonly image: string;
}

/** Both parts, with their committed images. */
export const SIMAVR_PARTS: readonly SimavrPart[] = [
  { name: "atmega328p", title: "ATmega328P", image: `${REPOSITORY}firmware/fand_328p.hex` },
  { name: "atmega2560", title: "ATmega2560", image: `${REPOSITORY}firmware/fand_2560.hex` },
];

/** A channel as it is seen from outside the chip. */
export interface SimavrChannel {
  readonly compare: number;
  readonly top: number;
  /** Whether the timer has the pin. */
  readonly connected: boolean;
  /** Whether the pin is an input: full speed. */
  readonly released: boolean;
  /** How much of a period the fan's PWM wire is high, 0 to 1. */
  readonly duty: number;
  /** The rotor's own speed. */
  readonly rpm: number;
}

/** A board at a moment. */
export interface SimavrObservation {
  /** Of the chip's clock, 16 000 a millisecond. */
  readonly cycle: number;
  readonly channels: readonly SimavrChannel[];
}

const HEADER = "/usr/include/simavr/sim_avr.h";
const START_LIMIT_MS = 20_000;

/** Registers a test that needs simavr, a C compiler and `programs`; in CI it fails without them. */
export function testOnSimavr(
  name: string,
  run: (context: Deno.TestContext) => Promise<void>,
  programs: readonly string[] = [],
): void {
  const missing = [
    ...["gcc", ...programs].filter((program) => !isOnPath(program)),
    ...(hasHeader() ? [] : ["libsimavr-dev"]),
  ];
  if (missing.length === 0 || Deno.env.get("CI") === "true") Deno.test(name, run);
  else testSkipped(name, `${missing.join(" and ")} not installed`);
}

/** A running board; hold it with `await using`. */
export class SimavrBoard implements AsyncDisposable {
  readonly #dir: TempDir;
  readonly #child: Deno.ChildProcess;
  readonly #commands: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;
  #path = "";
  #rest = "";

  private constructor(dir: TempDir, part: SimavrPart) {
    this.#dir = dir;
    this.#child = new Deno.Command(dir.join("board"), {
      args: [part.name, part.image],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#commands = this.#child.stdin.getWriter();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Builds the simulator, and powers a board with the part's image. */
  static async start(part: SimavrPart): Promise<SimavrBoard> {
    const dir = await tempDir();
    const source = `${REPOSITORY}tests/support/simavr/board.c`;
    const flags = ["-O2", "-Wall", "-Wextra", "-Werror", "-I/usr/include/simavr"];
    const { code, stderr } = await runProcess(
      "gcc",
      [...flags, "-o", dir.join("board"), source, "-lsimavr"],
      { timeoutMs: START_LIMIT_MS },
    );
    assert.equal(code, 0, stderr);
    const board = new SimavrBoard(dir, part);
    await board.#takePort();
    return board;
  }

  /** The process id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** The terminal that the board's line is on. */
  get path(): string {
    return this.#path;
  }

  /** What the board does. */
  async observe(): Promise<SimavrObservation> {
    return JSON.parse(await this.#ask("observe", /^\{/));
  }

  /** Resets the chip as if by this cause. */
  async reset(cause: "power" | "external" | "brownout" | "watchdog"): Promise<void> {
    await this.#ask(`reset ${cause}`, /^reset /);
  }

  /** Blocks a fan's rotor. */
  async stall(channel: number): Promise<void> {
    await this.#ask(`stall ${channel}`, /^stall /);
  }

  /** Lets it go. */
  async free(channel: number): Promise<void> {
    await this.#ask(`free ${channel}`, /^free /);
  }

  /** Pulls the USB plug out; the board itself runs on. */
  async unplug(): Promise<void> {
    await this.#ask("unplug", /^unplugged$/);
  }

  /** Plugs it in again: another terminal. */
  async plug(): Promise<void> {
    await this.#say("plug");
    await this.#takePort();
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#commands.close().catch(() => {});
    for (let isOver = false; !isOver;) isOver = (await this.#lines.read()).done;
    await this.#child.status;
    await this.#dir[Symbol.asyncDispose]();
  }

  async #takePort(): Promise<void> {
    this.#path = (await this.#line(/^port /)).slice("port ".length);
  }

  async #ask(command: string, answer: RegExp): Promise<string> {
    await this.#say(command);
    return await this.#line(answer);
  }

  async #say(command: string): Promise<void> {
    await this.#commands.write(new TextEncoder().encode(`${command}\n`));
  }

  /** The next line that matches. */
  async #line(pattern: RegExp): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf("\n");
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        if (pattern.test(line)) return line;
        assert.doesNotMatch(line, /^(unknown|stopped)/);
        continue;
      }
      const { value, done } = await this.#lines.read();
      assert.ok(!done, "the simulated board has ended");
      this.#rest += value;
    }
  }
}

function hasHeader(): boolean {
  try {
    return Deno.statSync(HEADER).isFile;
  } catch {
    return false;
  }
}
