/**
 * The signals that the server listens to.
 *
 * @module
 */

/** SIGINT and SIGTERM ask for the end. */
export class StopSignal implements Disposable {
  readonly #controller = new AbortController();
  readonly #heard = Promise.withResolvers<"SIGINT" | "SIGTERM">();
  readonly #onInterrupt = (): void => this.#hear("SIGINT");
  readonly #onTerminate = (): void => this.#hear("SIGTERM");

  constructor() {
    Deno.addSignalListener("SIGINT", this.#onInterrupt);
    Deno.addSignalListener("SIGTERM", this.#onTerminate);
  }

  #hear(signal: "SIGINT" | "SIGTERM"): void {
    this.#heard.resolve(signal);
    this.#controller.abort();
  }

  /** Aborted by the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Resolves with the first signal. */
  get heard(): Promise<"SIGINT" | "SIGTERM"> {
    return this.#heard.promise;
  }

  [Symbol.dispose](): void {
    Deno.removeSignalListener("SIGINT", this.#onInterrupt);
    Deno.removeSignalListener("SIGTERM", this.#onTerminate);
  }
}

/**
 * SIGHUP asks for the configuration to be read again; Windows does not have it. One that comes
 * while it is being read has it read once more after that, so that the newest file wins.
 */
export function onReload(action: () => Promise<void>): Disposable {
  const isKnown = Deno.build.os !== "windows";
  let isAsked = false;
  let isRunning = false;
  const listener = async () => {
    isAsked = true;
    if (isRunning) return;
    isRunning = true;
    while (isAsked) {
      isAsked = false;
      await action();
    }
    isRunning = false;
  };
  if (isKnown) Deno.addSignalListener("SIGHUP", listener);
  return {
    [Symbol.dispose]() {
      if (isKnown) Deno.removeSignalListener("SIGHUP", listener);
    },
  };
}
