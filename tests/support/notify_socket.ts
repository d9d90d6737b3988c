/**
 * The socket of a service manager, with socat behind it.
 *
 * @module
 */
import { startProcess, type TestProcess } from "./process.ts";
import { testNeeding } from "./test_with.ts";

/** Registers a test that needs such a socket. */
export function testOnNotifySocket(name: string, run: () => Promise<void>): void {
  testNeeding(["socat"], name, run);
}

/** Hears what a service says; hold it with `await using`. */
export class NotifySocket implements AsyncDisposable {
  readonly #socat: TestProcess;
  /** What NOTIFY_SOCKET must hold. */
  readonly address: string;

  private constructor(socat: TestProcess, address: string) {
    this.#socat = socat;
    this.address = address;
  }

  /** Listens at a path, or at `@` and a name in the abstract namespace. */
  static async listen(address: string): Promise<NotifySocket> {
    const from = address.startsWith("@")
      ? `ABSTRACT-RECV:${address.slice(1)}`
      : `UNIX-RECV:${address}`;
    const socat = startProcess("socat", ["-d", "-d", "-u", from, "-"]);
    await socat.line("starting data transfer loop");
    return new NotifySocket(socat, address);
  }

  /** The next message like this one, said already or still to come. */
  async next(message: string): Promise<void> {
    await this.#socat.line(new RegExp(`^${message}$`));
  }

  /** What was said so far, in order. */
  get said(): string[] {
    return this.#socat.stdout.split("\n").slice(0, -1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#socat[Symbol.asyncDispose]();
  }
}
