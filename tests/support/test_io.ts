import { type HwmonPlaces, SYSTEM_PLACES } from "../../src/board/hwmon/places.ts";
import { systemClock } from "../../src/clock.ts";
import type { Clock } from "../../src/clock.ts";
import type { CliIo, TerminalSize } from "../../src/cli/io.ts";

/** What a test chooses about the process around a command. */
export interface TestIoOptions {
  terminal?: TerminalSize;
  localZone?: string;
  variables?: Readonly<Record<string, string>>;
  clock?: Clock;
  places?: HwmonPlaces;
  stdin?: ReadableStream<Uint8Array>;
}

/** The process around a command of fanctl, in memory. */
export class TestIo implements CliIo {
  /** Everything printed to standard output. */
  out = "";
  /** Everything printed to standard error. */
  err = "";
  readonly clock: Clock;
  readonly places: HwmonPlaces;
  readonly #options: TestIoOptions;
  readonly #abort = new AbortController();
  #onWrite: (() => void) | null = null;

  constructor(options: TestIoOptions = {}) {
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.places = options.places ?? SYSTEM_PLACES;
  }

  stdout = (text: string): void => {
    this.out += text;
    this.#onWrite?.();
  };

  stderr = (text: string): void => {
    this.err += text;
    this.#onWrite?.();
  };

  stdin = (): ReadableStream<Uint8Array> => this.#options.stdin ?? new Blob().stream();

  terminal = (): TerminalSize | null => this.#options.terminal ?? null;

  variable = (name: string): string | undefined => this.#options.variables?.[name];

  random = (bytes: Uint8Array<ArrayBuffer>): void => {
    crypto.getRandomValues(bytes);
  };

  localZone = (): string => this.#options.localZone ?? "UTC";

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** What Ctrl-C does. */
  interrupt(): void {
    this.#abort.abort();
  }

  /** Resolves as soon as both streams together satisfy `isEnough`. */
  until(isEnough: (io: TestIo) => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#onWrite = () => {
        if (isEnough(this)) resolve();
      };
      this.#onWrite();
    });
  }
}
