/**
 * Pseudo terminals that socat makes and connects: what a serial port is to this driver, without
 * hardware.
 *
 * @module
 */
import { startProcess, type TestProcess } from "./process.ts";
import { testNeeding } from "./test_with.ts";

/** Registers a test that needs pseudo terminals, and maybe other programs. */
export function testOnPty(
  name: string,
  run: (context: Deno.TestContext) => void | Promise<void>,
  programs: readonly string[] = [],
): void {
  testNeeding(["socat", ...programs], name, run);
}

/**
 * One or two terminals and what is at their other end; hold it with `await using`. socat keeps
 * them in being, also while nobody has them open.
 */
export class Pty implements AsyncDisposable {
  readonly #socat: TestProcess;
  /** Their device files. */
  readonly paths: readonly string[];

  private constructor(socat: TestProcess, paths: readonly string[]) {
    this.#socat = socat;
    this.paths = paths;
  }

  /** Two terminals: what is written to one can be read from the other. */
  static pair(): Promise<Pty> {
    return Pty.#open(["pty,raw,echo=0", "pty,raw,echo=0"]);
  }

  /** One terminal that sends back what it is sent. */
  static echo(): Promise<Pty> {
    return Pty.#open(["pty,raw,echo=0", "EXEC:cat"]);
  }

  static async #open(addresses: readonly string[]): Promise<Pty> {
    const socat = startProcess("socat", ["-d", "-d", ...addresses]);
    const paths: string[] = [];
    for (const address of addresses) {
      if (!address.startsWith("pty")) continue;
      const line = await socat.line("PTY is ");
      paths.push(line.slice(line.indexOf("/dev/")));
    }
    await socat.line("starting data transfer loop");
    return new Pty(socat, paths);
  }

  /** The first terminal. */
  get path(): string {
    return this.paths[0] ?? "";
  }

  /** The second terminal of a pair. */
  get otherPath(): string {
    return this.paths[1] ?? "";
  }

  /** Pulls the plug. */
  async unplug(): Promise<void> {
    this.#socat.kill("SIGKILL");
    await this.#socat.ended;
  }

  /** Removes the terminals. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#socat[Symbol.asyncDispose]();
  }
}
